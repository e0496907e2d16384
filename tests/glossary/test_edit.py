"""A glossary is edited as by hand: what is asked for changes, everything else stays, and there is a way back."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.glossary import parse
from translator.glossary.edit import (
    add_term,
    add_words,
    approve_terms,
    merge_terms,
    remove_term,
    remove_words,
    rename_term,
    set_field,
)
from translator.glossary.yaml_edit import needs_quotes, spell
from translator.model import Term
from translator.splice import splice
from translator.text import fold

HERE = Path(__file__).parent
FOLDER = HERE.parent / "data" / "glossaries"
FILES = sorted(FOLDER.glob("*.yaml"))
EXAMPLES = re.findall(
    r"^## (.*?)\n(.*?)^-->\n(.*?)(?=^## |\Z)",
    (HERE / "edits.txt").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
REFUSED = yaml.safe_load((HERE / "edits_refused.yaml").read_text(encoding="utf-8"))
BREAK = re.compile("\r\n|\n|\r")


@cache
def text_of(path):
    return path.read_bytes().decode("utf-8")


def terms_of(text):
    return parse(text.removeprefix("\ufeff"))


def said(terms):
    return [replace(term, path=None, line=0) for term in terms]


def do(text, command):
    """Do what a command line says."""
    verb, word, *rest = (part.strip() for part in command.split("|"))
    verbs = {
        "set": lambda: set_field(text, word, rest[0], rest[1:]),
        "rename": lambda: rename_term(text, word, rest[0], keep_alias=rest[1:] == ["keep"]),
        "remove": lambda: remove_term(text, word),
        "merge": lambda: merge_terms(text, word, rest[0]),
        "put": lambda: add_words(text, word, rest[0], rest[1:]),
        "take": lambda: remove_words(text, word, rest[0], rest[1:]),
        "approve": lambda: approve_terms(text, [word]),
        "add": lambda: add_term(text, Term(word, rest[0], **eval(f"dict({''.join(rest[1:])})"))),  # noqa: S307  # our own file
    }
    return verbs[verb]()


@pytest.mark.parametrize(("title", "before", "after"), EXAMPLES, ids=[title for title, _, _ in EXAMPLES])
def test_example(title, before, after):
    before, after = (text.replace("\n(no line ending)\n", "") for text in (before, after))
    change = do(before, title)
    assert change.after == after
    assert splice(change.after, change.inverse) == before


@pytest.mark.parametrize(("name", "command", "line", "reason"), REFUSED)
def test_what_is_refused(name, command, line, reason):
    with pytest.raises(InputError) as caught:
        do(text_of(FOLDER / name) if name.endswith(".yaml") else name, command)
    assert reason in str(caught.value)
    assert caught.value.line == line


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def stretch(text, term):
    """Say from where to where a term's lines go, up to the next term's: an oracle that knows no YAML."""
    body = text.removeprefix("\ufeff")
    starts = [0, *(match.end() for match in BREAK.finditer(body))]
    following = [other.line for other in terms_of(text) if other.line > term.line]
    end = starts[following[0] - 1] if following else len(body)
    shift = len(text) - len(body)
    return starts[term.line - 1] + shift, end + shift


def is_inside(text, start, end, low, high):
    """Whether an edit stays in a term's lines; commas and empty lines around them, and a dash, are its own."""
    return not (text[min(start, low) : low] + text[high : max(end, high)]).strip(" ,-\r\n")


def holds(change):
    """Check what is true of every change: the way back, the bytes outside, the line endings."""
    before, after = change.before, change.after
    assert splice(after, change.inverse) == before
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    if before.count("\r\n") == before.count("\n") > 0:
        assert after.count("\r\n") == after.count("\n")
    old, new = [one for one, _ in change.terms if one], [one for _, one in change.terms if one]
    others = [term for term in said(terms_of(before)) if term not in said(old)]
    assert [term for term in said(terms_of(after)) if term not in said(new)] == others
    if old:
        places = [stretch(before, term) for term in old]
        for (start, end), new in change.edits:
            assert new == " []" or any(is_inside(before, start, end, *place) for place in places), (start, end, places)
    return after


@cache
def nodes_of(text):
    """Compose a text: an oracle of where scalars stand."""
    body = text.removeprefix("\ufeff")
    root = yaml.compose(body, Loader=yaml.CSafeLoader)
    listing = root.value[0][1]
    if isinstance(listing, yaml.MappingNode):
        return [dict(zip(("term", "translation"), pair, strict=True)) for pair in listing.value]
    return [{key.value: value for key, value in item.value} for item in listing.value]


