"""Both files are whole at every moment: killed, interrupted, on a full disk, beside other runs."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from pipeline_site import POST, Site, Toy
from post_life import TOKEN

from translator.config import Project
from translator.errors import DuizhaoError, InputError
from translator.formats import load
from translator.markdown import parse, skeleton
from translator.model import State
from translator.pipeline import files
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options, approve, pair_of

HERE = Path(__file__).parent
STEPS = 24
"""More than twice the steps of a run."""
CHANGE = ("花开得很好！", "花开得不好！")


class Killed(BaseException):
    """The program ends here."""


def steps(monkeypatch, at):
    """Let the program end at a step that touches the disk: 1 is before the first, 2 behind it, and so on."""
    taken, number, late = [], (at + 1) // 2, at % 2 == 0

    def stepping(original, *, behind):
        def step(*args, **named):
            taken.append(original)
            if len(taken) == number and not behind:
                raise Killed
            result = original(*args, **named)
            if len(taken) == number:
                raise Killed
            return result

        return step

    monkeypatch.setattr(Path, "replace", stepping(Path.replace, behind=late))
    monkeypatch.setattr(files.os, "fsync", stepping(os.fsync, behind=late))
    monkeypatch.setattr(files, "read_if_there", stepping(files.read_if_there, behind=late))
    monkeypatch.setattr(files.tempfile, "mkstemp", stepping(tempfile.mkstemp, behind=late))
    return taken


def after(tmp_path, name, edit=None, kill=0):
    """Give a site where a run was killed at a step, and what both files were before it."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "duizhao.yaml").write_text("author: Seed\n")
    site = Site(folder)
    site.run()
    before = site.both()
    site.edit(site.post, CHANGE)
    if edit:
        site.edit(site.english, edit)
    with pytest.MonkeyPatch.context() as patch:
        taken = steps(patch, kill)
        try:
            site.run()
        except Killed:
            assert len(taken) == (kill + 1) // 2
    return site, before


def test_killed_at_any_step_both_files_are_old_or_new(tmp_path):
    whole, before = after(tmp_path, "whole")
    done = whole.both()
    seen = set()
    for kill in range(1, STEPS):
        site, _ = after(tmp_path, f"k{kill}", kill=kill)
        assert site.english.read_bytes() in {before[0], done[0]}
        assert site.record.read_bytes() in {before[1], done[1]}
        seen.add((site.english.read_bytes() == done[0], site.record.read_bytes() == done[1]))
        site.run()
        assert site.both() == done
        assert not site.run().changed
        assert not [path for path in site.root.rglob("*") if path.suffix in {".tmp", ".json"}]
    assert seen == {(False, False), (False, True), (True, True)}


def test_killed_at_any_step_a_persons_edit_stands(tmp_path):
    draft = Site(tmp_path).entries()["我们去花园看花。"].target
    for kill in range(1, STEPS):
        site, _ = after(tmp_path, f"k{kill}", (draft, "By hand."), kill)
        entry = site.entries()["我们去花园看花。"]
        assert (entry.target, entry.state) == ("By hand.", State.APPROVED)
        assert "By hand." in site.english.read_text()


def test_what_a_person_does_between_a_kill_and_the_next_run_stands(tmp_path):
    for kill in range(1, STEPS):
        site, _ = after(tmp_path, f"k{kill}", kill=kill)
        entries = load(site.record.read_text()).entries
        first = next(entry for entry in entries if entry.source == "我们去花园看花。")
        third = next(entry for entry in entries if entry.source == "然后我们回家。")
        site.edit(site.english, (first.target, "By hand in the English."))
        if kill % 4 < 2:
            site.edit(site.record, (f'msgstr "{third.target}"', 'msgstr "By hand in the record."'))
        entries = site.entries()
        assert entries["我们去花园看花。"].target == "By hand in the English."
        assert kill % 4 > 1 or entries["然后我们回家。"].target == "By hand in the record."
        assert entries["花开得不好！"].target
        assert not site.run().changed


def test_a_paragraph_that_came_before_a_kill_comes_once(tmp_path, monkeypatch):
    """A person edits the English that was written before the announcement was taken away, or the one before."""
    monkeypatch.setitem(globals(), "CHANGE", ("> 引用里", "新的一段话。\n\n> 引用里"))
    for kill in range(15, STEPS):  # the writes
        site, _ = after(tmp_path, f"k{kill}", kill=kill)
        first = load(site.record.read_text()).entries[1]
        site.edit(site.english, (first.target, "By hand."))
        site.run()
        assert skeleton(parse(site.english.read_text())) == skeleton(parse(site.post.read_text())), kill
        assert site.english.read_text().count("By hand.") == 1
        assert not site.run().changed


