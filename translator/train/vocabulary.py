"""The pieces that texts are written in: SentencePiece (Kudo and Richardson 2018), ordered so that Chinese comes last.

English needs only the pieces before those with Chinese characters, so the output layer ends there.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sentencepiece

from translator.errors import InputError
from translator.train.shape import BEGIN, CONTROLS, END, PAD, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
SPECIAL = ("<blank>", "<unk>", "<s>", "</s>")
"""What CTranslate2 calls the first four."""


def open_pieces(path: Path) -> Any:  # noqa: ANN401  # sentencepiece ships no types
    """Open a SentencePiece model; raises `InputError` where it is none, or lacks the control pieces."""
    try:
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise InputError(f"this is no SentencePiece model: {error}", path) from error
    if lacking := [each for each in CONTROLS if pieces.piece_to_id(each) == UNKNOWN]:
        raise InputError(f"its pieces lack {', '.join(lacking)}: marks and hints would be lost", path)
    return pieces


def targets(pieces: Any) -> int:  # noqa: ANN401  # as above
    """Count the leading pieces without a Chinese character."""
    size = int(pieces.get_piece_size())
    return next((n for n in range(size) if HAN.search(pieces.id_to_piece(n))), size)


def names(pieces: Any) -> list[str]:  # noqa: ANN401  # as above
    """List all pieces as CTranslate2 names them."""
    return [*SPECIAL, *(pieces.id_to_piece(n) for n in range(len(SPECIAL), pieces.get_piece_size()))]


def make_pieces(texts: Iterable[str], path: Path, size: int = 16000) -> None:
    """Learn so many pieces from texts of both languages and write them, ordered, as `path`."""
    with tempfile.TemporaryDirectory() as folder:
        _learn(texts, folder, size)
        path.write_bytes(ordered(Path(folder, "pieces.model").read_bytes()))


def ordered(model: bytes) -> bytes:
    """Put a model's pieces with Chinese characters behind the others, and leave all else as it is.

    The file is a message of Protocol Buffers whose field 1, repeated, is a piece, and field 1 of that its text
    (`sentencepiece_model.proto`).
    """
    fields = list(_fields(model))
    pieces = sorted((each for each in fields if each[0] == 1), key=lambda each: bool(HAN.search(_text(each[2]))))
    return b"".join(whole for _, whole, _ in (*pieces, *(each for each in fields if each[0] != 1)))


def _text(piece: bytes) -> str:
    return next(inside for number, _, inside in _fields(piece) if number == 1).decode()


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Give each field of a message: its number, all of it, and what it holds."""
    at = 0
    while at < len(message):
        begin = at
        tag, at = _varint(message, at)
        if tag & 7 == 2:
            size, at = _varint(message, at)
        elif tag & 7 == 5:
            size = 4
        else:
            size = _varint(message, at)[1] - at
        yield tag >> 3, message[begin : at + size], message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _learn(texts: Iterable[str], folder: str, size: int) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=f"{folder}/pieces",
        vocab_size=size,
        character_coverage=0.9998,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="nmt_nfkc",
        pad_id=PAD,
        unk_id=UNKNOWN,
        bos_id=BEGIN,
        eos_id=END,
        user_defined_symbols=list(CONTROLS),
        input_sentence_size=1_200_000,
        shuffle_input_sentence=True,
        hard_vocab_limit=False,
        num_threads=2,
        max_sentence_length=8192,
        minloglevel=2,
    )
