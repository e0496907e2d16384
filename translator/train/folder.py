"""A CTranslate2 model folder from weights, and weights from such a folder.

Law: weights written and read again differ by the rounding of int8 alone, at most half of 1/127 of a row's largest.

The file is read as CTranslate2 4.8 writes it (`ctranslate2/specs/model_spec.py`): version, name of the kind, revision,
variables (name, rank, dimensions, type, bytes), aliases. Every number is little-endian; a text is its length in two
bytes, then its bytes with a zero behind.
"""

from __future__ import annotations

import shutil
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from ctranslate2.specs import common_spec, transformer_spec

from translator.errors import InputError
from translator.train import vocabulary
from translator.train.checkpoint import Checkpoint
from translator.train.network import positions
from translator.train.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    Variables = dict[str, NDArray[Any]]

VERSION = 6
"""Of the file; an older one has no other layout, a newer one may."""
TYPES: tuple[Any, ...] = (np.float32, np.int8, np.int16, np.int32, np.float16)
NORM = {"weight": "gamma", "bias": "beta"}
LINEAR = {"weight": "weight", "bias": "bias"}


class Place(NamedTuple):
    """A module of the network, where CTranslate2 has it, and what its tensors are called there."""

    ours: str
    theirs: str
    tensors: Mapping[str, str]


def places(shape: Shape) -> Iterator[Place]:
    """List every norm and linear layer: all but the embedding and the output's bias."""
    for side, count in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
        yield Place(f"{side}_norm", f"{side}/layer_norm", NORM)
        for n in range(count):
            ours, theirs = f"{side}.{n}", f"{side}/layer_{n}"
            yield from _part(f"{ours}.attn", f"{theirs}/self_attention", ("qkv", "out"))
            if side == "decoder":
                yield from _part(f"{ours}.cross", f"{theirs}/attention", ("q", "kv", "out"))
            yield from _part(f"{ours}.ffn", f"{theirs}/ffn", ("up", "down"))


def _part(ours: str, theirs: str, layers: Sequence[str]) -> Iterator[Place]:
    yield Place(f"{ours}.norm", f"{theirs}/layer_norm", NORM)
    for n, layer in enumerate(layers):
        yield Place(f"{ours}.{layer}", f"{theirs}/linear_{n}", LINEAR)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_folder(checkpoint: Checkpoint, pieces: Path, folder: Path, quantization: str | None = "int8") -> None:
    """Write a model that CTranslate2 loads, with its SentencePiece model; raises `InputError` where they do not fit."""
    shape = checkpoint.shape
    names = vocabulary.names(vocabulary.open_pieces(pieces))
    if len(names) != shape.vocab:
        raise InputError(f"it has {len(names)} pieces, and the weights are for {shape.vocab}", pieces)
    # copies, for ctranslate2 quantizes in place
    spec = _spec(shape, {name: each.float().cpu().numpy().copy() for name, each in checkpoint.weights.items()})
    spec.register_source_vocabulary(names)
    spec.register_target_vocabulary(names[: shape.targets])
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(pieces, folder / "spm.model")


def _spec(shape: Shape, weights: Variables) -> Any:  # noqa: ANN401  # ctranslate2 ships no types
    spec = transformer_spec.TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers),
        shape.heads,
        pre_norm=True,
        activation=common_spec.Activation.RELU,
    )
    for ours, theirs, tensors in places(shape):
        for name, called in tensors.items():
            setattr(_found(spec, theirs), called, weights[f"{ours}.{name}"])
    table = positions(shape.max_len, shape.width).numpy()
    written = weights["embed.weight"][: shape.targets].copy()
    spec.encoder.embeddings[0].weight = weights["embed.weight"]
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = written
    spec.decoder.projection.bias = weights["bias"]
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = True
        side.position_encodings.encodings = table
    config = spec.config
    config.bos_token, config.eos_token, config.unk_token = "<s>", "</s>", "<unk>"
    config.decoder_start_token, config.add_source_bos, config.add_source_eos = "<s>", False, True
    return spec


