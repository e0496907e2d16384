"""How marks survive an engine that knows none: placeholders, and tags laid by alignment.

    DUIZHAO_PAIRS=pairs.tsv python tests/bench/placeholders.py [MODEL]

`pairs.tsv` has a place, Chinese and English on each line. MODEL is any CTranslate2 folder; without one the model that
ships in the package is asked as if nothing were known of it. Tags are laid into the English that `builtin` gave with
its own tags, which are taken out first, and compared with where it had them.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from translator.engines import builtin, marks, open_engine
from translator.engines.lay import TOKEN, lay
from translator.engines.plain import FORMS, Form, hide, show
from translator.meter import Meter
from translator.model import Job
from translator.text import cut

WORD = re.compile("[\u4e00-\u9fff]{2,6}|[A-Za-z]{2,}")
MANY = 300
OTHERS = ("X{}", "⟦{}⟧", "<{}>", "__{}__", "[{}]", "%{}", "Z{}", "${}", "@{}", "《{}》")
"""Forms that are not used, for comparison."""


def sentences(path: str) -> list[list[str]]:
    """Give the words of some sentences."""
    rows = [line.split("\t")[1] for line in Path(path).read_text("utf-8").splitlines() if line.count("\t") == 2]
    fit = [
        row for row in rows if 15 <= len(row) <= 70 and len(re.findall("[\u4e00-\u9fff]", row)) > 10 and "<" not in row
    ]
    return [list(cut(row)) for row in random.Random(7).sample(fit, MANY)]  # noqa: S311  # no secret


def with_holes(words: list[str], many: int, rng: random.Random) -> str | None:
    places = [n for n, word in enumerate(words) if WORD.fullmatch(word)]
    if len(places) < many:
        return None
    holes = {place: f"<x{n}>" for n, place in enumerate(sorted(rng.sample(places, many)), 1)}
    return "".join(holes.get(n, word) for n, word in enumerate(words))


def with_tags(words: list[str], rng: random.Random) -> str:
    """Put tags around one or two stretches of one to three words, at least one of them of two characters."""
    out, used = words[:], set()
    for tag in range(1, rng.choice((2, 2, 3))):
        for _ in range(20):
            size = rng.choice((1, 1, 1, 2, 3))
            first = rng.randrange(max(1, len(words) - size))
            taken = set(range(first, first + size))
            if taken & used or not all(map(str.isalpha, words[first : first + size])):
                continue
            if any(WORD.fullmatch(word) for word in words[first : first + size]):
                used |= taken
                out[first] = f"<t{tag}>{out[first]}"
                out[first + size - 1] += f"</t{tag}>"
                break
    return "".join(out)


def survival(engine, rows: list[list[str]]) -> None:
    """Print how often all placeholders of a sentence come back, once each, for one to three of them."""
    rng = random.Random(3)  # noqa: S311  # no secret
    texts = [(many, text) for words in rows for many in (1, 2, 3) if (text := with_holes(words, many, rng))]
    print(f"{'form':>8}  {'1 hole':>6}  {'2':>6}  {'3':>6}")
    left = set(range(len(texts)))
    for form in (*FORMS, *map(Form, OTHERS)):
        hidden = [hide(text, form) for _, text in texts]
        said = engine._say([each.text for each in hidden])
        whole = [
            bool(one) and show(each, form, one[0].text) is not None for each, one in zip(hidden, said, strict=True)
        ]
        every, good = Counter(many for many, _ in texts), Counter()
        for (many, _), is_whole in zip(texts, whole, strict=True):
            good[many] += is_whole
        shares = "  ".join(f"{good[many] / every[many]:6.1%}" for many in (1, 2, 3))
        print(f"{form.written:>8}  {shares}" + ("" if form in FORMS else "  (not used)"), flush=True)
        if form in FORMS:
            left -= {n for n, is_whole in enumerate(whole) if is_whole}
    print(
        f"{1 - len(left) / len(texts):.1%} of {len(texts)} sentences keep all holes by one of the forms that are used"
    )


def enclosed(text: str) -> dict[str, frozenset[int]]:
    """Tell which words of a text each tag encloses, articles left out."""
    bare, open_, found, at = "", {}, {}, 0
    for mark in marks.MARK.finditer(text):
        bare, at = bare + text[at : mark.start()], mark.end()
        number = mark.group().strip("</t>")
        found[number] = (open_.setdefault(number, len(bare)), len(bare))
    bare += text[at:]
    tokens = [found.span() for found in TOKEN.finditer(bare) if found.group()[0].isalnum()]
    tokens = [(a, b) for a, b in tokens if bare[a:b].lower() not in {"a", "an", "the"}]
    return {
        number: frozenset(n for n, (a, b) in enumerate(tokens) if start <= a and b <= end)
        for number, (start, end) in found.items()
    }


def tags(rows: list[list[str]]) -> None:
    """Print how often alignment lays tags around the words that `builtin` has in them."""
    rng, engine = random.Random(11), open_engine("builtin")  # noqa: S311  # no secret
    jobs = [Job(with_tags(words, rng)) for words in rows]
    pairs = [
        (jobs[n].text, answer.candidates[0].text) for n, answer in engine.draft(jobs, Meter()) if answer.candidates
    ]
    begun, scores = time.perf_counter(), []
    for source, said in pairs:
        laid = lay(source, marks.without(said))
        got = enclosed(laid.text)
        for number, wanted in enclosed(said).items():
            both = len(wanted & got[number])
            f1 = 2 * both / (len(wanted) + len(got[number])) if wanted or got[number] else 1.0
            scores.append((laid.is_sure, wanted == got[number], f1, both > 0))
    seconds = (time.perf_counter() - begun) / len(pairs)
    print(f"{'tags':>8}  {'many':>6}  {'same':>6}  {'F1':>6}  {'touch':>6}")
    for name, some in (
        ("all", scores),
        ("sure", [each for each in scores if each[0]]),
        ("unsure", [each for each in scores if not each[0]]),
    ):
        shares = "  ".join(f"{sum(each[k] for each in some) / max(1, len(some)):6.1%}" for k in (1, 2, 3))
        print(f"{name:>8}  {len(some):>6}  {shares}")
    print(f"{seconds * 1000:.1f} ms a sentence")


def main() -> None:
    path = os.environ.get("DUIZHAO_PAIRS")
    if not path:
        print("left out: DUIZHAO_PAIRS names no file of sentence pairs")
        return
    rows = sentences(path)
    model = sys.argv[1] if len(sys.argv) > 1 else str(builtin.FOLDER)
    survival(open_engine("ctranslate2", {"model": model}), rows)
    tags(rows)


if __name__ == "__main__":
    main()