def comes_back(text, n, field, new):
    """Whether a field is spelled so that setting it and setting it back gives the same bytes."""
    node = nodes_of(text)[n].get(field)
    if node is None:
        return True
    value = " ".join(node.value.split()) if isinstance(node, yaml.ScalarNode) else None
    raw = text.removeprefix("\ufeff")[node.start_mark.index : node.end_mark.index]
    raw = re.sub(r"^(?:[&!]\S*\s+)*", "", raw)
    if not value or node.tag.endswith(":null") or node.start_mark.line + 1 < terms_of(text)[n].line:
        return False
    if raw == value or raw == spell(value, '"'):
        return True
    in_flow = True  # the stricter reading
    return raw == spell(value, "'") and (needs_quotes(value) or not needs_quotes(new, in_flow=in_flow))


WORDS = [
    "新词",
    "a new one",
    "x: y",
    "#1",
    "it's",
    "- dash",
    "[a]",
    "a, b",
    "null",
    "~",
    "{",
    "“引号”",
    'say "a"',
    "a\\b",
    "*x",
]
FIELDS = ["translation", "first", "kind", "note"]
LISTS = ["aliases", "also", "forbidden", "with"]
CASES = [(path, n) for path in FILES for n in range(len(terms_of(text_of(path))))]
IDS = [f"{path.stem}-{n}" for path, n in CASES]


def attempt(verb, *arguments, **more):
    """Do it; None where it is refused for its form, which the table of refusals has examples of."""
    try:
        return verb(*arguments, **more)
    except InputError as error:
        if error.line and "cannot be edited safely" in str(error):
            return None
        raise


def go(text, n, field, value):
    """Set a field, set it back, and compare."""
    term = terms_of(text)[n]
    if {*value} & {term.translation, term.first, *term.also, *term.forbidden}:
        return
    change = attempt(set_field, text, term.term, field, value)
    if change is None:
        return
    after = holds(change)
    name = "beside" if field == "with" else field
    changed = terms_of(after)[n]
    assert getattr(changed, name) == (tuple(dict.fromkeys(value)) if field in LISTS else value[0])
    former = getattr(term, name) if field in nodes_of(text)[n] else ""
    back = set_field(after, term.term, field, [former] if isinstance(former, str) else former)
    holds(back)
    assert said(terms_of(back.after)) == said(terms_of(text))
    if comes_back(text, n, field, value[0]):
        assert back.after == text


def there_and_back(text, there, back):
    """Do a thing and its opposite; gives whether that was possible, the bytes being the same."""
    change = attempt(there, text)
    if change is None:
        return False
    after = holds(change)
    change = back(after)
    holds(change)
    assert change.after == text
    return True


FIRM = {"anchors", "explicit", "pairs", "pairs_flow"}
"""Files where an edit may be refused."""


@pytest.mark.parametrize(("path", "n"), CASES, ids=IDS)
def test_a_field_is_set_and_set_back(path, n):
    text = text_of(path)
    for i, field in enumerate(FIELDS):
        for word in WORDS[i % 3 :: 3]:
            go(text, n, field, [word])
    for field in LISTS:
        for words in (["新词"], ["a, b", "[x", "y"]):
            go(text, n, field, words)


@pytest.mark.parametrize(("path", "n"), CASES, ids=IDS)
def test_words_come_and_go(path, n):
    text, term = text_of(path), terms_of(text_of(path))[n].term
    for field in ("aliases", "forbidden"):
        for words in (["新词"], ["a, b", "[x", "it's"]):
            if field in nodes_of(text)[n] and not nodes_of(text)[n][field].value:
                continue  # an empty list, which would go
            assert (
                there_and_back(
                    text,
                    lambda text, field=field, words=words: add_words(text, term, field, words),
                    lambda text, field=field, words=words: remove_words(text, term, field, words),
                )
                or path.stem in FIRM
            )


