"""What each fast path gains over the textbook form that it equals.

    python tests/benchmarks/fused.py [--rounds 7] [--rows REGEX] [--json FILE]

runs both in turn, by ``keratorch.config.set_fast``, forward and backward in float32,
after it has checked that their gradients agree.  It fails if a fused operation of the
library has no line.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import pkgutil
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import in_turn, machine

import keratorch as keras
from keratorch import GradArray, config, gradients, graph, layers, losses, ops
from keratorch.grads.fused import Fused

SECONDS = 0.1  # of one measurement, about
PAUSE = 0.1  # seconds before each, in which the threads of BLAS fall asleep
TOLERANCE = 1e-4  # of gradients, relative to their largest element

rng = np.random.default_rng(0)


def numbers(*shape: int) -> GradArray:
    """Return an array of random numbers that wants a gradient."""
    return GradArray(rng.standard_normal(shape, dtype=np.float32))


def probabilities(rows: int, classes: int) -> GradArray:
    """Return rows that add up to 1."""
    return GradArray(ops.softmax(numbers(rows, classes)).numpy())


def through(layer: Any, *shape: int, **options: Any) -> Callable:
    """Return what a layer makes of numbers, and with which derivatives."""
    x = numbers(*shape)
    layer(x, **options)  # builds it
    return differentiated(lambda: layer(x, **options), [x, *layer.trainable_variables])


def differentiated(function: Callable[[], Any], wanted: list[GradArray]) -> Callable:
    """Return a function that goes forward and backward: result and gradients."""
    shape = function().shape
    upstream = np.asarray(rng.standard_normal(shape), np.float32)

    def run() -> tuple[Any, list[np.ndarray]]:
        out = function()
        return out, gradients(out, wanted, upstream)

    return run


def of(function: Callable, *inputs: Any) -> Callable:
    """Return what a function makes of inputs, and with which derivatives."""
    wanted = [x for x in inputs if isinstance(x, GradArray)]
    return differentiated(lambda: function(*inputs), wanted)


def loss_of(loss: Any, target: np.ndarray, outputs: GradArray) -> Callable:
    """Return a loss and its gradient."""
    return differentiated(lambda: loss(target, outputs), [outputs])


def updates(optimizer: Any, *shapes: tuple[int, ...]) -> Callable:
    """Return a step of an optimizer over weights of these shapes."""
    weights = [numbers(*shape) for shape in shapes]
    found = [np.full(shape, 1e-3, np.float32) for shape in shapes]
    optimizer.build(weights)

    def run() -> tuple[None, list[np.ndarray]]:
        optimizer.apply(found, weights)
        return None, []

    return run


def fits(
    shape: tuple[int, ...], *hidden: Any, batch_size: int = 32, steps: int = 100
) -> Callable:
    """Return an epoch of `fit` of a model for 10 classes: the weights after it."""
    last = layers.Dense(10, "softmax")
    model = keras.Sequential([keras.Input(shape), *hidden, last])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = numbers(steps * batch_size, *shape).numpy()
    y = labels(len(x), 10)
    first = model.get_weights()

    def run() -> tuple[None, list[np.ndarray]]:
        model.set_weights(first)
        model.fit(x, y, batch_size, verbose=0, shuffle=False)
        return None, model.get_weights()

    return run


def labels(rows: int, classes: int) -> np.ndarray:
    """Return a class for each row."""
    return rng.integers(0, classes, rows)


_IMAGES = 32, 28, 28, 32
_STEPS = 64, 28, 28
_HEADS = 16, 100, 4, 16

ROWS: dict[str, Callable[[], Callable]] = {
    "dense, bias, relu": lambda: through(layers.Dense(512, "relu"), 128, 784),
    "Conv2D 3x3, bias, relu": lambda: through(
        layers.Conv2D(32, 3, activation="relu"), *_IMAGES
    ),
    "Conv2D 5x5, strides 2": lambda: through(layers.Conv2D(32, 5, strides=2), *_IMAGES),
    "Conv2D 1x1": lambda: through(layers.Conv2D(32, 1), *_IMAGES),
    "DepthwiseConv2D 3x3": lambda: through(layers.DepthwiseConv2D(3), *_IMAGES),
    "Conv1D 5": lambda: through(layers.Conv1D(64, 5), 32, 400, 32),
    "ops.conv": lambda: of(ops.conv, numbers(*_IMAGES), numbers(3, 3, 32, 32)),
    "Conv2DTranspose 3x3, strides 2": lambda: through(
        layers.Conv2DTranspose(16, 3, strides=2, activation="relu"), 32, 14, 14, 32
    ),
    "ops.conv_transpose": lambda: of(
        lambda x, kernel: ops.conv_transpose(x, kernel, 2),
        numbers(32, 14, 14, 32),
        numbers(3, 3, 16, 32),
    ),
    "Conv1D 5, relu, GlobalMaxPooling1D": lambda: through(
        keras.Sequential(
            [layers.Conv1D(64, 5, activation="relu"), layers.GlobalMaxPooling1D()]
        ),
        *(32, 400, 32),
    ),
    "GlobalMaxPooling1D": lambda: through(layers.GlobalMaxPooling1D(), 32, 400, 64),
    "BatchNormalization, training": lambda: through(
        layers.BatchNormalization(), *_IMAGES, training=True
    ),
    "BatchNormalization, inference": lambda: through(
        layers.BatchNormalization(), *_IMAGES, training=False
    ),
    "GroupNormalization": lambda: through(layers.GroupNormalization(8), *_IMAGES),
    "LayerNormalization": lambda: through(layers.LayerNormalization(), 32, 200, 64),
    "RMSNormalization": lambda: through(layers.RMSNormalization(), 32, 200, 64),
    "attention": lambda: of(
        ops.dot_product_attention, *(numbers(*_HEADS) for _ in range(3))
    ),
    "gelu": lambda: of(ops.gelu, numbers(128, 1024)),
    "leaky_relu": lambda: of(ops.leaky_relu, numbers(128, 1024)),
    "silu": lambda: of(ops.silu, numbers(128, 1024)),
    "SimpleRNN": lambda: through(layers.SimpleRNN(64), *_STEPS),
    "LSTM": lambda: through(layers.LSTM(64), *_STEPS),
    "GRU": lambda: through(layers.GRU(64), *_STEPS),
    "CategoricalCrossentropy": lambda: loss_of(
        losses.CategoricalCrossentropy(),
        np.eye(10, dtype=np.float32)[labels(1024, 10)],
        probabilities(1024, 10),
    ),
    "SparseCategoricalCrossentropy": lambda: loss_of(
        losses.SparseCategoricalCrossentropy(),
        labels(1024, 10),
        probabilities(1024, 10),
    ),
    "CategoricalCrossentropy, logits": lambda: loss_of(
        losses.CategoricalCrossentropy(from_logits=True),
        np.eye(10, dtype=np.float32)[labels(1024, 10)],
        numbers(1024, 10),
    ),
    "SparseCategoricalCrossentropy, logits": lambda: loss_of(
        losses.SparseCategoricalCrossentropy(from_logits=True),
        labels(1024, 10),
        numbers(1024, 10),
    ),
    "BinaryCrossentropy, logits": lambda: loss_of(
        losses.BinaryCrossentropy(from_logits=True),
        labels(1024, 2)[:, None],
        numbers(1024, 1),
    ),
    "MeanSquaredError": lambda: loss_of(
        losses.MeanSquaredError(), numbers(1024, 32).numpy(), numbers(1024, 32)
    ),
    "Adam, 60 small weights": lambda: updates(
        keras.optimizers.Adam(1e-6), *[(16, 16)] * 60
    ),
    "Adam, 2,000,000 weights": lambda: updates(
        keras.optimizers.Adam(1e-6), (2000, 1000)
    ),
    "fit, 64-32-10 [32], 100 steps": lambda: fits((64,), layers.Dense(32, "relu")),
    "fit, 784-128-10 [32], 100 steps": lambda: fits((784,), layers.Dense(128, "relu")),
    # in parts, side by side
    "fit, Conv2D 32, pool [128], 10 steps": lambda: fits(
        (28, 28, 1),
        *(layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()),
        layers.Flatten(),
        batch_size=128,
        steps=10,
    ),
    # shared with another process, where there are two processors
    "fit, LSTM 64 [128], 200 steps": lambda: fits(
        (28, 28), layers.LSTM(64), batch_size=128, steps=200
    ),
    "SGD, momentum, 2,000,000 weights": lambda: updates(
        keras.optimizers.SGD(1e-6, momentum=0.9), (2000, 1000)
    ),
}


def by_the_textbook(run: Callable) -> Callable:
    """Return a function that does the same by the forms of the textbook."""

    def slowly() -> Any:
        config.set_fast(False)
        try:
            return run()
        finally:
            config.set_fast(True)

    return slowly


def compared(title: str, run: Callable) -> set[type]:
    """Check that both forms agree; return the fused operations that were recorded."""
    out, found = run()
    _, expected = by_the_textbook(run)()
    for a, b in zip(found, expected, strict=True):
        error = np.abs(a - b).max() / max(1.0, np.abs(b).max())
        if error > TOLERANCE:
            raise SystemExit(f"{title}: the gradients differ by {error:.1e}.")
    operations = [] if out is None else graph.newest_first([out])
    return {type(op) for op in operations if isinstance(op, Fused)}


def fused_operations() -> set[type]:
    """Return the concrete fused operations of the library."""
    package = importlib.import_module("keratorch.grads")
    for module in pkgutil.walk_packages(package.__path__, "keratorch.grads."):
        importlib.import_module(module.name)
    found, waiting = set(), [Fused]
    while waiting:
        derived = waiting.pop().__subclasses__()
        waiting += derived
        found.update(cls for cls in derived if not inspect.isabstract(cls))
    return found


def measure(title: str, rounds: int, seen: set[type]) -> dict[str, Any]:
    """Return the median microseconds of both forms."""
    run = ROWS[title]()
    operations = compared(title, run)
    seen |= operations
    slowly = by_the_textbook(run)
    start = time.perf_counter()
    slowly()
    calls = max(1, round(SECONDS / (time.perf_counter() - start)))
    times = in_turn({"fast": run, "textbook": slowly}, rounds, calls, PAUSE)
    return {
        "operations": sorted(cls.__name__ for cls in operations),
        **{name: statistics.median(values) for name, values in times.items()},
    }


def markdown(found: dict[str, dict[str, Any]]) -> str:
    """Return the table."""
    lines = [
        "| | fused operations | textbook, µs | fast, µs | gain |",
        "|" + " --- |" * 5,
    ]
    lines += [
        f"| {title} | {', '.join(row['operations']) or '-'} | {row['textbook']:,.0f} "
        f"| {row['fast']:,.0f} | {row['textbook'] / row['fast']:.1f}x |"
        for title, row in found.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--rows", default="", help="a regular expression")
    parser.add_argument("--json", help="also write what was measured")
    arguments = parser.parse_args()
    seen: set[type] = set()
    found = {
        title: measure(title, arguments.rounds, seen)
        for title in ROWS
        if re.search(arguments.rows, title, re.IGNORECASE)
    }
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(found, file, indent=1)
    print(machine())
    print()
    print(markdown(found))
    missing = fused_operations() - seen
    if missing and not arguments.rows:
        raise SystemExit(f"without a line: {sorted(x.__name__ for x in missing)}")


if __name__ == "__main__":
    main()
