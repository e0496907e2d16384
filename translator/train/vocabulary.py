"""The pieces that texts are written in: SentencePiece (Kudo and Richardson 2018), ordered so that Chinese comes last.

English needs only the pieces before those with Chinese characters, so the output layer ends there.
"""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, Any

import sentencepiece

from translator.errors import InputError
from translator.train.shape import BEGIN, CONTROLS, END, PAD, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
    from sentencepiece import sentencepiece_model_pb2 as proto  # noqa: PLC0415  # needs protobuf

    with tempfile.TemporaryDirectory() as folder:
        _learn(texts, folder, size)
        model = proto.ModelProto()  # type: ignore[attr-defined]  # made when it is imported
        with open(f"{folder}/pieces.model", "rb") as file:  # noqa: PTH123
            model.ParseFromString(file.read())
    ordered = sorted(model.pieces, key=lambda each: bool(HAN.search(each.piece)))
    del model.pieces[:]
    model.pieces.extend(ordered)
    path.write_bytes(model.SerializeToString())


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
