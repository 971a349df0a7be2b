"""The plain loop of small autograd libraries; multi-layer perceptrons alone.

MyGrad and autograd bring no optimizer: theirs is Adam in NumPy, as Keras writes it.
"""

from __future__ import annotations

import os
import time
from itertools import pairwise
from typing import Any

import numpy as np
import rows
from rows import CHECKED, Row


class NumPyAdam:
    """Adam, in place."""

    def __init__(self, weights: list[np.ndarray]):
        self.weights, self.t = weights, 0
        self.moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]

    def step(self, gradients: list[np.ndarray]) -> None:
        """Move the weights."""
        self.t += 1
        rate = 0.001 * (1 - 0.999**self.t) ** 0.5 / (1 - 0.9**self.t)
        for w, (m, v), g in zip(self.weights, self.moments, gradients, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            w -= np.float32(rate) * m / (np.sqrt(v) + np.float32(1e-7))


class SmallPeer:
    """The loop around `step(x, y)`, which returns the loss."""

    kinds = ["loop"]

    def __init__(self, row: Row, threads: int, weights: list[np.ndarray]):
        if row.family != "mlp":
            raise ValueError("multi-layer perceptrons alone")
        self.row, self.weights = row, weights
        self.x, self.y = rows.data(row)
        self.notes: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """Begin with the first weights."""
        raise NotImplementedError

    def step(self, x: np.ndarray, y: np.ndarray) -> Any:
        """Train on one batch; return the loss."""
        raise NotImplementedError

    def current(self) -> list[np.ndarray]:
        """Return the weights as they are now."""
        raise NotImplementedError

    def check(self, kind: str) -> tuple[Any, Any]:
        """Return the losses of a few batches, and what is predicted after them."""
        batch = self.row.batch
        losses = [
            float(self.step(self.x[i : i + batch], self.y[i : i + batch]))
            for i in range(0, CHECKED * batch, batch)
        ]
        a, weights = self.x[:batch], self.current()
        for w, b in pairwise(weights):
            if w.ndim == 2:
                a = np.maximum(a @ w + b, 0) if b is not weights[-1] else a @ w + b
        e = np.exp(a - a.max(-1, keepdims=True))
        return losses, e / e.sum(-1, keepdims=True)

    def round(self, kind: str) -> float:
        """Return the seconds a step of one round."""
        x, y, batch, steps = self.x, self.y, self.row.batch, self.row.steps
        loss = 0.0
        start = time.perf_counter()
        for _ in range(self.row.epochs):
            for i in range(0, steps * batch, batch):
                loss = self.step(x[i : i + batch], y[i : i + batch])
        float(loss)
        return (time.perf_counter() - start) / (steps * self.row.epochs)


class MyGrad(SmallPeer):
    """MyGrad's tensors and its softmax cross entropy."""

    def start(self) -> None:
        """Begin with the first weights."""
        import mygrad

        mygrad.turn_memory_guarding_off()  # as its manual advises for speed
        self.mygrad = mygrad
        self.tensors = [mygrad.tensor(w.copy()) for w in self.weights]
        self.adam = NumPyAdam([t.data for t in self.tensors])

    def step(self, x: np.ndarray, y: np.ndarray) -> Any:
        """Train on one batch; return the loss."""
        nnet = self.mygrad.nnet
        a: Any = x
        for w, b in zip(self.tensors[::2], self.tensors[1::2], strict=True):
            if a is not x:
                a = nnet.relu(a)
            a = self.mygrad.matmul(a, w) + b
        loss = nnet.softmax_crossentropy(a, y)
        loss.backward()
        self.adam.step([t.grad for t in self.tensors])
        return loss.item()

    def current(self) -> list[np.ndarray]:
        """Return the weights as they are now."""
        return [t.data for t in self.tensors]


class Autograd(SmallPeer):
    """HIPS autograd: `value_and_grad` of a function of the weights."""

    def start(self) -> None:
        """Begin with the first weights."""
        import autograd
        import autograd.numpy as anp

        def loss(weights: Any, x: np.ndarray, y: np.ndarray) -> Any:
            a = x
            for w, b in zip(weights[::2], weights[1::2], strict=True):
                if a is not x:
                    a = anp.maximum(a, 0)
                a = anp.dot(a, w) + b
            a = a - anp.max(a, axis=1, keepdims=True)
            logs = anp.log(anp.sum(anp.exp(a), axis=1))
            return anp.mean(logs - a[anp.arange(len(y)), y])

        self.arrays = [w.copy() for w in self.weights]
        self.adam = NumPyAdam(self.arrays)
        self.value_and_grad = autograd.value_and_grad(loss)

    def step(self, x: np.ndarray, y: np.ndarray) -> Any:
        """Train on one batch; return the loss."""
        value, gradients = self.value_and_grad(self.arrays, x, y)
        self.adam.step(gradients)
        return value

    def current(self) -> list[np.ndarray]:
        """Return the weights as they are now."""
        return self.arrays


class Tinygrad(SmallPeer):
    """tinygrad's training step, compiled by its TinyJit; needs clang."""

    def start(self) -> None:
        """Begin with the first weights."""
        os.environ["TRAINING"] = "1"
        import tinygrad
        from tinygrad import Tensor

        self.tinygrad, self.tensors = tinygrad, [Tensor(w) for w in self.weights]
        adam = tinygrad.nn.optim.Adam(self.tensors, lr=0.001, eps=1e-7)

        @tinygrad.TinyJit
        def step(x: Any, y: Any) -> Any:
            adam.zero_grad()
            a = x
            for w, b in zip(self.tensors[::2], self.tensors[1::2], strict=True):
                a = (a if a is x else a.relu()) @ w + b
            loss = a.sparse_categorical_crossentropy(y)
            loss.backward()
            return loss.realize(*adam.schedule_step())

        self.compiled = step

    def step(self, x: np.ndarray, y: np.ndarray) -> Any:
        """Train on one batch; return the loss."""
        tensor = self.tinygrad.Tensor
        return self.compiled(tensor(x).realize(), tensor(y).realize()).item()

    def current(self) -> list[np.ndarray]:
        """Return the weights as they are now."""
        return [t.numpy() for t in self.tensors]
