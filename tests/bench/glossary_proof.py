"""How well terms are obeyed before and after enforcement, against an engine that harms them; and two controls.

    python tests/bench/glossary_proof.py [DEV_TSV [WORD_LIST]]

DEV_TSV has a document, Chinese and English in each line; WORD_LIST is a glossary of `中文，english` lines. Without them
the approved segments of posts/mxnet are used, with the glossary that ships.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jieba
from sacrebleu.metrics import CHRF

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "glossary"))

from adversary import KINDS, Adversary, Pair, harm, only, pair, shuffled  # noqa: E402

from translator.engines import open_engine  # noqa: E402
from translator.formats import load as load_record  # noqa: E402
from translator.glossary import Glossary, load, merge, verify  # noqa: E402
from translator.glossary.enforce import Became, Said, corrected, edits, judge  # noqa: E402
from translator.glossary.score import tally, total  # noqa: E402
from translator.markdown import plain, protect, scan  # noqa: E402
from translator.meter import Meter  # noqa: E402
from translator.model import Around, Job, Span, Term  # noqa: E402
from translator.pipeline.draft import Ask, draft  # noqa: E402
from translator.text import boundaries, frequency, is_han  # noqa: E402

SEEDS = (1, 2, 3)


def shipped() -> Glossary:
    """Give the glossary that ships."""
    return load(sorted((ROOT / "glossary").glob("*.yaml")))


def sample(glossary: Glossary) -> list[Pair]:
    """Give the approved sentences of the sample post, plain."""
    record = load_record((ROOT / "posts" / "mxnet" / "en.po").read_text(encoding="utf-8"))
    texts = [(_plain(e.source), _plain(e.target)) for e in record.entries if e.target and e.state.is_done]
    return pairs(texts, glossary)


def _plain(markdown: str) -> str:
    return " ".join(plain(protect(markdown, scan(markdown)).text).split())


def pairs(texts: Sequence[tuple[str, str]], glossary: Glossary) -> list[Pair]:
    """Give the pairs whose English says every term."""
    found = {source: one for source, english in texts if (one := pair(source, english, glossary))}
    return list(found.values())


def listed(path: Path) -> Glossary:
    """Read a word list."""
    rows = [line.split("，", 1) for line in path.read_text(encoding="utf-8").splitlines() if "，" in line]
    return merge([shipped().terms, [Term(chinese.strip(), english.strip()) for chinese, english in rows]])


# ── Scores ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def scores(some: Sequence[Pair], targets: Sequence[str]) -> tuple[float, float, float]:
    """Give the share obeyed by the public and the strict definition, and chrF2, each in percent."""
    judged = [judge(one.source, one.mentions, target) for one, target in zip(some, targets, strict=True)]
    every = total(tally(judged, list(targets)))
    chrf = CHRF().corpus_score(list(targets), [[one.english for one in some]]).score
    return 100 * every.public, 100 * every.strict, chrf


def harmed(some: Sequence[Pair], rates: dict[str, float], seed: int) -> list[str]:
    """Give what an engine that is not asked again would leave."""
    return [harm(one, rates, seed).text for one in some]


def repaired(some: Sequence[Pair], texts: Sequence[str]) -> list[str]:
    """Give texts with what is sure put right: nobody is asked again."""
    return [corrected(text, judge(one.source, one.mentions, text)) for one, text in zip(some, texts, strict=True)]


def drafted(some: Sequence[Pair], rates: dict[str, float], seed: int) -> list[str]:
    """Give what the whole ladder makes of the adversary's answers."""
    engine = Adversary({one.source: one for one in some}, rates, seed=seed)
    asks = [Ask(one.source, one.mentions, Around(block=one.source)) for one in some]
    out = dict(draft(engine, asks, "straight", Meter()))
    return [out[n].target for n in range(len(some))]


def precision(some: Sequence[Pair], rates: dict[str, float], seed: int) -> tuple[int, int, int]:
    """Count repairs, those that hit a harmed term and put its own rendering there, and harmed terms."""
    made = right = harms = 0
    for one in some:
        hurt = harm(one, rates, seed)
        harms += len(hurt.harms)
        for said in judge(one.source, one.mentions, hurt.text):
            if said.became is Became.WRONG and edits(hurt.text, [said]):
                made += 1
                right += any(is_repair(said, h.span, h.mention.term) for h in hurt.harms)
    return made, right, harms


def is_repair(said: Said, span: tuple[int, int], term: Term) -> bool:
    """Tell whether a repair hits a harmed term and no more than it (an article beside it does not matter)."""
    assert said.span
    return said.mention.term == term and span[0] - 4 <= said.span.start and said.span.end <= span[1] + 4


# ── Tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(some: Sequence[Pair]) -> None:
    """Print success and chrF before and after, for each kind of harm alone and for the default rates."""
    print(f"{len(some)} sentences, {sum(len(one.mentions) for one in some)} mentions; means of {len(SEEDS)} seeds")
    print("public % · strict % · chrF2; repairs: those right ÷ those made, of the terms that were harmed\n")
    print(f"{'harm':10}  {'before':22}  {'repaired alone':22}  {'ladder':22}  repairs")
    for name in (*KINDS, "default"):
        rates = dict(Adversary({}).rates) if name == "default" else only(name)
        rows = [
            (
                scores(some, texts := harmed(some, rates, seed)),
                scores(some, repaired(some, texts)),
                scores(some, drafted(some, rates, seed)),
            )
            for seed in SEEDS
        ]
        cells = ["  ".join(f"{_mean(row[c][k] for row in rows):6.2f}" for k in range(3)) for c in range(3)]
        made, right, harms = (sum(x) for x in zip(*(precision(some, rates, seed) for seed in SEEDS), strict=True))
        share = f"{right}/{made} = {right / made:.3f}" if made else "none"
        print(f"{name:10}  " + "  ".join(f"{cell:22}" for cell in cells) + f"  {share}, of {harms}")