@pytest.mark.parametrize(("path", "n"), CASES, ids=IDS)
def test_a_term_is_renamed_and_renamed_back(path, n):
    text, term = text_of(path), terms_of(text_of(path))[n]
    for new in ("新", "x: y", "it's", "# a", "a, b"):
        change = holds(rename_term(text, term.term, new))
        assert terms_of(change)[n].term == new
        back = rename_term(change, new, term.term)
        holds(back)
        assert back.after == text or not comes_back(text, n, "term", new)
    kept = terms_of(rename_term(text, term.term, "新", keep_alias=True).after)[n] if path.stem not in FIRM else None
    assert not kept or kept.aliases == (*term.aliases, term.term)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_term_is_added_and_removed(path):
    text = text_of(path)
    for term in (
        Term("新词", "a new word"),
        Term("新: 词", "it's {new}", ("a, b", "#c"), first="新 (a)", kind="person", keep=True, note="x: y " * 29 + "z"),
        Term("新", "新", keep=True),
    ):
        change = attempt(add_term, text, term)
        if change is None:
            assert path.stem in FIRM
            continue
        after = holds(change)
        assert said(terms_of(after))[-1] == term
        back = remove_term(after, term.term)
        holds(back)
        assert back.after == text or not terms_of(text)


@pytest.mark.parametrize(("path", "n"), CASES, ids=IDS)
def test_a_term_is_removed(path, n):
    text, terms = text_of(path), terms_of(text_of(path))
    change = attempt(remove_term, text, terms[n].term)
    if change is None:
        assert path.stem == "anchors"
        return
    after = holds(change)
    assert said(terms_of(after)) == said([*terms[:n], *terms[n + 1 :]])
    comments = [line for line in BREAK.split(text) if line.strip().startswith("#")]
    low, high = stretch(text, terms[n])
    inside = [line for line in BREAK.split(text[low:high]) if line.strip().startswith("#")]
    left = [line for line in BREAK.split(after) if line.strip().startswith("#")]
    assert len(left) >= len(comments) - len(inside)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_two_terms_become_one(path):
    text, terms = text_of(path), terms_of(text_of(path))
    for one in terms:
        for other in terms:
            if one is other or (change := attempt(merge_terms, text, one.term, other.term)) is None:
                assert one is other or path.stem in FIRM
                continue
            (found,) = [term for term in terms_of(holds(change)) if term.term == one.term]
            assert {other.term, *other.aliases} <= {*found.aliases}
            assert other.keep or other.translation in {found.translation, *found.also, *found.forbidden}
            assert len(terms_of(change.after)) == len(terms) - 1


# ── Files that nobody wrote ───────────────────────────────────────────────────────────────────────────────────────────


LETTERS = "甲乙丙丁戊己庚辛深度学习网络abcXYZ019 -:#'\",[]{}&*!|>%@?~`\\._/()（）：，é😀"
words = st.text(LETTERS, min_size=1, max_size=9).map(lambda word: " ".join(word.split())).filter(bool)
CHOICES = st.sampled_from


class Scribe:
    """Somebody who writes a glossary in a way of his own."""

    def __init__(self, draw):
        self.draw = draw
        self.step = draw(CHOICES(["  ", "    ", ""]))
        self.gap = draw(CHOICES([" ", "   "]))

    def scalar(self, word, depth=None):
        """Spell a word, over several lines where `depth` says how deep they would stand."""
        style = self.draw(CHOICES("pppsd" + ("fl" if depth else "")))
        flow = depth is None
        if style in "fl" and not word.startswith(" "):
            return f"{'>' if style == 'f' else '|'}-\n{' ' * depth}{word}"
        if style == "d":
            return spell(word, '"')
        return spell(word, "'" if style == "s" else "", in_flow=flow)

    def remark(self):
        return self.draw(CHOICES(["", "", "", "   # a remark: [x]"]))

    def between(self, depth):
        return self.draw(CHOICES(["", "", "", "", "\n", f"{' ' * depth}# - term: no\n", f"\n{' ' * depth}#\n\n"]))

    def flow_list(self, some):
        space, comma = self.draw(CHOICES(["", " "])), self.draw(CHOICES(["", ","]))
        return f"[{space}{', '.join(self.scalar(word) for word in some)}{comma}{space}]"

    def fields(self, term):
        found = {name: getattr(term, "beside" if name == "with" else name) for name in (*FIELDS, *LISTS)}
        found = {"term": term.term, **{name: value for name, value in found.items() if value}}
        if term.status:
            found["status"] = term.status
        return self.draw(st.permutations(list(found.items()))) if self.draw(st.booleans()) else list(found.items())

    def flow_item(self, term):
        pairs = []
        for name, value in self.fields(term):
            pairs.append(f"{name}: {self.flow_list(value) if isinstance(value, tuple) else self.scalar(value)}")
        return "{" + ", ".join(pairs) + "}"

    def block_item(self, term):
        depth = len(self.step) + 1 + len(self.gap)
        prefix, out = f"{self.step}-{self.gap}", ""
        for name, value in self.fields(term):
            if not isinstance(value, tuple):
                line = self.scalar(value, depth + 3)
                out += f"{prefix}{name}: {line}" + ("" if "\n" in line else self.remark()) + "\n"
            elif self.draw(st.booleans()):
                out += f"{prefix}{name}: {self.flow_list(value)}{self.remark()}\n"
            else:
                inner = " " * (depth + self.draw(CHOICES([0, 2])))
                out += f"{prefix}{name}:{self.remark()}\n"
                for word in value:
                    out += f"{inner}-{self.gap}{self.scalar(word, len(inner) + 4)}\n" + self.between(len(inner))
            out += self.between(depth)
            prefix = " " * depth
        return out

    def file(self, terms):
        form = self.draw(CHOICES(["block", "block", "flow", "mixed", "one line"]))
        if form == "one line":
            return f"terms: [{', '.join(self.flow_item(term) for term in terms)}]{self.remark()}\n"
        out = self.draw(CHOICES(["", "# a file\n\n", "---\n"])) + f"terms:{self.remark()}\n"
        for term in terms:
            is_flow = form == "flow" or (form == "mixed" and self.draw(st.booleans()))
            item = (
                f"{self.step}-{self.gap}{self.flow_item(term)}{self.remark()}\n" if is_flow else self.block_item(term)
            )
            out += self.between(len(self.step)) + item
        return out + self.draw(CHOICES(["", "", "# the end\n"]))


