"""Runs a CTranslate2 model: source strings in, what it said with scores out.

The home of ctranslate2 and sentencepiece.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.model import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CHUNK = 1024
"""Source tokens, padding counted, of one batch."""
MOST = 4
"""Candidates of one source."""
BYTES = tuple((f"<0x{byte:02X}>",) for byte in (*range(0xE3, 0xEA), 0xEF))
"""First bytes of Chinese characters in UTF-8: spelled by bytes, they would be the only Chinese the model can write."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the model is asked; every field is in the signature."""

    beam_size: int = 5
    repetition_penalty: float = 1.05
    length_penalty: float = 1.2
    no_repeat_ngram_size: int = 4


GREEDY = Decoding(beam_size=1, repetition_penalty=1.3, no_repeat_ngram_size=2)
"""The second try, where every candidate ran away."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How sources are written in a model's pieces, and how its targets are read."""

    reads: str = "spm.model"
    """The SentencePiece model of sources, relative to the folder."""
    writes: str = "spm.model"
    """That of targets."""
    before: tuple[str, ...] = ()
    """Pieces in front of every source: its language."""
    after: tuple[str, ...] = ()
    """Pieces behind it: its end, where the model does not add that itself."""
    begun: tuple[str, ...] = ()
    """How every target begins: with its language; that is no part of what it says."""
    never: tuple[tuple[str, ...], ...] = ()
    """Pieces that no target may hold."""


OWN = Spelling(never=BYTES)


class Said(NamedTuple):
    """One thing a model said."""

    candidate: Candidate
    is_cut: bool
    """It was as long as an answer may be, and not at its end."""


class Model:
    """The weights and the vocabulary, loaded when first used."""

    def __init__(self, folder: Path, threads: int, spelling: Spelling = OWN, compute_type: str = "int8") -> None:
        self.folder, self.threads, self.spelling, self.compute_type = folder, threads, spelling, compute_type

    @cached_property
    def _translator(self) -> Any:  # noqa: ANN401  # ctranslate2 ships no types
        import ctranslate2  # noqa: PLC0415  # 200 ms

        # One batch a thread beats many threads a batch: 4,900 against 3,400 characters a second on two cores.
        return ctranslate2.Translator(
            str(self.folder), compute_type=self.compute_type, inter_threads=self.threads, intra_threads=1
        )

    @cached_property
    def _pieces(self) -> Any:  # noqa: ANN401  # sentencepiece ships no types
        return _pieces(self.folder / self.spelling.reads)

    @cached_property
    def _written(self) -> Any:  # noqa: ANN401  # likewise
        same = self.spelling.reads == self.spelling.writes
        return self._pieces if same else _pieces(self.folder / self.spelling.writes)

    def load(self) -> None:
        """Load everything now; raises what the libraries raise."""
        _ = self._pieces, self._written, self._translator

    def size(self, text: str) -> int:
        """Count a text's pieces."""
        return len(self._pieces.encode(text))

    def decode(self, sources: Sequence[str], how: Decoding) -> list[list[Candidate]]:
        """Translate source strings; each answer's length is bounded by its source's."""
        return [[said.candidate for said in each] for each in self.say(sources, how)]

    def say(self, sources: Sequence[str], how: Decoding) -> list[list[Said]]:
        """Translate source strings, and tell which answers were cut at their bound."""
        wrap = self.spelling
        encoded = [[*wrap.before, *self._pieces.encode(each, out_type=str), *wrap.after] for each in sources]
        order = sorted(range(len(encoded)), key=lambda n: len(encoded[n]))
        running = [
            (chunk, self._start([encoded[n] for n in chunk], how))
            for chunk in self._chunks(order, [len(each) for each in encoded])
        ]
        found: list[list[Said]] = [[] for _ in sources]
        for chunk, results in running:
            most = _most([encoded[n] for n in chunk])
            for n, result in zip(chunk, results, strict=True):
                said = result.result()
                # One by one: sentencepiece starts threads for every batch, 1 ms each time.
                texts = [self._written.decode_pieces(each[len(wrap.begun) :]) for each in said.hypotheses]
                found[n] = [
                    Said(Candidate(text, round(score, 4)), len(pieces) >= most)
                    for text, score, pieces in zip(texts, said.scores, said.hypotheses, strict=True)
                ]
        return found

    def _start(self, batch: list[list[str]], how: Decoding) -> Any:  # noqa: ANN401  # ctranslate2 ships no types
        return self._translator.translate_batch(
            batch,
            asynchronous=True,
            beam_size=how.beam_size,
            num_hypotheses=min(MOST, how.beam_size),
            repetition_penalty=how.repetition_penalty,
            length_penalty=how.length_penalty,
            no_repeat_ngram_size=how.no_repeat_ngram_size,
            max_decoding_length=_most(batch),
            suppress_sequences=[list(each) for each in self.spelling.never] or None,
            target_prefix=[list(self.spelling.begun)] * len(batch) if self.spelling.begun else None,
            return_scores=True,
        )

    def _chunks(self, order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
        """Group indices, sorted by length, into batches of about `CHUNK` tokens, or one a thread."""
        most = min(CHUNK, sum(lengths) // self.threads + 1)
        chunk: list[int] = []
        for n in order:
            if chunk and (len(chunk) + 1) * lengths[n] > most:
                yield chunk
                chunk = []
            chunk.append(n)
        if chunk:
            yield chunk


def _pieces(path: Path) -> Any:  # noqa: ANN401  # sentencepiece ships no types
    import sentencepiece  # noqa: PLC0415  # 30 ms

    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _most(batch: Sequence[Sequence[str]]) -> int:
    """Bound the pieces of an answer."""
    return 16 + 2 * max(map(len, batch))
