"""Trains a model from pairs, in as many runs as it takes: a run goes on from the state of the one before.

The learning rate is constant until it cools down linearly to zero, so any state can be cooled; what was cooled is kept
beside the state, which goes on as it was (Hägele et al. 2024, arXiv:2405.18392).
"""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from translator.errors import InputError
from translator.train import checkpoint, processes
from translator.train.batches import batch_of, encode, grouped, varied
from translator.train.checkpoint import Checkpoint
from translator.train.learner import Learner
from translator.train.pairs import epoch_of, read_held_out, read_pairs
from translator.train.shape import SIZES, Shape
from translator.train.vocabulary import open_pieces, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.train.batches import Row
    from translator.train.pairs import Pair

CHUNK = 10_000
"""Pairs that are planted and encoded at a time."""
WINDOW = 5
"""Chunks that are grouped by length together."""
EVERY = 60
"""Seconds between lines of progress."""
FAST = 50
"""Steps that the loss shown is averaged over, about."""


@dataclass(frozen=True)
class Options:
    """What a run is to do."""

    pairs: Path
    out: Path
    """Gets state.pt (everything), last.pt (averaged weights) and, of a run that cools down, cool.pt."""
    pieces: Path
    more: Sequence[Path] = ()
    """Further files of pairs."""
    held_out: Path | None = None
    minutes: float = 20
    cool: float = 0
    """The last so many minutes cool down."""
    size: str = "tiny"
    tokens: int = 4000
    """Of a batch, source or target, of one process; 48000 on a card."""
    rate: float = 2e-3
    warmup: int = 400
    """Steps until the rate is reached."""
    dropout: float = 0.0
    longest: int = 160
    weights: Mapping[str, float] = field(default_factory=dict)
    """How often pairs of a source are seen in an epoch; `+p`: paragraphs of any."""
    most: int | None = None
    """Pairs that are read, at most."""
    first: Path | None = None
    """A checkpoint whose weights it begins with, where there is no state yet."""
    workers: int = 0
    """Processes that encode: 12 beside a card."""
    threads: int = 1
    save: float = 10
    """Minutes between states."""
    measure: int = 1000
    """Steps between measurements on what is held out."""
    steps: int | None = None
    """Ends after so many steps in all, whatever the time."""


class At(NamedTuple):
    """How far training is; stands in the state."""

    step: int = 0
    seen: int = 0
    """Target pieces learnt."""
    epoch: int = 1
    chunk: int = 0
    """Chunks of the epoch that were learnt whole."""
    spent: float = 0.0
    """Seconds, of all runs."""
    batch: int = 0
    """Batches of the next chunks that were learnt."""

    def facts(self) -> dict[str, Any]:
        """Say it as checkpoints do."""
        return {"step": self.step, "hours": self.spent / 3600, "target_tokens": self.seen, "epoch": self.epoch}


class Spot(NamedTuple):
    """A place in the pairs, as `At` has it."""

    epoch: int
    chunk: int
    batch: int


def train(options: Options, say: Callable[[str], None]) -> None:
    """Train until the time is over or a file `stop` appears in the out folder; waits while there is one `pause`.

    Started by torchrun, several processes learn together; the first speaks and keeps. Raises `InputError`.
    """
    processes.join()
    try:
        run = Run(options, say if processes.rank() == 0 else lambda _: None)
        run.go()
    finally:
        processes.leave()