@pytest.mark.parametrize("said", ["", "{", "[]", "1", "null", '{"record": 1}', "\udc80"])
def test_an_announcement_that_says_nothing_is_none(tmp_path, said):
    site = Site(tmp_path)
    site.run()
    before = site.both()
    pending = pair_of(Project.of(site.post), site.post).pending
    pending.write_bytes(said.encode("utf-8", "surrogateescape"))
    assert not site.run().changed
    assert site.both() == before
    assert not pending.exists()


def test_a_first_write_that_was_cut_off_beside_a_persons_file(tmp_path):
    site = Site(tmp_path)
    site.run()
    english, record = site.english.read_text(), site.record.read_text()
    pair = pair_of(Project.of(site.post), site.post)
    site.english.write_text(english.replace("# ", "# By hand ", 1))
    plan = {"english before": None, "record before": None, "english": english, "record": record}
    pair.pending.write_text(json.dumps(plan))
    entry = next(entry for entry in site.run().outcome.entries if entry.source == "第一章")
    assert entry.target.startswith("By hand ")


# ── The world ──


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    site = Site(tmp_path)

    def refuse(**named):
        raise PermissionError(13, "Permission denied", str(named["dir"]))

    monkeypatch.setattr(files.tempfile, "mkstemp", refuse)
    with pytest.raises(InputError, match="cannot be written"):
        site.run()
    assert not site.english.exists()
    assert not site.record.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path):
    site = Site(tmp_path)
    site.run()
    before = site.both()
    site.edit(site.post, CHANGE)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            site.run()
        assert site.both() == before
    finally:
        tmp_path.chmod(0o755)
    assert site.run().changed


FULL = """
import resource, signal, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from pipeline_site import Toy
from translator.errors import DuizhaoError
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
try:
    list(translate_posts([Path({post!r})], Toy(), Options(memory=False)))
except DuizhaoError as error:
    print(error)
    sys.exit(2)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of this kind are POSIX")
@pytest.mark.parametrize("size", [300, 1500, 3000])
def test_a_full_disk(tmp_path, size):
    (tmp_path / "duizhao.yaml").write_text("author: Seed\n")
    site = Site(tmp_path)
    site.run()
    before = site.both()
    site.edit(site.post, CHANGE)
    script = FULL.format(here=str(HERE), size=size, post=str(site.post))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stdout
    assert site.both() == before
    assert not list(tmp_path.glob(".*.tmp"))
    site.run()
    assert "花开得不好！" in site.record.read_text()


def test_a_post_that_is_replaced_while_it_is_translated(tmp_path):
    site = Site(tmp_path)

    class Meanwhile(Toy):
        def draft(self, jobs, meter):
            site.edit(site.post, CHANGE)
            yield from super().draft(jobs, meter)

    report = site.run(Meanwhile())
    entries = {entry.source: entry for entry in report.outcome.entries}
    assert entries["花开得不好！"].state is State.UNTRANSLATED
    assert entries["我们去花园看花。"].target
    assert {entry.state for entry in site.run().outcome.entries} == {State.DRAFT}


def test_english_that_is_edited_while_it_is_translated(tmp_path):
    site = Site(tmp_path)
    target = site.entries()["我们去花园看花。"].target

    class Meanwhile(Toy):
        def draft(self, jobs, meter):
            site.edit(site.english, (target, "By hand, meanwhile."))
            yield from super().draft(jobs, meter)

    site.edit(site.post, CHANGE)
    report = site.run(Meanwhile())
    assert "By hand, meanwhile." in site.english.read_text()
    assert next(e for e in report.outcome.entries if e.source == "花开得不好！").target


def test_files_that_go_on_changing_are_given_up(tmp_path, monkeypatch):
    site = Site(tmp_path)
    site.run()
    site.edit(site.post, CHANGE)
    original = files.Pair.replace

    def meddling(pair, before, changed):
        site.english.write_text(site.english.read_text() + "x")
        return original(pair, before, changed)

    monkeypatch.setattr(files.Pair, "replace", meddling)
    with pytest.raises(DuizhaoError, match="changed by another program"):
        site.run()


# ── Real processes ──

AUTHOR = """
import os, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from post_life import Numbered
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options
post, engine = Path({post!r}), Numbered()
engine.count = {first}
for n in range({first}, {first} + 1000):
    text = post.read_text().rstrip().split("\\n\\n")
    text[1 + n % (len(text) - 1)] = f"第{{n}}次改的一段话。后面还有一句。"
    if n % 5 == 0:
        text.insert(2, f"新的第{{n}}段。")
    if n % 7 == 0 and len(text) > 6:
        del text[4]
    beside = post.with_suffix(".new")
    beside.write_text("\\n\\n".join(text) + "\\n")
    os.replace(beside, post)
    list(translate_posts([post], engine, Options(memory=False)))
    print(n, flush=True)
