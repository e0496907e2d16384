"""A post in memory with given targets, checked; and what decisions make of it."""

from dataclasses import replace

from translator.glossary import Glossary
from translator.model import JOINED, State, Term
from translator.pipeline.decide import Fate, decide
from translator.pipeline.work import Means, Texts, complete, prepare

TERMS = (
    Term("模型", "model", aliases=("模子",), forbidden=("pattern",)),
    Term("大模型", "large model"),
    Term("沐神", "Mu Li", aliases=("李沐",), forbidden=("Bath God",), kind="person"),
    Term("深盟", "DMLC", kind="project"),
    Term("神经网络", "neural network", forbidden=("nerve net",)),
)


def opened(source, targets, terms=TERMS, state=State.DRAFT, **means):
    """Give a post's work and its checked entries; `targets` in order of the segments, None: untranslated."""
    work = prepare(Texts(source), Means(glossary=Glossary(terms), person="Seed", **means))
    assert len(work.entries) == len(targets), [entry.source for entry in work.entries]
    return checked(work, [_with(entry, target, state) for entry, target in zip(work.entries, targets, strict=True)])


def checked(work, entries):
    """Check entries as the pipeline does."""
    entries = complete(replace(work, entries=tuple(entries))).entries
    return replace(work, entries=entries), entries


def _with(entry, target, state):
    if target is None:
        return entry
    if target == JOINED:
        return replace(entry, target=JOINED, state=State.JOINED, origin="person", by="Seed")
    by = "Seed" if state.is_done else ""
    return replace(entry, target=target, state=state, origin="person" if by else "toy", by=by)


def taken(work, entries, decisions):
    """Take decisions, every one of them, and check again."""
    after, results = decide(entries, decisions, "Seed")
    assert {result.fate for result in results} <= {Fate.DONE}, results
    return checked(work, after)
