"""The life of a post: an author, a translator, other programs and ours all write, in any order."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import polib

from translator.errors import DuizhaoError, InputError
from translator.formats import load
from translator.markdown import parse, skeleton
from translator.model import JOINED, Abilities, Answer, Candidate, State
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options, approve, publish

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = re.compile(r"(?:Hand|Draft)\d+z")
HEADS = [
    "",
    "---\ntitle: 题目一\ndate: 2020-01-01\ntags: [甲, 乙]\n---\n\n",
    "---\ntitle: '题目一'\n---\n",
    '+++\ntitle = "题"\n+++\n',
]
BLOCKS = [
    "{}{}{}",
    "{}",
    "# {}",
    "## {}",
    "- {}\n- {}{}",
    "1. {}\n\n   {}",
    "> {}\n> {}",
    "> - {}\n> - {}",
    "| 甲 | 乙 |\n|---|---|\n| {} | {} |",
    "```\n{}\n```",
    "<div>\n{}\n</div>",
    "<!-- 注 -->",
    "**{}**{}",
    '{}[链接](a.md "题"){}',
    "![图](a.png){}",
    "{}\n{}",
    "---",
    "$$\nx\n$$",
    "- [ ] {}\n  - {}\n\n    {}",
    "::: tip 题\n{}\n:::",
]
SENTENCES = [
    "我们去花园看花。",
    "花开得很好！",
    "然后回家。",
    "好。",
    "这是`码`和**粗**字。",
    "他说：“走吧。”",
    "一；二。",
]


class Numbered:
    """Answers each job with a text that nobody has seen before, its marks in order."""

    name = "numbered"
    signature = "numbered"
    abilities = Abilities(hints=True)

    def __init__(self):
        self.count = 0

    def draft(self, jobs, _):
        return ((n, Answer((Candidate(self.english(job), -0.5),))) for n, job in enumerate(jobs))

    def english(self, job):
        self.count += 1
        return f"Draft{self.count}z " + "".join(re.findall(r"</?[tx]\d+>", job.text)).replace("><", "> and <") + "."


class Life:
    """A post and everything that may happen to it; `expected` is what no program may lose."""

    def __init__(self, root: Path, head: int, newline: str, mark: str, last: bool):
        self.root, self.post = root, root / "zh.md"
        self.english, self.record = root / "en.md", root / "en.po"
        (root / "duizhao.yaml").write_text("author: Seed\n")
        self.newline, self.mark, self.last, self.head = newline, mark, last, HEADS[head % len(HEADS)]
        self.blocks: list[str] = []
        self.engine = Numbered()
        self.expected: set[str] = set()
        self.good = ""
        """The English as our program left it."""
        self.hands = self.written = 0
        for n in range(3):
            self.insert(n, n)
        self.save()

    # ── The author ──

    def sentence(self, n: int) -> str:
        self.written += 1
        return SENTENCES[n % len(SENTENCES)] if n % 3 else f"第{self.written}句写在这里。"

    def insert(self, a: int, b: int) -> None:
        form = BLOCKS[a % len(BLOCKS)]
        self.blocks.insert(
            b % (len(self.blocks) + 1), form.format(*(self.sentence(a + b + n) for n in range(form.count("{}"))))
        )

    def delete(self, a: int, _: int) -> None:
        if self.blocks:
            del self.blocks[a % len(self.blocks)]

    def move(self, a: int, b: int) -> None:
        if self.blocks:
            block = self.blocks.pop(a % len(self.blocks))
            self.blocks.insert(b % (len(self.blocks) + 1), block)

    def change(self, a: int, b: int) -> None:
        if self.blocks:
            n = a % len(self.blocks)
            old = SENTENCES[b % len(SENTENCES)]
            new = (
                self.blocks[n].replace(old, "大" + old, 1)
                if old in self.blocks[n]
                else self.blocks[n].replace("这里", "那边")
            )
            self.blocks[n] = new

    def add_sentence(self, a: int, b: int) -> None:
        if self.blocks and self.blocks[a % len(self.blocks)].endswith("。"):
            self.blocks[a % len(self.blocks)] += self.sentence(b)

    def retitle(self, a: int, _: int) -> None:
        self.head = HEADS[a % len(HEADS)]

    def save(self) -> None:
        text = self.head + "\n\n".join(self.blocks) + ("\n" if self.last else "")
        self.post.write_bytes((self.mark + text.replace("\n", self.newline)).encode())

    # ── A person in the English ──

    def hand(self) -> str:
        self.hands += 1
        return f"Hand{self.hands}z"

    def _retouch(self, text: str) -> None:
        before = self.english.read_bytes().decode()
        self.expected -= set(TOKEN.findall(before)) - set(TOKEN.findall(text))
        self.expected |= set(re.findall(r"Hand\d+z", text)) - set(re.findall(r"Hand\d+z", before))
        self.english.write_bytes(text.encode())

    def edit_english(self, a: int, b: int) -> None:
        if self.english.exists():
            text = self.english.read_bytes().decode()
            if found := [*TOKEN.finditer(text)]:
                spot = found[a % len(found)]
                new = self.hand() + ["", " and more", ". Two sentences", "; two", " **x"][b % 5]
                self._retouch(text[: spot.start()] + new + text[spot.end() :])

    def edit_line(self, a: int, _: int) -> None:
        """Rewrite a whole line, whatever stands there."""
        self._lines(a, lambda lines, n: lines.__setitem__(n, self.hand()))

    def split(self, a: int, _: int) -> None:
        if self.english.exists():
            text = self.english.read_bytes().decode()
            spots = [found.end() for found in re.finditer(r"z [^\n]", text)]
            if spots:
                at = spots[a % len(spots)] - 1
                self._retouch(text[:at] + self.newline * 2 + text[at:])

    def add_line(self, a: int, b: int) -> None:
        form = ["{}", "- {}", "# {}", "> {}", "```", "", "| {} |"][b % 7]
        self._lines(a, lambda lines, n: lines.insert(n, form.format(self.hand())))

    def remove_line(self, a: int, _: int) -> None:
        self._lines(a, lambda lines, n: lines.pop(n))

    def swap_lines(self, a: int, _: int) -> None:
        self._lines(a, lambda lines, n: lines.insert(0, lines.pop(n)))

    def _lines(self, a: int, change) -> None:
        if self.english.exists():
            lines = self.english.read_bytes().decode().split(self.newline)
            change(lines, a % len(lines))
            self._retouch(self.newline.join(lines))

    def empty_english(self, _: int, __: int) -> None:
        if self.english.exists():
            self.expected -= set(TOKEN.findall(self.english.read_text())) - self._recorded()
            self.english.write_bytes(b"")

    def delete_english(self, _: int, __: int) -> None:
        if self.english.exists():
            self.expected -= set(TOKEN.findall(self.english.read_text())) - self._recorded()
            self.english.unlink()

    # ── A person, or another program, in the record ──

    def _recorded(self) -> set[str]:
        return set(TOKEN.findall(self.record.read_text())) if self.record.exists() else set()

    def _po(self, a: int, change, *, live: bool = True) -> None:
        if self.record.exists():
            po = polib.pofile(str(self.record), wrapwidth=0)
            some = [entry for entry in po if not (live and entry.obsolete)]
            if some:
                before = self._recorded()
                change(po, some[a % len(some)])
                po.save(str(self.record), newline="")
                now = self._recorded()
                self.expected -= before - now
                self.expected |= {token for token in now - before if token.startswith("Hand")}

    def edit_record(self, a: int, b: int) -> None:
        def change(_, entry):
            entry.msgstr = ["{}.", "# {}", "> {}", "{}\n\nb", "{} **", "<div>{}", "{} `", "- {}", "[{}](x)", "{}"][
                b % 10
            ].format(self.hand())
            if b % 2 and entry.fuzzy:
                entry.flags.remove("fuzzy")

        self._po(a, change)

    def unflag(self, a: int, _: int) -> None:
        def change(_, entry):
            self.expected -= set(TOKEN.findall(entry.comment))  # of a conflict, the record's text is taken
            entry.flags.clear()

        self._po(a, change)
        self._approved()

    def clear(self, a: int, _: int) -> None:
        def change(_, entry):
            self.expected -= set(TOKEN.findall(entry.msgstr))
            entry.msgstr = ""

        self._po(a, change)

    def join(self, a: int, _: int) -> None:
        def change(_, entry):
            self.expected -= set(TOKEN.findall(entry.msgstr))
            entry.msgstr = JOINED

        self._po(a, change)

    def shuffle(self, a: int, b: int) -> None:
        self._po(a, lambda po, entry: (po.remove(entry), po.insert(b % (len(po) + 1), entry)))

    def rekey(self, a: int, _: int) -> None:
        self._po(a, lambda po, entry: setattr(entry, "msgctxt", po[0].msgctxt))

    def double(self, a: int, _: int) -> None:
        self._po(a, lambda po, entry: po.insert(0, entry))

    def lose(self, a: int, _: int) -> None:
        """Drop an entry: what the English file says of it still stands there."""
        english = set(TOKEN.findall(self.english.read_text())) if self.english.exists() else set()
        was = self.expected & english
        self._po(a, lambda po, entry: po.remove(entry))
        self.expected |= was

    def behead(self, _: int, __: int) -> None:
        self._po(0, lambda po, _: po.metadata.clear())

    def delete_record(self, _: int, __: int) -> None:
        if self.record.exists():
            shown = set(TOKEN.findall(self.english.read_text())) if self.english.exists() else set()
            self.expected &= shown
            self.record.unlink()

    # ── Our own verbs ──

    def _approved(self) -> None:
        if self.record.exists() and self.english.exists():
            done = [entry for entry in load(self.record.read_text()).entries if entry.state.is_done]
            shown = set(TOKEN.findall(self.english.read_text()))
            self.expected |= {token for entry in done for token in TOKEN.findall(entry.target)} & shown

    def approve(self, a: int, b: int) -> None:
        if self.record.exists():
            self.run()
            entries = load(self.record.read_text()).entries
            keys = [entries[a % len(entries)].key] if entries else []
            approve(self.post, keys, clean=b % 3 == 1, everything=b % 3 == 2)
            self._approved()

    def take(self, _: int, b: int) -> None:
        if self.record.exists():
            self.run()
            which = ["english", "record"][b % 2]
            for entry in load(self.record.read_text()).entries:
                if entry.state is State.CONFLICT:
                    self.expected -= set(TOKEN.findall(entry.target if which == "english" else entry.other))
            approve(self.post, everything=True, take=which)
            self._approved()

    def undo(self, _: int, __: int) -> None:
        if self.record.exists():
            self.run()
            approve(self.post, everything=True, undo=True)
            self.expected -= {token for token in self.expected if token.startswith("Draft")}

    def force(self, _: int, __: int) -> None:
        self.run(force=True)

    def publish(self, _: int, __: int) -> None:
        with suppress(DuizhaoError):  # conflicts
            publish(self.post, allow_untranslated=True)

    def run(self, *, force: bool = False):
        options = Options(memory=False, force=force)
        try:
            (report,) = translate_posts([self.post], self.engine, options)
        except InputError as error:
            assert error.path == self.english  # noqa: PT017  # whoever broke its front matter is told, and mends it
            self._retouch(self.good)
            (report,) = translate_posts([self.post], self.engine, options)
        self.good = self.english.read_bytes().decode()
        self.check(report)
        return report

    # ── What must hold ──

    def check(self, report) -> None:
        english, record = self.english.read_bytes(), self.record.read_bytes()
        here = set(TOKEN.findall(english.decode() + record.decode()))
        assert self.expected <= here, f"lost: {sorted(self.expected - here)}"
        entries = load(record.decode()).entries
        segments = report.outcome.post.segments
        assert [entry.source for entry in entries] == [segment.source for segment in segments]
        keys = [entry.msgctxt for entry in polib.pofile(str(self.record))]
        assert len(set(keys)) == len(keys)
        assert all(keys)
        if not report.outcome.learnt.kept and report.outcome.learnt.front is None:
            assert skeleton(parse(english.decode())) == skeleton(parse(self.post.read_bytes().decode()))
        list(translate_posts([self.post], self.engine, Options(memory=False)))
        assert self.english.read_bytes() == english
        assert self.record.read_bytes() == record


AUTHOR = ["insert", "delete", "move", "change", "add_sentence", "retitle"]
PERSON = ["edit_english", "edit_record", "unflag", "clear", "join"]
SHAPER = ["edit_line", "split", "add_line", "remove_line", "swap_lines", "empty_english"]
OTHERS = ["shuffle", "rekey", "double", "lose", "behead", "delete_record", "delete_english"]
OURS = ["approve", "take", "undo", "force", "publish"]
