"""For maintainers: `python -m translator.train COMMAND`.

    learn PAIRS OUT …                      train from pairs, again and again; several processes by torchrun
    made PAIRS CEDICT OUT                  make more pairs by rule: OUT is given to `learn` behind `--more`
    pieces PAIRS SPM.MODEL                 make the vocabulary
    folder CHECKPOINT SPM.MODEL FOLDER     weights → a CTranslate2 model, int8
    weights FOLDER CHECKPOINT              a CTranslate2 model → weights

A state goes on where it was: the file OUT/stop ends a run (and keeps it), OUT/pause lets it wait.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from translator.errors import DuizhaoError, InputError
from translator.text.dictionary import read
from translator.train import checkpoint, folder, scratch
from translator.train.made import make
from translator.train.pairs import read_pairs
from translator.train.scratch import Options
from translator.train.shape import SIZES
from translator.train.vocabulary import make_pieces

MADE = 90_000
"""Pairs that are made by rule: one in ten of what is learnt from."""


def main(arguments: list[str]) -> int:
    """Do what is asked."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked) or 0)
    except DuizhaoError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m translator.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    learn = commands.add_parser("learn", help="train from pairs", argument_default=argparse.SUPPRESS)
    _learn_options(learn)
    learn.set_defaults(run=_learn)
    for name, run, names in (
        ("made", _made, ("pairs", "dictionary", "out")),
        ("pieces", _pieces, ("pairs", "out")),
        ("folder", _folder, ("checkpoint", "pieces", "out")),
        ("weights", _weights, ("folder", "out")),
    ):
        each = commands.add_parser(name)
        for argument in names:
            each.add_argument(argument, type=Path, metavar=argument.upper())
        each.set_defaults(run=run)
    return parser


def _learn_options(learn: argparse.ArgumentParser) -> None:
    add = learn.add_argument
    add("pairs", type=Path, metavar="PAIRS", help="Chinese, English, source, links: tabs between, .xz or not")
    add("out", type=Path, metavar="OUT", help="gets state.pt, last.pt, cool.pt")
    add("--more", type=Path, nargs="+", metavar="PAIRS", help="more pairs, as `made` writes them")
    add("--pieces", type=Path, help="the SentencePiece model; spm.model beside the pairs")
    add(
        "--held-out",
        type=Path,
        metavar="FILE",
        help="pairs that are measured; dev.tsv beside the pairs, if it is there",
    )
    add("--minutes", type=float, help="of this run")
    add("--cool", type=float, metavar="MINUTES", help="so many last minutes of it cool down")
    add("--size", choices=SIZES)
    add("--tokens", type=int, help="of a batch, source or target, of one process")
    add("--rate", type=float, help="learning rate")
    add("--warmup", type=int, metavar="STEPS")
    add("--dropout", type=float)
    add("--longest", type=int, metavar="PIECES", help="longer pairs are left out")
    add("--weights", type=_weights_of, metavar="SOURCE=TIMES,…", help="`+p=0.1`: every tenth paragraph")
    add("--most", type=int, metavar="PAIRS", help="read no more")
    add("--first", type=Path, metavar="CHECKPOINT", help="begin with its weights")
    add("--workers", type=int, help="processes that encode: 12 beside a card")
    add("--threads", type=int, help="processor threads of each process")
    add("--save", type=float, metavar="MINUTES", help="between states")
    add("--measure", type=int, metavar="STEPS", help="between measurements")
    add("--steps", type=int, help="end after so many in all")


def _weights_of(text: str) -> dict[str, float]:
    return {name: float(times) for name, _, times in (each.partition("=") for each in text.split(",") if each)}


def _learn(asked: argparse.Namespace) -> None:
    given = {name: value for name, value in vars(asked).items() if name != "run"}
    beside = asked.pairs.parent
    given.setdefault("pieces", beside / "spm.model")
    if "held_out" not in given and (beside / "dev.tsv").exists():
        given["held_out"] = beside / "dev.tsv"
    scratch.train(Options(**given), _say)


def _made(asked: argparse.Namespace) -> None:
    try:
        with asked.dictionary.open(encoding="utf-8") as lines:
            entries = read(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", asked.dictionary) from error
    pairs = make(read_pairs(asked.pairs), entries, MADE)
    asked.out.write_text("".join(f"{each.source}\t{each.target}\t{each.origin}\n" for each in pairs), encoding="utf-8")


def _pieces(asked: argparse.Namespace) -> None:
    make_pieces((text for pair in read_pairs(asked.pairs) for text in pair[:2]), asked.out)


def _folder(asked: argparse.Namespace) -> None:
    folder.write_folder(checkpoint.load(asked.checkpoint), asked.pieces, asked.out)


def _weights(asked: argparse.Namespace) -> None:
    checkpoint.save(folder.read_folder(asked.folder), asked.out)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