def _found(spec: Any, path: str) -> Any:  # noqa: ANN401  # as above
    """Go down a path: `layer_0` is the first of a list, unless something is called so."""
    for step in path.split("/"):
        if hasattr(spec, step):
            spec = getattr(spec, step)
        else:
            name, _, number = step.rpartition("_")
            spec = getattr(spec, name)[int(number)]
    return spec


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_folder(folder: Path) -> Checkpoint:
    """Read the weights of a model that `write_folder` wrote; raises `InputError` where it is none, or is damaged."""
    path = folder / "model.bin"
    try:
        found = _variables(path.read_bytes())
        return _checkpoint(found)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from error
    except (struct.error, IndexError, ValueError, UnicodeDecodeError, KeyError) as error:
        raise InputError(
            f"this is no model that can go on learning: it is damaged, or of another kind ({error})", path
        ) from error


class _Reader:
    """Reads numbers and texts, one behind the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def numbers(self, form: str) -> tuple[int, ...]:
        """Read numbers of a form that `struct` knows."""
        found = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return found

    def number(self, form: str) -> int:
        """Read one."""
        return self.numbers(form)[0]

    def bytes(self, count: int) -> bytes:
        """Read so many bytes."""
        found = self.data[self.at : self.at + count]
        if len(found) < count:
            raise ValueError("it ends too early")
        self.at += count
        return found

    def text(self) -> str:
        """Read a text."""
        return self.bytes(self.number("H"))[:-1].decode()


def _variables(data: bytes) -> Variables:
    reader = _Reader(data)
    version, kind, _ = reader.number("I"), reader.text(), reader.number("I")
    if version > VERSION or kind != "TransformerSpec":
        raise ValueError(f"version {version} of {kind[:40]}")
    found = dict(_variable(reader) for _ in range(reader.number("I")))
    for _ in range(reader.number("I")):
        alias = reader.text()
        found[alias] = found[reader.text()]
    return found


def _variable(reader: _Reader) -> tuple[str, NDArray[Any]]:
    name, rank = reader.text(), reader.number("B")
    dimensions = reader.numbers("I" * rank)
    kind, size = reader.number("B"), reader.number("I")
    return name, np.frombuffer(reader.bytes(size), dtype=TYPES[kind]).reshape(dimensions)


def _checkpoint(found: Variables) -> Checkpoint:
    shape = _shape(found)
    weights = {"embed.weight": _floats(found, "encoder/embeddings_0/weight")}
    weights["bias"] = _floats(found, "decoder/projection/bias")
    for ours, theirs, tensors in places(shape):
        weights |= {f"{ours}.{name}": _floats(found, f"{theirs}/{called}") for name, called in tensors.items()}
    return Checkpoint(shape, weights)


def _shape(found: Variables) -> Shape:
    """Tell the shape by the variables; raises `ValueError` for what this network cannot be."""
    vocab, width = found["encoder/embeddings_0/weight"].shape
    if not found["encoder/pre_norm"] or int(found.get("encoder/activation", np.int8(0))):
        raise ValueError("its norms stand elsewhere, or it has no ReLU")
    layers = [len({name.split("/")[1] for name in found if name.startswith(f"{side}/layer_")} - {"layer_norm"})
              for side in ("encoder", "decoder")]  # fmt: skip
    return Shape(
        vocab=vocab,
        targets=len(found["decoder/projection/bias"]),
        width=width,
        heads=int(found["encoder/num_heads"]),
        ffn=len(found["encoder/layer_0/ffn/linear_0/bias"]),
        encoder_layers=layers[0],
        decoder_layers=layers[1],
        dropout=0.0,
        max_len=len(found["encoder/position_encodings/encodings"]),
    )


def _floats(found: Variables, name: str) -> Tensor:
    """Give a variable's numbers as they were before int8: by row, divided by its scale."""
    numbers = found[name].astype(np.float32)
    if found[name].dtype == np.int8:
        numbers /= found[f"{name}_scale"].reshape(-1, *[1] * (numbers.ndim - 1))
    return torch.from_numpy(np.ascontiguousarray(numbers))
