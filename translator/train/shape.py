"""How large a network is, and the pieces of its vocabulary that mean something to us."""

from __future__ import annotations

from dataclasses import dataclass

PAD, UNKNOWN, BEGIN, END = 0, 1, 2, 3
"""The numbers of the first four pieces."""
HINT = ("<hint>", "<is>", "</hint>")
HOLES = tuple(f"<x{n}>" for n in range(1, 10))
TAGS = tuple(f"<{slash}t{n}>" for n in range(1, 10) for slash in ("", "/"))
CONTROLS = (*HINT, *HOLES, *TAGS)
"""Pieces that no author writes: term hints, placeholders, inline tags."""


@dataclass(frozen=True)
class Shape:
    """The measures of a network; `asdict` of it stands in every checkpoint."""

    vocab: int = 16000
    targets: int = 16000
    """Pieces 0 … targets-1 can be written: those with Chinese characters come last in the vocabulary."""
    width: int = 384
    heads: int = 6
    ffn: int = 1536
    encoder_layers: int = 6
    decoder_layers: int = 3
    dropout: float = 0.1
    max_len: int = 512
    """Positions there are: no source or target may have more pieces."""


SIZES: dict[str, dict[str, int]] = {
    "tiny": {"width": 256, "heads": 4, "ffn": 1024, "encoder_layers": 6, "decoder_layers": 2},
    "small": {"width": 384, "heads": 6, "ffn": 1536, "encoder_layers": 6, "decoder_layers": 2},
    "base": {"width": 512, "heads": 8, "ffn": 2048, "encoder_layers": 6, "decoder_layers": 3},
    "big": {"width": 1024, "heads": 16, "ffn": 4096, "encoder_layers": 6, "decoder_layers": 6},
}
"""Named sizes; `tiny` ships. A deep encoder and a shallow decoder: the decoder is what costs (arXiv:2006.10369)."""
