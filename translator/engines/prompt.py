"""The prompt: what a language model is told, the sentences and what stands around them, each thing once.

The user's message is one JSON object, so that nothing a post says can step out of its place.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any

from translator.engines import marks
from translator.engines.batches import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import Job

PROMPT_VERSION = 1
"""Part of the engine's signature: a changed prompt is a new one, and old answers do not stand for it."""
TONE = "the plain, natural English of a technical blog; American spelling"
START = 4
"""How many characters of a sentence its answer repeats, to show which one it answers."""
EXAMPLES = 8
"""How many pairs go along at most."""
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


class Form(StrEnum):
    """How the structure of an answer is asked for, the surest first."""

    SCHEMA = "schema"
    OBJECT = "object"
    TEXT = "text"


JSON_ANSWER = f"""\
Answer with one JSON object and nothing else:
{{"translations": [{{"id": "s1", "start": "…", "en": "…"}}]}}
with one entry for each sentence, in the order given: "id" is the sentence's, "start" repeats the first {START}
characters of its "zh" with marks left out, "en" is the translation."""
TEXT_ANSWER = f"""\
Answer with one line for each sentence, in the order given, and nothing else:
[[s1 …]] translation
where s1 is the sentence's id and … repeats the first {START} characters of its "zh" with marks left out."""
_ENTRY = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "start", "en")},
    "required": ["id", "start", "en"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"translations": {"type": "array", "items": _ENTRY}},
    "required": ["translations"],
    "additionalProperties": False,
}
RESPONSE_FORMATS: dict[Form, dict[str, Any]] = {
    Form.SCHEMA: {
        "type": "json_schema",
        "json_schema": {"name": "translations", "strict": True, "schema": SCHEMA},
    },
    Form.OBJECT: {"type": "json_object"},
}
"""What stands as `response_format`; nothing for plain text."""


@cache
def _rules() -> str:
    return files(__package__).joinpath("prompt.txt").read_text("utf-8").strip()


def system(tone: str, form: Form) -> str:
    """Give the standing instruction: the same for every request of a run, so that vendors keep it."""
    answer = TEXT_ANSWER if form is Form.TEXT else JSON_ANSWER
    return _rules().replace("{tone}", tone).replace("{answer}", answer)


def name(n: int) -> str:
    """Name the nth sentence of a request, counted from 0."""
    return f"s{n + 1}"


def messages(jobs: Sequence[Job], tone: str = TONE, form: Form = Form.SCHEMA) -> list[dict[str, str]]:
    """Write the messages of one request for jobs of one post."""
    asked = _written(material(jobs))
    return [{"role": "system", "content": system(tone, form)}, {"role": "user", "content": asked}]


def _written(value: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    """Write JSON with one sentence a line: few tokens, and readable."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_written, value)) + "\n]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_written(inner)}" for key, inner in value.items())
            + "}"
        )
    return json.dumps(value, ensure_ascii=False)


def material(jobs: Sequence[Job]) -> dict[str, Any]:
    """Bring together what the user's message holds; what is empty is left out."""
    about = next((job.around.about for job in jobs if job.around.about), "")
    whole = {
        "post": about,
        "examples": [{"zh": zh, "en": en} for zh, en in _examples(jobs)],
        "notes": {term.span.of(job.text): term.note for job in jobs for term in job.terms if term.note},
        "sections": _sections(jobs),
    }
    return {key: value for key, value in whole.items() if value}


def _examples(jobs: Sequence[Job]) -> list[tuple[str, str]]:
    """Take each job's closest pair first, each pair once."""
    by_rank = zip_longest(*(job.examples for job in jobs))
    return list(dict.fromkeys(pair for rank in by_rank for pair in rank if pair))[:EXAMPLES]


def _sections(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    found = blocks(jobs)
    written = [
        _block(jobs, block, found[n - 1] if n else (), found[n + 1] if n + 1 < len(found) else ())
        for n, block in enumerate(found)
    ]
    out = []
    for headings, some in groupby(range(len(found)), key=lambda n: jobs[found[n][0]].around.headings):
        section: dict[str, Any] = {"headings": list(headings)} if headings else {}
        out.append(section | {"blocks": [written[n] for n in some]})
    return out


def _block(jobs: Sequence[Job], block: Sequence[int], former: Sequence[int], latter: Sequence[int]) -> dict[str, Any]:
    """Write one block; of its neighbours only what is not in the message anyway."""
    around = jobs[block[0]].around
    earlier = jobs[former[0]].around.block if former else ""
    later = jobs[latter[0]].around.block if latter else ""
    out = {
        "text": "" if _is_all_there(around.block, [jobs[n].text for n in block]) else around.block,
        "before": "" if earlier and around.before and around.before in earlier else around.before,
        "after": "" if later and around.after and later.startswith(around.after) else around.after,
        "sentences": [_sentence(n, jobs[n]) for n in block],
    }
    return {key: value for key, value in out.items() if value}


def _is_all_there(block: str, sentences: Sequence[str]) -> bool:
    """Tell whether the sentences of a request say all the Chinese of their block."""
    return len(HAN.findall(block)) <= sum(len(HAN.findall(text)) for text in sentences)


def _sentence(n: int, job: Job) -> dict[str, Any]:
    out = {
        "id": name(n),
        "zh": job.text,
        "terms": [[term.span.of(job.text), term.translation] for term in job.terms],
        "again": job.again,
    }
    return {key: value for key, value in out.items() if value or key == "zh"}


def start(text: str) -> str:
    """Give the beginning of a sentence that its answer repeats."""
    return marks.without(text).strip()[:START]


def as_text(jobs: Sequence[Job], tone: str, form: Form) -> str:
    """Write a request as a person reads it."""
    return "\n\n".join(f"── {each['role']} ──\n{each['content']}" for each in messages(jobs, tone, form)) + "\n"
