"""What comes back from a page in a file: nothing of it is lost, and it is read with care."""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.config import Project
from translator.errors import InputError
from translator.formats import load
from translator.model import State
from translator.pipeline.decide import Decision, Fate, Stand
from translator.pipeline.session import Session
from translator.review.returned import LARGEST, merge, merged, place_of, read
from translator.review.server.messages import change_json
from translator.review.standalone import page

POST = """# 标题

第一句话。第二句话。第三句话。

- 第四句话。

第五句话。第六句话。
"""
EN = ("Title", "One.", "Two.", "Three.", "Four.", "Five.", "Six.")


class Site:
    """A project with a post of seven sentences."""

    def __init__(self, root, text=POST):
        self.root, self.path = Path(root), Path(root) / "posts" / "zh.md"
        self.path.parent.mkdir()
        (self.root / "duizhao.yaml").write_text("", encoding="utf-8")
        self.path.write_bytes(text.encode())
        self.post = self.open()

    def open(self):
        (post,) = Session(Project.of(self.path), [self.path]).posts
        return post

    def page(self):
        post = self.open()
        return page(post, place_of(Project.of(self.path), self.path))

    def entries(self):
        return {entry.source: entry for entry in self.open().outcome.entries}

    def decide(self, **said):
        """Decide by number of the sentence: `n0="…"` approves a text."""
        post = self.open()
        entries = post.outcome.entries
        chosen = [(entries[int(name[1:])], text) for name, text in said.items()]
        return post.decide([decision(entry, text) for entry, text in chosen])

    def write(self, decisions, name="back.html", **more):
        """Write what a person sends: the page with decisions in it."""
        html = self.sent if hasattr(self, "sent") else self.page()
        told = json.loads(re.search(r'id="returned">(.*?)</script>', html, re.DOTALL)[1])
        told["decisions"] = [
            {"id": f"d{n}", "at": n, "sent": False, **change_json(one)} for n, one in enumerate(decisions)
        ]
        told |= more
        text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
        path = self.root / name
        whole = re.sub(r'(id="returned">).*?(</script>)', lambda m: m[1] + text + m[2], html, count=1, flags=re.DOTALL)
        path.write_text(whole if name.endswith("html") else json.dumps(told), encoding="utf-8")
        return path


def decision(entry, text, state=State.APPROVED, **more):
    after = Stand(text, state if text else State.UNTRANSLATED, "person" if text else "", **more)
    return Decision(entry.key, entry.source, Stand.of(entry), after)


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Seed\n")
    return Site(tmp_path)


# ── Merging ──


@pytest.mark.parametrize("name", ["back.html", "back.review.json"])
def test_decisions_come_into_the_record(site, name):
    entries = site.open().outcome.entries
    path = site.write(
        [decision(entries[1], "First, <b>.", by="Lin"), decision(entries[2], "Second.", State.DRAFT)], name
    )
    assert merge(path, [site.path]) == [f"{path} → {site.path}: 2 segments decided", "2 taken"]
    now = site.entries()
    assert (now["第一句话。"].target, now["第一句话。"].state, now["第一句话。"].by) == (
        "First, <b>.",
        State.APPROVED,
        "Lin",
    )
    assert (now["第二句话。"].target, now["第二句话。"].state) == ("Second.", State.DRAFT)
    before = site.path.with_name("en.po").read_bytes()
    assert merge(path, [site.path])[1:] == ["2 the same already"]
    assert site.path.with_name("en.po").read_bytes() == before


def test_a_page_signs_with_its_persons_name(site):
    entry = site.open().outcome.entries[1]
    merge(site.write([decision(entry, "First.")], person="Lin Wei"), [site.path])
    merge(site.write([decision(site.open().outcome.entries[2], "Second.")], "b.html"), [site.path])
    now = site.entries()
    assert (now["第一句话。"].by, now["第二句话。"].by) == ("Lin Wei", "Seed")


def test_both_texts_of_a_conflict_are_kept_and_shown(site):
    site.sent = site.page()
    path = site.write([decision(site.open().outcome.entries[1], "Theirs.")])
    site.decide(n1="Ours.")
    lines = merge(path, [site.path])
    assert "    here: Ours." in lines
    assert "    page: Theirs." in lines
    now = site.entries()["第一句话。"]
    assert (now.state, {now.target, now.other}) == (State.CONFLICT, {"Ours.", "Theirs."})
    before = site.path.with_name("en.po").read_bytes()
    assert merge(path, [site.path])[1:] == ["1 the same already"]
    assert site.path.with_name("en.po").read_bytes() == before


def test_a_text_for_a_sentence_that_changed_is_stale(site):
    site.decide(n4="Old four.")
    site.sent = site.page()
    path = site.write([decision(site.open().outcome.entries[4], "New four.")])
    site.path.write_bytes(POST.replace("第四句话。", "第四句话变了。").encode())
    result = merged(read(path), [site.path])
    (entry,) = (e for e in site.open().outcome.entries if "变了" in e.source)
    assert [r.fate for _, r, _ in result.fates] == [Fate.STALE]
    assert (entry.target, entry.state, entry.former) == ("New four.", State.STALE, "第四句话。")
    before = site.path.with_name("en.po").read_bytes()
    assert merge(path, [site.path])[1:] == ["1 the same already"]
    assert site.path.with_name("en.po").read_bytes() == before