@st.composite
def glossaries(draw):
    """Make terms and a text that says them."""
    names = draw(st.lists(words, min_size=1, max_size=8, unique_by=fold))
    count = draw(st.integers(1, min(4, len(names))))
    terms = []
    for n in range(count):
        some = st.lists(words.filter(lambda word: word.lower() != "null" and word != "~"), max_size=3, unique=True)
        aliases = tuple(names[count + n :: count])
        english, also = draw(words), tuple(draw(some))
        assume(english not in {"null", "~"})
        status = draw(CHOICES(["", "", "proposed"]))
        term = Term(names[n], english, aliases, also, first=draw(CHOICES(["", "a (b)"])), kind=draw(CHOICES(["", "k"])))
        terms.append(replace(term, status=status, note=draw(CHOICES(["", "a note: yes"]))))
    text = Scribe(draw).file(terms)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = draw(CHOICES(["", "\ufeff"])) + text.replace("\n", draw(CHOICES(["\n", "\n", "\r\n"])))
    try:
        found = terms_of(text)
    except InputError:
        assume(False)
    assume(said(found) == terms)
    return text


LAW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@LAW
@given(glossaries(), st.data())
def test_generated_files_are_set_and_set_back(text, data):
    n = data.draw(st.integers(0, len(terms_of(text)) - 1))
    go(text, n, data.draw(CHOICES(FIELDS)), [data.draw(words)])
    go(text, n, data.draw(CHOICES(["also", "forbidden", "with"])), data.draw(st.lists(words, min_size=1, max_size=3)))


@LAW
@given(glossaries(), st.data())
def test_generated_files_grow_and_shrink(text, data):
    terms = terms_of(text)
    new = data.draw(words)
    known = {fold(form) for term in terms for form in (term.term, *term.aliases)}
    assume(fold(new) not in known)
    term = data.draw(CHOICES(terms))
    assert there_and_back(text, lambda text: add_term(text, Term(new, "a: b")), lambda text: remove_term(text, new))
    assert there_and_back(
        text,
        lambda text: add_words(text, term.term, "aliases", [new]),
        lambda text: remove_words(text, term.term, "aliases", [new]),
    )
    holds(rename_term(text, term.term, new, keep_alias=data.draw(st.booleans())))


@LAW
@given(glossaries(), st.data())
def test_generated_files_lose_terms(text, data):
    terms = terms_of(text)
    one, other = data.draw(CHOICES(terms)), data.draw(CHOICES(terms))
    holds(remove_term(text, one.term))
    if one is not other:
        holds(merge_terms(text, one.term, other.term))
    for word in one.aliases:
        holds(remove_words(text, one.term, "aliases", [word]))
    holds(approve_terms(text))
    holds(approve_terms(text, [other.term]))