"""


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_killed_at_random_moments(tmp_path):
    (tmp_path / "duizhao.yaml").write_text("author: Seed\n")
    site = Site(tmp_path, "# 开始\n\n" + "\n\n".join(f"第{n}段在这里。还有一句。" for n in range(12)) + "\n")
    chance, hands = random.Random(1), set()  # noqa: S311  # moments, not secrets
    list(translate_posts([site.post], Toy(), Options(memory=False)))
    torn = 0
    for kill in range(80):
        script = AUTHOR.format(here=str(HERE), post=str(site.post), first=1000 * (kill + 1))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(chance.random() * 0.12)
            child.send_signal(signal.SIGKILL)
        english, record = site.english.read_text(), site.record.read_text()
        torn += pair_of(Project.of(site.post), site.post).pending.exists()
        entries = load(record).entries
        assert entries
        assert english.endswith("\n")
        assert len(parse(english).blocks) >= 5
        assert all(hand in english + record for hand in hands)
        found = TOKEN.findall(english)
        if found and chance.random() < 0.7:  # a person goes on where the program died
            spot, hand = chance.choice(found), f"Hand{kill}z"
            site.english.write_text(english.replace(spot, hand, 1))
            if spot in hands:
                hands.discard(spot)
            hands.add(hand)
        list(translate_posts([site.post], Toy(), Options(memory=False)))
        assert all(hand in site.english.read_text() + site.record.read_text() for hand in hands)
        assert skeleton(parse(site.english.read_text())) == skeleton(parse(site.post.read_text()))
        before = site.both()
        list(translate_posts([site.post], Toy(), Options(memory=False)))
        assert site.both() == before
    assert torn, "no kill hit a write"
    assert not list(tmp_path.glob(".*.tmp"))


TOGETHER = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
from post_life import Numbered
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options, approve
engine = Numbered()
engine.count = {first}
for n in range(6):
    posts = [Path(post) for post in {posts!r}]
    list(translate_posts(posts, engine, Options(force=True)))
    if {first} == 0:
        for post in posts:
            approve(post, clean=True)
"""


def test_two_runs_at_once(tmp_path):
    (tmp_path / "duizhao.yaml").write_text("author: Seed\n")
    (tmp_path / "glossary").mkdir()
    posts = []
    for n in range(4):
        post = tmp_path / f"p{n}" / "zh.md"
        post.parent.mkdir()
        post.write_text(POST)
        posts.append(str(post))
    shares = [(posts, 0), (posts[1:], 1000), ([posts[0], *posts[2:]], 2000)]
    scripts = [TOGETHER.format(here=str(HERE), posts=some, first=first) for some, first in shares]
    running = [
        subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for script in scripts
    ]
    for child in running:
        _, said = child.communicate(timeout=120)
        assert child.returncode == 0, said
    for post in map(Path, posts):
        english, record = post.with_name("en.md"), post.with_name("en.po")
        entries = load(record.read_text()).entries
        assert all(entry.target in english.read_text() for entry in entries)
        before = english.read_bytes(), record.read_bytes()
        list(translate_posts([post], Toy(), Options(memory=False)))
        assert (english.read_bytes(), record.read_bytes()) == before
    assert not list(tmp_path.rglob("*.tmp"))


def test_approvals_beside_a_run_are_kept(tmp_path):
    site = Site(tmp_path)
    key = site.entries()["我们去花园看花。"].key

    class Meanwhile(Toy):
        def english(self, job):
            if "花园" in job.text:
                approve(site.post, [key])
            return "Other " + super().english(job)

    report = site.run(Meanwhile(), force=True)
    entries = {entry.source: entry for entry in report.outcome.entries}
    assert entries["我们去花园看花。"].state is State.APPROVED
    assert not entries["我们去花园看花。"].target.startswith("Other")
    assert entries["花开得很好！"].target.startswith("Other")