def test_what_is_no_longer_there_is_listed_and_left_in_a_file(site):
    site.sent = site.page()
    entries = site.open().outcome.entries
    path = site.write([decision(entries[4], "Four."), decision(entries[1], "One.")])
    site.path.write_bytes(POST.replace("- 第四句话。\n\n", "").encode())
    lines = merge(path, [site.path])
    assert "1 taken" in lines
    assert "1 not taken:" in lines
    assert "    page: Four." in lines
    left = site.root / "back.left.json"
    assert lines[-1] == f"what was not taken is in {left}, which `--merge` reads too"
    assert [d.after.target for d in read(left).decisions] == ["Four."]
    site.path.write_bytes(POST.encode())
    assert "1 taken" in merge(left, [site.path])
    assert site.entries()["第四句话。"].target == "Four."


def test_the_post_is_found_by_its_place(site, tmp_path):
    other = tmp_path / "posts" / "b"
    other.mkdir()
    (other / "zh.md").write_bytes(POST.encode())
    path = site.write([decision(site.open().outcome.entries[1], "One.")])
    assert merged(read(path), [other / "zh.md", site.path]).post == site.path
    assert merged(read(path), [other / "zh.md"]).post == other / "zh.md"
    third = tmp_path / "posts" / "c"
    third.mkdir()
    (third / "zh.md").write_bytes(POST.encode())
    with pytest.raises(InputError, match="it may be of any of"):
        merged(read(path), [other / "zh.md", third / "zh.md"])
    (third / "foo.md").write_bytes(POST.encode())
    with pytest.raises(InputError, match=re.escape("it is of posts/zh.md, which is not among the posts")):
        merged(read(path), [third / "foo.md"])


TEXTS = st.sampled_from(["", "A.", "B.", "**C** <x>.", "⤴"])
SENTENCES = ["第一句话。", "第二句话。", "第三句话。", "第四句话。", "第五句话。"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), TEXTS), max_size=4),
    st.lists(
        st.tuples(st.integers(0, 4), TEXTS, st.sampled_from([State.APPROVED, State.DRAFT])), min_size=1, max_size=5
    ),
    st.lists(st.tuples(st.integers(0, 4), TEXTS), max_size=4),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["gone", "changed"])), max_size=2),
)
def test_nothing_is_lost(before, page_says, meanwhile, author):
    with TemporaryDirectory() as folder:
        site = Site(folder, "\n\n".join(SENTENCES) + "\n")
        site.decide(**{f"n{n}": text for n, text in before if text != "⤴"})
        site.sent = site.page()
        entries = site.open().outcome.entries
        decided = {n: (text, state) for n, text, state in page_says if text != "⤴" or state is State.APPROVED}
        path = site.write(
            [decision(entries[n], text, State.JOINED if text == "⤴" else state) for n, (text, state) in decided.items()]
        )
        site.decide(**{f"n{n}": text for n, text in meanwhile if text != "⤴"})
        changes = dict(author)
        said = [
            s if n not in changes else s.replace("句", "段")
            for n, s in enumerate(SENTENCES)
            if changes.get(n) != "gone"
        ]
        site.path.write_bytes(("\n\n".join(said) + "\n").encode())
        site.open()
        lines = merge(path, [site.path])
        record = load((site.path.parent / "en.po").read_text(encoding="utf-8"), None)
        held = {text for e in (*record.entries, *record.obsolete) for text in (e.target, e.other)}
        told = "\n".join(lines)
        for text, _ in decided.values():
            assert not text or text in held or f"page: {text}" in told or text == "⤴"
        both = (site.path.with_name("en.po").read_bytes(), site.path.with_name("en.md").read_bytes())
        merge(path, [site.path])
        assert (site.path.with_name("en.po").read_bytes(), site.path.with_name("en.md").read_bytes()) == both


# ── Reading ──


def broken(site, change):
    path = site.write([decision(site.open().outcome.entries[1], "One.")])
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-3000], "cut off"),
        (lambda text: text[: text.index('id="returned">') + 40], "cut off"),
        (lambda _: "<!doctype html><html><body>hello</body></html>", "this is no page that"),
        (lambda _: "", "it is no review page and no changes of one"),
        (lambda _: '{"kind": "else"}', "this is no page that"),
        (lambda _: "[1, 2]", "it is no review page and no changes of one"),
        (lambda text: text.replace('"version": 1, "page"', '"version": 9, "page"'), "another version of duizhao"),
        (lambda text: text.replace('"page": {', '"paper": {'), "does not say which post"),
        (lambda text: text.replace('"decisions": [{', '"decisions": [{"evil": 1, '), "is broken: .*evil"),
        (lambda text: text.replace('"state": "approved"', '"state": "wonderful"'), "is broken: .*must be one of"),
        (lambda text: text.replace('"kind": "duizhao review"', '"kind": "", "x": [[[[[[[1]]]]]]]'), "nested"),
    ],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_refused(site, change, message):
    path = broken(site, change)
    before = set(site.path.parent.iterdir())
    with pytest.raises(InputError, match=message):
        merge(path, [site.path])
    assert set(site.path.parent.iterdir()) == before


def test_what_is_too_large_or_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read(tmp_path / "nothing.html")
    with (tmp_path / "large.html").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(InputError, match="at most 100,000,000"):
        read(tmp_path / "large.html")
    (tmp_path / "bytes.html").write_bytes(b"<html>\xff</html>")
    with pytest.raises(InputError, match="not UTF-8, at byte 6"):
        read(tmp_path / "bytes.html")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(data):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.html"
        path.write_bytes(data)
        with pytest.raises(InputError):
            read(path)


def test_the_command_says_what_became_of_it(site):
    path = site.write([decision(site.open().outcome.entries[1], "One.")])
    command = [sys.executable, "-m", "translator", "review", str(site.path), "--merge", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout.splitlines()[1:]) == (0, ["1 taken"]), run.stderr
    path.write_text("no", encoding="utf-8")
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 2
    assert run.stderr.startswith(f"duizhao: {path}: it is no review page")
