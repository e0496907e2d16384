"""Which sentences are asked together: whole blocks of one post, in order, until a request is full.

Laws: every job is in exactly one batch; the batches, one after the other, are the jobs in order; a block is torn apart
only where it alone is too much for one request; a batch is over the budget only where it is a single job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.engines.prices import tokens
from translator.model import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Job

Batch = tuple[int, ...]
"""Indices of jobs."""


def blocks(jobs: Sequence[Job]) -> list[Batch]:
    """Group neighbours of one block; what stands nowhere (an alt text) belongs to what it follows."""
    out: list[list[int]] = []
    last = None
    for n, job in enumerate(jobs):
        place = (job.around.post, job.around.number)
        if out and (place == last or job.around == NOWHERE):
            out[-1].append(n)
        else:
            out.append([n])
            last = place
    return [tuple(block) for block in out]


def batches(jobs: Sequence[Job], budget: int, most: int) -> list[Batch]:
    """Fill requests with at most `budget` tokens of source text and `most` sentences."""
    sizes = [tokens(job.text) for job in jobs]
    out: list[Batch] = []
    full, post = 0, ""
    for block in blocks(jobs):
        for part in _fitting(block, sizes, budget, most):
            size, own = sum(sizes[n] for n in part), jobs[part[0]].around.post
            if out and own == post and full + size <= budget and len(out[-1]) + len(part) <= most:
                out[-1] += part
                full += size
            else:
                out.append(part)
                full, post = size, own
    return out


def _fitting(block: Batch, sizes: Sequence[int], budget: int, most: int) -> Iterator[Batch]:
    """Cut a block that is too much for one request."""
    part: Batch = ()
    full = 0
    for n in block:
        if part and (full + sizes[n] > budget or len(part) == most):
            yield part
            part, full = (), 0
        part += (n,)
        full += sizes[n]
    yield part


def halves(batch: Batch) -> list[Batch]:
    """Cut a batch in two; one of a single job stays."""
    middle = len(batch) // 2
    return [half for half in (batch[:middle], batch[middle:]) if half]