class Run:
    """One run."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        torch.set_num_threads(options.threads)
        torch.manual_seed(1)
        processes.hold_memory()
        self.options, self.say = options, say
        options.out.mkdir(parents=True, exist_ok=True)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.begun = time.time()
        self.pairs = [*read_pairs(options.pairs, options.most), *(p for path in options.more for p in read_pairs(path))]
        self.pieces = open_pieces(options.pieces)
        self.writable = targets(self.pieces)
        self.learner = Learner(self._shape(), options.rate, self.device)
        self.at = self._begin()
        self.before = self.at

    def go(self) -> None:
        """Learn until the end, and keep what came of it."""
        self.say(self._said())
        shown = kept = time.time()
        mean = 0.0
        for rows, spot in self._shares():
            loss, rate = self._learn(rows)
            if rate is None:
                break
            self.at = self.at._replace(spent=self._spent, **spot._asdict())
            mean = loss if not mean else mean + (loss - mean) / min(self.at.step, FAST)
            if time.time() - shown > EVERY:
                self.say(self._progress(mean, rate))
                shown = time.time()
            if self.at.step % self.options.measure == 0:
                self._measure()
            if time.time() - kept > self.options.save * 60:
                self.keep()
                kept = time.time()
            if self.at.step == self.options.steps:
                break
        self.keep()
        self._measure()
        self.say(json.dumps(self.at.facts()))

    def keep(self) -> None:
        """Keep the state, and the averaged weights; of a run that cools down the weights alone."""
        if processes.rank():
            return
        learner, out = self.learner, self.options.out
        self.at = self.at._replace(spent=self._spent)
        if not self.options.cool:
            state = {"model": learner.network.state_dict(), "ema": learner.average, "at": tuple(self.at)}
            checkpoint.put({**state, "opts": [each.state_dict() for each in learner.optimisers]}, out / "state.pt")
        done = Checkpoint(learner.network.shape, learner.average, self.at.facts())
        checkpoint.save(done, out / ("cool.pt" if self.options.cool else "last.pt"))

    # ── Beginning ──

    def _shape(self) -> Shape:
        shape = Shape(vocab=self.pieces.get_piece_size(), targets=self.writable, **SIZES[self.options.size])
        return replace(shape, dropout=self.options.dropout)

    def _begin(self) -> At:
        """Go on from the state there is, else from weights, else from nothing."""
        state = self.options.out / "state.pt"
        try:
            if state.exists():
                return self._resume(checkpoint.get(state, self.device))
            if self.options.first:
                first = checkpoint.load(self.options.first)
                self.learner.begin_from(first.weights)
                return At(epoch=int(first.facts.get("epoch", 0)) + 1)
        except (RuntimeError, KeyError) as error:
            where = state if state.exists() else self.options.first
            raise InputError(f"its weights are of another shape: {str(error)[:200]}", where) from error
        return At()

    def _resume(self, state: Any) -> At:  # noqa: ANN401  # as it was put
        self.learner.network.load_state_dict(state["model"])
        self.learner.average = state["ema"]
        for optimiser, one in zip(self.learner.optimisers, state["opts"], strict=True):
            optimiser.load_state_dict(one)
        at = At(*state["at"])
        self.learner.steps = at.step
        return at

    # ── A step ──

    def _learn(self, rows: Sequence[Row]) -> tuple[float, float | None]:
        """Learn from a batch of each process; gives the loss and the rate, None where the run is at its end."""
        options = self.options
        while (options.out / "pause").exists():
            time.sleep(1)
        now, stop = time.time(), (options.out / "stop").exists()
        batch = batch_of(rows, self.device)
        loss, seen, now, stopped = self.learner.differentiate(batch, batch.size, now, float(stop))
        left = self.begun + options.minutes * 60 - now / processes.count()
        if left < 0 or stopped:
            return loss, None
        rate = options.rate * min((self.at.step + 1) / options.warmup, 1.0)
        rate *= min(left / (options.cool * 60), 1.0) if options.cool else 1.0
        self.learner.step(rate)
        self.at = self.at._replace(step=self.at.step + 1, seen=self.at.seen + int(seen))
        return loss, rate

    # ── Material ──

    def _shares(self) -> Iterator[tuple[list[Row], Spot]]:
        """Give this process's batches, and where to go on after each: every process takes another one."""
        stream = self._batches()
        while len(some := list(islice(stream, processes.count()))) == processes.count():
            yield some[processes.rank()][0], some[-1][1]

    def _batches(self) -> Iterator[tuple[list[Row], Spot]]:
        """Give batches without an end."""
        epoch, chunk, done = self.at.epoch, self.at.chunk, self.at.batch
        while True:
            jobs = self._jobs(epoch)
            encoded = self._encoded(jobs[chunk:])
            while chunk < len(jobs):
                size = min(WINDOW, len(jobs) - chunk)
                rows = [row for some in islice(encoded, size) for row in some]
                rng = random.Random(epoch * 1009 + chunk + size)  # noqa: S311  # no secret
                batches = grouped(rows, self.options.tokens, rng)
                yield from ((each, Spot(epoch, chunk, n)) for n, each in enumerate(batches[done:], done + 1))
                chunk, done = chunk + size, 0
            epoch, chunk = epoch + 1, 0

    def _jobs(self, epoch: int) -> list[tuple[list[Pair], int]]:
        some = epoch_of(self.pairs, self.options.weights, epoch)
        if not some:
            raise InputError("by the weights no pair is left", self.options.pairs)
        return [(some[n : n + CHUNK], epoch * 1_000_003 + n) for n in range(0, len(some), CHUNK)]

    def _encoded(self, jobs: Sequence[tuple[list[Pair], int]]) -> Iterator[list[Row]]:
        """Plant and encode chunks, ahead of need where there are workers."""
        if not self.options.workers:
            yield from (encode(varied(*job), self.pieces, self.writable, self.options.longest) for job in jobs)
            return
        with ProcessPoolExecutor(self.options.workers, initializer=_begin_worker, initargs=(self.options,)) as pool:
            yield from pool.map(_encoded_there, jobs)

    @cached_property
    def _held_out(self) -> list[Row]:
        path = self.options.held_out
        pairs = [(pair.source, pair.target) for pair in read_held_out(path)] if path else []
        return encode(pairs, self.pieces, self.writable, self.options.longest)

    # ── Saying ──

    @property
    def _spent(self) -> float:
        return self.before.spent + time.time() - self.begun

    def _measure(self) -> None:
        if self._held_out and not processes.rank():
            loss = self.learner.loss_of(self._held_out, self.options.tokens)
            self.say(f"       held-out loss {loss:.4f} at {self.at.seen / 1e6:.2f}M")

    def _said(self) -> str:
        shape = self.learner.network.shape
        size = sum(each.numel() for each in self.learner.network.parameters()) / 1e6
        return (
            f"{processes.count()} × {self.device}, {size:.1f}M parameters, {shape.targets} of {shape.vocab} pieces can"
            f" be written, {len(self.pairs)} pairs, from step {self.at.step}"
        )

    def _progress(self, loss: float, rate: float) -> str:
        at = self.at
        speed = (at.seen - self.before.seen) / (time.time() - self.begun)
        return (
            f"{at.spent / 60:6.1f} min  epoch {at.epoch}.{at.chunk}  step {at.step}  loss {loss:.3f}  rate {rate:.1e}"
            f"  {at.seen / 1e6:.2f}M target pieces, {speed:.0f}/s"
        )


_own: tuple[Any, int, int]
"""Pieces, how many can be written, and the bound of a row, in an encoding process."""


def _begin_worker(options: Options) -> None:
    global _own  # noqa: PLW0603  # read-only once the process has begun
    pieces = open_pieces(options.pieces)
    _own = (pieces, targets(pieces), options.longest)


def _encoded_there(job: tuple[list[Pair], int]) -> list[Row]:
    return encode(varied(*job), *_own)
