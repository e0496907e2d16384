"""Muon (Jordan et al. 2024) for the hidden matrices, AdamW (Loshchilov and Hutter 2019) for everything else.

Muon moves a matrix by the nearest semi-orthogonal one of its averaged gradient; scaled as in arXiv:2502.16982, so that
both optimisers take one learning rate.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from translator.train.processes import count, rank, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STEPS = 5
QUINTIC = (3.4445, -4.7750, 2.0315)
"""Coefficients that bring singular values near 1 quickest: to 0.7 … 1.2 in five steps (Jordan et al. 2024)."""


def orthogonal(matrices: Tensor) -> Tensor:
    """Give nearly the nearest semi-orthogonal matrices of a batch (k, m, n), m ≤ n, by Newton and Schulz."""
    a, b, c = QUINTIC
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x


class _Part(NamedTuple):
    """A matrix to be moved: a whole weight, or one projection of a fused one."""

    weight: Tensor
    update: Tensor
    """Wide: rows ≤ columns."""


class Muon(torch.optim.Optimizer):
    """Moves matrices; fused projections (3w × w, 2w × w) each for itself, those of one shape in one batch.

    Several processes share the work: each makes its part of the updates, and all are added up.
    """

    def __init__(
        self, weights: Iterable[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.01, *, half: bool = False
    ) -> None:
        super().__init__(weights, {"lr": lr, "momentum": momentum, "weight_decay": decay})
        self.dtype = torch.bfloat16 if half else torch.float32

    def step(self) -> None:
        """Move every weight that has a gradient."""
        with torch.no_grad():
            for group in self.param_groups:
                parts = [part for weight in group["params"] if weight.grad is not None for part in self._parts(weight)]
                for (weight, _), update in zip(parts, self._updates(parts), strict=True):
                    step = update if weight.shape == update.shape else update.mT
                    weight.mul_(1 - group["lr"] * group["weight_decay"])
                    weight.add_(step, alpha=-group["lr"] * 0.2 * max(weight.shape) ** 0.5)

    def _parts(self, weight: Tensor) -> Iterator[_Part]:
        momentum = self.defaults["momentum"]
        state = self.state[weight]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(weight)
        average = state["momentum"]
        average.lerp_(weight.grad, 1 - momentum)
        ahead = weight.grad.lerp(average, momentum)  # Nesterov's
        width = weight.shape[1]
        is_fused = weight.shape[0] in {2 * width, 3 * width}
        pairs = zip(weight.split(width), ahead.split(width), strict=True) if is_fused else [(weight, ahead)]
        for part, update in pairs:
            yield _Part(part, update if update.shape[0] <= update.shape[1] else update.mT)

    def _updates(self, parts: Sequence[_Part]) -> list[Tensor]:
        """Make every part's update; this process makes each `count()`th of those of one shape."""
        done = [torch.zeros_like(each.update, memory_format=torch.contiguous_format) for each in parts]
        shapes: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, each in enumerate(sorted(range(len(parts)), key=lambda n: tuple(parts[n].update.shape))):
            if n % count() == rank():
                shapes[tuple(parts[each].update.shape)].append(each)
        for some in shapes.values():
            made = orthogonal(torch.stack([parts[n].update for n in some]).to(self.dtype))
            for n, each in zip(some, made, strict=True):
                done[n] = each.to(parts[n].update.dtype).contiguous()
        return total(done)


def optimisers(network: torch.nn.Module, lr: float) -> list[torch.optim.Optimizer]:
    """Give Muon for the hidden matrices, AdamW for the embedding, norms and biases."""
    named = list(network.named_parameters())
    hidden = [weight for name, weight in named if weight.dim() == 2 and not name.startswith("embed")]
    other = [weight for name, weight in named if weight.dim() != 2 or name.startswith("embed")]
    muon = Muon(hidden, lr, half=hidden[0].device.type == "cuda")
    return [muon, torch.optim.AdamW(other, lr=lr, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=True)]