def _mean(values: Iterator[float]) -> float:
    got = list(values)
    return sum(got) / len(got)


def unrelated(some: Sequence[Pair], size: int = 5000) -> None:
    """Print what a glossary of unrelated pairs changes: Chinese words that the text has not, its own English words.

    Some of them stand in the text all the same, as characters of two words side by side (名词元素 has 词元).
    """
    text = "\n".join(one.source for one in some)
    edges = boundaries(text)
    runs = [text[n : n + 2] for n in range(len(text) - 1)]
    inside = {run for n, run in enumerate(runs) if n + 1 not in edges or {n, n + 2} <= edges}
    across = sorted(run for run in {*runs} - inside if all(map(is_han, run)) and frequency(run) > 0)
    chance = random.Random(7)  # noqa: S311  # the same for everyone
    chosen = [*across, *chance.sample([word for word in dictionary() if word not in text], size)]
    english = sorted({word for one in some for word in one.english.split() if word.isalpha()})
    glossary = Glossary(tuple(Term(word, chance.choice(english)) for word in chosen))
    hits, changed = [], 0
    for one in some:
        mentions = glossary.mentions(one.source)
        hits += [mention.surface for mention in mentions]
        changed += corrected(one.english, judge(one.source, mentions, one.english)) != one.english
    print(
        f"unrelated glossary: {len(chosen)} pairs, {len(across)} of which stand across words of the text: "
        f"{len(hits)} mentions ({' '.join(hits[:12])}), {changed} of {len(some)} sentences changed"
    )


def dictionary() -> Iterator[str]:
    """Give words of two to four characters that a dictionary knows."""
    tokenizer = jieba.Tokenizer()
    words, _ = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    return (word for word, count in words.items() if count > 0 and 2 <= len(word) <= 4 and all(map(is_han, word)))


def shuffle(some: Sequence[Pair], glossary: Glossary) -> None:
    """Print what a glossary does whose translations are shuffled: obeyed, and chrF outside the terms."""
    wrong = shuffled(glossary, 5)
    asks = [Ask(one.source, wrong.mentions(one.source), Around(block=one.source)) for one in some]
    swapped = [replace(one, mentions=ask.mentions) for one, ask in zip(some, asks, strict=True)]
    engine = Adversary({one.source: one for one in some}, {}, lost_holes=0.0)
    out = dict(draft(engine, asks, "straight", Meter()))
    texts = [out[n].target for n in range(len(some))]
    every = total(tally([judge(o.source, o.mentions, t) for o, t in zip(swapped, texts, strict=True)], texts))
    before = [without(one, one.english) for one in some]
    after = [without(one, text) for one, text in zip(swapped, texts, strict=True)]
    chrf = CHRF().corpus_score(after, [before]).score
    print(
        f"shuffled glossary: {100 * every.public:.2f} % public, {100 * every.strict:.2f} % strict obeyed; "
        f"chrF2 outside the terms {chrf:.2f} (100 before)"
    )


def without(one: Pair, text: str) -> str:
    """Give a text without its terms."""
    spans = sorted((span for _, span in verify(one.mentions, text).obeyed), reverse=True)
    for span in spans:
        text = text[: span.start] + "▁" + text[span.end :]
    return text


def machine(some: Sequence[Pair]) -> None:
    """Print what is repaired in the drafts of an engine that was told of no glossary, to be judged by hand."""
    answers = (answer for _, answer in open_engine("builtin").draft([Job(one.source) for one in some], Meter()))
    texts = [answer.candidates[0].text if answer.candidates else "" for answer in answers]
    for name, said in (("as drafted", texts), ("repaired", repaired(some, texts))):
        public, strict, chrf = scores(some, said)
        print(f"{name:10}  {public:6.2f} public  {strict:6.2f} strict  {chrf:6.2f} chrF2")
    for one, text in zip(some, texts, strict=True):
        for said in judge(one.source, one.mentions, text):
            if said.became is Became.WRONG and said.span:
                print(f"  {said.mention.surface} → {said.mention.wanted}, {said.proof}: {_marked(text, said.span)}")


def _marked(text: str, span: Span) -> str:
    return f"{text[max(0, span.start - 30) : span.start]}⟦{span.of(text)}⟧{text[span.end : span.end + 30]}"


def main() -> None:
    """Print everything."""
    glossary = listed(Path(sys.argv[2])) if len(sys.argv) > 2 else shipped()
    if len(sys.argv) > 1:
        rows = [line.split("\t") for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
        some = pairs([(row[1], row[2]) for row in rows], glossary)
    else:
        some = sample(glossary)
    table(some)
    shuffle(some, glossary)
    unrelated(some)
    print("\ndrafts of builtin without the glossary")
    machine(some)


if __name__ == "__main__":
    main()
