"""The rows' models in PyTorch, with Keras's weights in them.

Each ends in logits, since PyTorch's losses take those.  Images are channels first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from rows import Row
from torch import nn


class Read(nn.Module):
    """A recurrent layer that returns its last output."""

    def __init__(self, cell: str, inputs: int):
        super().__init__()
        self.cell = getattr(nn, cell)(inputs, 64, batch_first=True)

    def forward(self, x):
        """(batch, steps, inputs) to (batch, 64)."""
        return self.cell(x)[0][:, -1]


class Crop(nn.Module):
    """Keep all but the last line and column, as Keras's padding does."""

    def forward(self, x):
        """Return a view."""
        return x[:, :, :-1, :-1]


class Channels(nn.Module):
    """Channels before steps."""

    def forward(self, x):
        """(batch, steps, channels) to (batch, channels, steps)."""
        return x.transpose(1, 2)


class GlobalMax(nn.Module):
    """The largest value of each channel."""

    def forward(self, x):
        """(batch, channels, steps) to (batch, channels)."""
        return x.amax(-1)


class Transformer(nn.Module):
    """The block of `rows.transformer`; queries, keys and values by one product."""

    def __init__(self, vocabulary: int, length: int, drop: float):
        super().__init__()
        self.words, self.places = nn.Embedding(vocabulary, 32), nn.Embedding(length, 32)
        self.qkv, self.out = nn.Linear(32, 3 * 64), nn.Linear(64, 32)
        self.norms = nn.ModuleList([nn.LayerNorm(32, eps=1e-6) for _ in range(2)])
        self.wide, self.narrow = nn.Linear(32, 32), nn.Linear(32, 32)
        self.dense, self.last = nn.Linear(32, 20), nn.Linear(20, 2)
        self.drop = nn.Dropout(drop)

    def forward(self, x):
        """(batch, length) words to (batch, 2) logits."""
        x = self.words(x) + self.places.weight
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, 2, 32).permute(2, 0, 3, 1, 4)
        seen = nn.functional.scaled_dot_product_attention(q, k, v)
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, 64))
        x = self.norms[0](x + self.drop(seen))
        x = self.norms[1](x + self.drop(self.narrow(self.wide(x).relu())))
        x = self.drop(x.mean(1))
        return self.last(self.drop(self.dense(x).relu()))

    def fill(self, weights: Iterator[np.ndarray]) -> None:
        """Take Keras's weights, where each head has its own axis."""
        copy(self.words.weight, next(weights))
        copy(self.places.weight, next(weights))
        kernels, biases = [], []
        for _ in range(3):
            kernels.append(next(weights).reshape(32, 64).T)
            biases.append(next(weights).reshape(64))
        copy(self.qkv.weight, np.concatenate(kernels))
        copy(self.qkv.bias, np.concatenate(biases))
        copy(self.out.weight, next(weights).reshape(64, 32).T)
        copy(self.out.bias, next(weights))
        for module in (self.norms[0], self.wide, self.narrow, self.norms[1]):
            _fill_one(module, weights)
        for module in (self.dense, self.last):
            _fill_one(module, weights)


# Weights


def copy(parameter: torch.Tensor, value: np.ndarray) -> None:
    """Write an array into a parameter."""
    with torch.no_grad():
        parameter.copy_(torch.tensor(np.ascontiguousarray(value)))


def fill(model: nn.Module, weights: list[np.ndarray]) -> None:
    """Put the weights of a Keras model, in its order, into a PyTorch model."""
    left = iter(weights)
    if isinstance(model, Transformer):
        model.fill(left)
    else:
        image = None
        for module in model.modules():
            if isinstance(module, nn.Conv2d):
                image = module.out_channels
            if isinstance(module, nn.Linear) and image:
                kernel = next(left)  # of a flattened (height, width, channels)
                pixels = kernel.reshape(-1, image, kernel.shape[-1])
                copy(module.weight, pixels.transpose(2, 1, 0).reshape(kernel.T.shape))
                copy(module.bias, next(left))
            else:
                _fill_one(module, left)
    assert next(left, None) is None


