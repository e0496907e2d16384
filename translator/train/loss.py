"""Cross entropy of the output layer, its gradients made at once, a few rows at a time."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

ROWS = 384
"""Rows of logits at a time: with 9,000 pieces some 14 MB, which stay in the processor's cache."""


class OutputLoss(torch.autograd.Function):
    """Mean cross entropy, label-smoothed (Szegedy et al. 2016), of a linear layer's outputs.

    Law: value and gradients are those of `cross_entropy(linear(hidden, weight, bias), wanted, label_smoothing=…)`.
    The logits of a batch, the largest thing in a small model's training, never stand in memory as a whole.
    """

    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917  # torch passes what `apply` is given
        ctx: Any,  # noqa: ANN401  # torch's own
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor,
        wanted: Tensor,
        smoothing: float,
        rows: int = ROWS,
    ) -> Tensor:
        """Give the mean over all rows, and keep the gradients; `hidden` (n, width), `weight` (pieces, width)."""
        count = len(hidden)
        of_hidden, of_weight, of_bias = torch.empty_like(hidden), torch.zeros_like(weight), torch.zeros_like(bias)
        room = hidden.new_empty(min(rows, count), len(weight))
        total = 0.0
        for start in range(0, count, rows):
            some, right = hidden[start : start + rows], wanted[start : start + rows]
            logits = torch.addmm(bias, some, weight.t(), out=room[: len(some)])
            total += _differentiate(logits, right, smoothing)
            torch.mm(logits, weight, out=of_hidden[start : start + rows])
            of_weight.addmm_(logits.t(), some)
            of_bias.add_(logits.sum(0))
        ctx.save_for_backward(*(each.div_(count) for each in (of_hidden, of_weight, of_bias)))
        return hidden.new_tensor(total / count)

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> Any:  # noqa: ANN401  # torch's own
        """Give the gradients that were kept, times what comes from above; may be asked once."""
        of_hidden, of_weight, of_bias = (each.mul_(above[0]) for each in ctx.saved_tensors)
        return of_hidden, of_weight, of_bias, None, None, None


def measured(hidden: Tensor, weight: Tensor, bias: Tensor, wanted: Tensor, smoothing: float) -> Tensor:
    """Give the same mean where no gradient is asked for."""
    total = sum(
        functional.cross_entropy(
            functional.linear(some, weight, bias), right, label_smoothing=smoothing, reduction="sum"
        ).item()
        for some, right in zip(hidden.split(ROWS), wanted.split(ROWS), strict=True)
    )
    return hidden.new_tensor(total / max(len(hidden), 1))


def _differentiate(logits: Tensor, right: Tensor, smoothing: float) -> float:
    """Give the summed loss of some rows, and put the gradient in the place of their logits."""
    mean, said = logits.mean(1), logits.gather(1, right[:, None])[:, 0].clone()
    top = logits.amax(1, keepdim=True)
    size = logits.sub_(top).exp_().sum(1, keepdim=True)
    loss = (top + size.log())[:, 0] - (1 - smoothing) * said - smoothing * mean
    logits.div_(size).sub_(smoothing / logits.shape[1])
    logits.scatter_add_(1, right[:, None], logits.new_full((len(logits), 1), smoothing - 1))
    return float(loss.sum())
