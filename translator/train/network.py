"""A Transformer (Vaswani et al. 2017) in the layout that CTranslate2 loads.

Layer norm stands before each part (pre-norm: Xiong et al. 2020, arXiv:2002.04745), positions are sinusoids, and one
table embeds sources and targets and is the output layer (Press and Wolf 2017). The names of the weights are the format
of checkpoints: they stay.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from translator.train.loss import OutputLoss, measured
from translator.train.shape import PAD, Shape


def positions(length: int, width: int) -> Tensor:
    """Give the table of sinusoids (length, width): sine and cosine take turns, as CTranslate2 reads it."""
    rate = torch.exp(torch.arange(0, width, 2).float() * (-math.log(10000.0) / width))
    angle = torch.arange(length).float()[:, None] * rate
    table = torch.zeros(length, width)
    table[:, 0::2], table[:, 1::2] = angle.sin(), angle.cos()
    return table


class Attention(nn.Module):
    """Attention of many heads, to the same sequence or (`cross`) to what the encoder made; its projections fused."""

    def __init__(self, shape: Shape, *, cross: bool = False) -> None:
        super().__init__()
        width = shape.width
        self.heads, self.dropout, self.cross = shape.heads, shape.dropout, cross
        self.norm = nn.LayerNorm(width)
        if cross:
            self.q, self.kv = nn.Linear(width, width), nn.Linear(width, 2 * width)
        else:
            self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, mask: Tensor | None = None, *, causal: bool = False
    ) -> Tensor:
        """Attend; `mask` is true where something stands."""
        inner = self.norm(x)
        parts = (self.q(inner), *self.kv(memory).chunk(2, -1)) if self.cross else self.qkv(inner).chunk(3, -1)
        dropout = self.dropout if self.training else 0.0
        query, key, value = map(self._split, parts)
        found = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=causal, dropout_p=dropout
        )
        return self.out(found.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        """Turn (batch, length, width) into (batch, heads, length, width of a head)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear layers with a ReLU between them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.up, self.down = nn.Linear(shape.width, shape.ffn), nn.Linear(shape.ffn, shape.width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Apply both."""
        return self.down(self.drop(functional.relu(self.up(self.norm(x)))))


class EncoderLayer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attn, self.ffn, self.drop = Attention(shape), FeedForward(shape), nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Add what the layer finds."""
        x = x + self.drop(self.attn(x, mask=mask))
        return x + self.drop(self.ffn(x))


class DecoderLayer(nn.Module):
    """One layer of the decoder."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attn, self.cross, self.ffn = Attention(shape), Attention(shape, cross=True), FeedForward(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Add what the layer finds, in the target until here and in the source."""
        x = x + self.drop(self.attn(x, causal=True))
        x = x + self.drop(self.cross(x, memory, mask))
        return x + self.drop(self.ffn(x))


class Transformer(nn.Module):
    """The whole network: numbers of pieces in, what is to be written out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(shape.vocab, shape.width, padding_idx=PAD)
        self.register_buffer("pe", positions(shape.max_len, shape.width), persistent=False)
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.bias = nn.Parameter(torch.zeros(shape.targets))
        self.drop = nn.Dropout(shape.dropout)
        for each in self.parameters():
            if each.dim() > 1:
                nn.init.xavier_uniform_(each)
        nn.init.normal_(self.embed.weight, std=shape.width**-0.5)

    def forward(self, source: Tensor, begun: Tensor) -> Tensor:
        """Give what the decoder makes of targets that are known until each place: (batch, length, width)."""
        mask = (source != PAD)[:, None, None, :]
        memory = self.encode(source, mask)
        x = self._enter(begun)
        for layer in self.decoder:
            x = layer(x, memory, mask)
        return self.decoder_norm(x)

    def encode(self, source: Tensor, mask: Tensor) -> Tensor:
        """Give what the encoder makes of sources."""
        x = self._enter(source)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Give the scores of all pieces that can be written."""
        return functional.linear(hidden, self._written, self.bias)

    def loss(self, source: Tensor, begun: Tensor, wanted: Tensor, smoothing: float = 0.1) -> Tensor:
        """Give the mean cross entropy of the pieces that are wanted."""
        hidden, keep = self(source, begun), wanted != PAD
        if hidden.device.type == "cpu":
            count = OutputLoss.apply if torch.is_grad_enabled() else measured
            return count(hidden[keep], self._written, self.bias, wanted[keep], smoothing)
        return functional.cross_entropy(self.logits(hidden[keep]).float(), wanted[keep], label_smoothing=smoothing)

    @property
    def _written(self) -> Tensor:
        return self.embed.weight[: self.shape.targets]

    def _enter(self, numbers: Tensor) -> Tensor:
        return self.drop(self.embed(numbers) * math.sqrt(self.shape.width) + self.pe[: numbers.shape[1]])
