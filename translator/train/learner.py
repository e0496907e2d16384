"""A network that learns: its optimisers, the average of its weights, one step after another."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from translator.train.batches import batch_of, grouped
from translator.train.muon import optimisers
from translator.train.network import Transformer
from translator.train.processes import count, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.train.batches import Batch, Row
    from translator.train.shape import Shape

Weights = dict[str, Tensor]
SLOWEST = 0.999
"""How much of the average stays at each step, once there were thousands; fewer at first."""
STEEPEST = 1.0
"""Norm that gradients are clipped to."""


class Learner:
    """Learns from batches; what it is worth is the moving average of its weights (Polyak and Juditsky 1992)."""

    def __init__(self, shape: Shape, rate: float, device: str = "cpu") -> None:
        self.network, self.device = Transformer(shape).to(device), device
        self.network.train()
        self.optimisers = optimisers(self.network, rate)
        self.average = self._copy()
        self.steps = 0

    def begin_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take weights of another one, as those to go on from."""
        self.network.load_state_dict({name: each.float() for name, each in weights.items()})
        self.average = self._copy()

    def differentiate(self, batch: Batch, *facts: float) -> list[float]:
        """Find the gradient of a batch, over all processes; give the mean loss, and the sums of further facts."""
        with self._numbers():
            loss = self.network.loss(*batch)
        loss.backward()
        told = torch.tensor([loss.item(), *facts], dtype=torch.float64)
        (told,) = total([told])
        if count() > 1:
            weights = list(self.network.parameters())
            for weight, gradient in zip(weights, total([each.grad for each in weights]), strict=True):
                weight.grad = gradient / count()
        return [float(told[0]) / count(), *map(float, told[1:])]

    def step(self, rate: float) -> None:
        """Move the weights along the gradient that was found."""
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), STEEPEST)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        with torch.no_grad():
            newest = [each.float() for each in self.network.state_dict().values()]
            part = 1 - min(SLOWEST, (self.steps + 1) / (self.steps + 10))
            torch._foreach_lerp_(list(self.average.values()), newest, part)  # one call for all

    def loss_of(self, rows: Sequence[Row], most: int = 4000) -> float:
        """Measure the averaged weights: mean cross entropy by piece, nothing smoothed or dropped."""
        said = sum_ = 0.0
        with self._wearing(self.average), torch.no_grad(), self._numbers():
            for some in grouped(rows, most, random.Random(0)):  # noqa: S311  # no secret
                batch = batch_of(some, self.device)
                sum_ += self.network.loss(*batch, 0.0).item() * batch.size
                said += batch.size
        return sum_ / max(said, 1)

    @contextmanager
    def _wearing(self, weights: Weights) -> Iterator[None]:
        own = self._copy()
        self.network.load_state_dict(weights)
        self.network.eval()
        try:
            yield
        finally:
            self.network.load_state_dict(own)
            self.network.train()

    def _numbers(self) -> Any:  # noqa: ANN401  # torch's own
        """Count in half precision on a card."""
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.device == "cuda")

    def _copy(self) -> Weights:
        return {name: each.detach().clone() for name, each in self.network.state_dict().items()}
