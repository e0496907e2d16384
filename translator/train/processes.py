"""Several processes that learn together, as torchrun starts them; alone, everything here does nothing."""

from __future__ import annotations

import ctypes
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from torch import Tensor, distributed

if TYPE_CHECKING:
    from collections.abc import Sequence


def join() -> None:
    """Meet the other processes, where there are any."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        distributed.init_process_group("gloo", timeout=timedelta(days=1))  # as long as somebody may pause


def leave() -> None:
    """Part from them."""
    if distributed.is_initialized():
        distributed.destroy_process_group()


def count() -> int:
    """Say how many there are."""
    return int(distributed.get_world_size()) if distributed.is_initialized() else 1


def rank() -> int:
    """Say which one this is; the first, 0, speaks and keeps the state."""
    return int(distributed.get_rank()) if distributed.is_initialized() else 0


def total(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Add up tensors over all processes, in one message."""
    if count() == 1 or not tensors:
        return list(tensors)
    flat = torch.cat([each.flatten() for each in tensors])
    distributed.all_reduce(flat)
    sizes = [each.numel() for each in tensors]
    return [part.view_as(each) for part, each in zip(flat.split(sizes), tensors, strict=True)]


def hold_memory() -> None:
    """Tell glibc to keep memory that is freed: giving it back and zeroing it anew is a fifth of a step's time.

    What MALLOC_MMAP_MAX_, MALLOC_TRIM_THRESHOLD_ and MALLOC_TOP_PAD_ would say before the start; elsewhere nothing.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for option, value in ((_MMAP_MAX, 0), (_TRIM_THRESHOLD, 2**31 - 1), (_TOP_PAD, 2**28)):
        tell(option, value)


_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
"""Numbers of malloc.h."""