def _fill_one(module: nn.Module, weights: Iterator[np.ndarray]) -> None:
    if isinstance(module, nn.Linear):
        copy(module.weight, next(weights).T)
        copy(module.bias, next(weights))
    elif isinstance(module, nn.Conv2d | nn.Conv1d | nn.ConvTranspose2d):
        kernel = next(weights)  # (*window, in, out); transposed: (*window, out, in)
        copy(module.weight, np.moveaxis(kernel, (-1, -2), (0, 1)))
        copy(module.bias, next(weights))
    elif isinstance(module, nn.Embedding):
        copy(module.weight, next(weights))
    elif isinstance(module, nn.BatchNorm2d):
        for name in ("weight", "bias", "running_mean", "running_var"):
            copy(getattr(module, name), next(weights))
    elif isinstance(module, nn.LayerNorm):
        copy(module.weight, next(weights))
        copy(module.bias, next(weights))
    elif isinstance(module, nn.LSTM):
        copy(module.weight_ih_l0, next(weights).T)
        copy(module.weight_hh_l0, next(weights).T)
        copy(module.bias_ih_l0, next(weights))
        # Keras has one bias: were both trained, it would move twice as fast.
        copy(module.bias_hh_l0, np.zeros(module.bias_hh_l0.shape, np.float32))
        module.bias_hh_l0.requires_grad_(False)
    elif isinstance(module, nn.GRU):
        copy(module.weight_ih_l0, _reset_first(next(weights)).T)
        copy(module.weight_hh_l0, _reset_first(next(weights)).T)
        inputs, recurrent = next(weights)
        copy(module.bias_ih_l0, _reset_first(inputs))
        copy(module.bias_hh_l0, _reset_first(recurrent))


def _reset_first(weight: np.ndarray) -> np.ndarray:
    """Keras's gates are update, reset, candidate; PyTorch's begin with reset."""
    update, reset, candidate = np.split(weight, 3, axis=-1)
    return np.concatenate([reset, update, candidate], axis=-1)


# Models


def model(row: Row, drop: bool = True, cropped: bool = False) -> nn.Module:
    """Return the model of a row.

    `cropped` makes the transposed convolutions equal to Keras's; without it their
    padding differs by one pixel, which costs PyTorch nothing.
    """
    return FAMILIES[row.family](drop=drop, cropped=cropped, **row.options)


def _mlp(widths: tuple[int, ...], **_: Any) -> nn.Module:
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _convnet(drop: bool, **_: Any) -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.5 * drop), nn.Linear(1600, 10)),
    )


def _batchnorm(**_: Any) -> nn.Module:
    layers: list[nn.Module] = []
    before = 3
    for filters in (32, 64, 128):
        for _i in range(2):
            layers += [nn.Conv2d(before, filters, 3, padding=1), nn.ReLU()]
            layers += [nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)]
            before = filters
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 16, 10))


def _recurrent(cell: str, **_: Any) -> nn.Module:
    return nn.Sequential(Read(cell, 28), nn.Linear(64, 10))


def _words(cell: str, vocabulary: int, **_: Any) -> nn.Module:
    return nn.Sequential(nn.Embedding(vocabulary, 64), Read(cell, 64), nn.Linear(64, 1))


def _words_convnet(vocabulary: int, **_: Any) -> nn.Module:
    return nn.Sequential(
        *(nn.Embedding(vocabulary, 50), Channels(), nn.Conv1d(50, 250, 3), nn.ReLU()),
        *(GlobalMax(), nn.Linear(250, 250), nn.ReLU(), nn.Linear(250, 1)),
    )


def _transformer(vocabulary: int, length: int, drop: bool, **_: Any) -> nn.Module:
    return Transformer(vocabulary, length, 0.1 * drop)


def _autoencoder(cropped: bool, **_: Any) -> nn.Module:
    def grow() -> list[nn.Module]:
        if cropped:
            return [nn.ConvTranspose2d(32, 32, 3, 2), Crop(), nn.ReLU()]
        return [nn.ConvTranspose2d(32, 32, 3, 2, 1, output_padding=1), nn.ReLU()]

    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *grow(),
        *grow(),
        nn.Conv2d(32, 1, 3, padding=1),
    )


FAMILIES = {
    "mlp": _mlp,
    "convnet": _convnet,
    "batchnorm": _batchnorm,
    "recurrent": _recurrent,
    "words": _words,
    "words_convnet": _words_convnet,
    "transformer": _transformer,
    "autoencoder": _autoencoder,
}
