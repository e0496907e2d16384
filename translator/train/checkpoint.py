"""Weights on the disk: `{shape, model, facts}`, in half precision, as every maintainer's file is."""

from __future__ import annotations

import pickle
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from translator.errors import InputError
from translator.train.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Checkpoint:
    """A network's shape and weights, and what is told of them."""

    shape: Shape
    weights: Mapping[str, Tensor]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Steps, hours, pieces learnt, epoch: of those who trained it."""


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint in half precision, whole or not at all."""
    half = {name: each.half().cpu() for name, each in checkpoint.weights.items()}
    put({"shape": asdict(checkpoint.shape), "model": half, "facts": dict(checkpoint.facts)}, path)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint; raises `InputError` for any other file."""
    found = get(path)
    try:
        return Checkpoint(Shape(**found["shape"]), found["model"], found.get("facts", {}))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError("this is no checkpoint: it lacks shape or model", path) from error


def put(what: Mapping[str, Any], path: Path) -> None:
    """Write tensors and plain values; a reader sees the old file or the new one, never a part."""
    new = path.with_suffix(".new")
    torch.save(dict(what), new)
    new.replace(path)


def get(path: Path, device: str = "cpu") -> Any:  # noqa: ANN401  # whatever was put
    """Read what `put` wrote; nothing in it is run. Raises `InputError`."""
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        raise InputError(f"cannot be read: {str(error).partition(chr(10))[0]}", path) from error
