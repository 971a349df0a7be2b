"""Training steps of multi-layer perceptrons: `fit` and the plain loop.

    python tests/benchmarks/mlp_steps.py            Keras on PyTorch
    KERAS_BACKEND=jax python tests/benchmarks/mlp_steps.py

compares KeraTorch with PyTorch's plain loop and Keras's `fit`, where they are
installed, on the same data, weights, optimizer (Adam) and float32, and checks that the
losses agree.  Each contender runs in processes of its own, in turn with the others: in
one process their thread pools would slow each other down.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
from timing import header, machine, row

import keratorch

os.environ.setdefault("KERAS_BACKEND", "torch")
try:
    import torch
except ImportError:
    torch = None
try:
    import keras
except ImportError:
    keras = None

ROWS = {  # widths of the layers, batch size
    "MLP 784-128-10 [32]": ((784, 128, 10), 32),
    "MLP 784-128-10 [128]": ((784, 128, 10), 128),
    "MLP 784-512-512-10 [128]": ((784, 512, 512, 10), 128),
    "MLP 784-1024x3-10 [256]": ((784, 1024, 1024, 1024, 10), 256),
    "MLP 64-32-10 [32]": ((64, 32, 10), 32),
}
STEPS = 20  # of one round
ROUNDS = 6  # of one process


def model_of(library, widths, weights):
    """Return the Keras model of a library, compiled, with given weights."""
    layers = library.layers
    model = library.Sequential(
        [
            library.Input((widths[0],)),
            *(layers.Dense(n, activation="relu") for n in widths[1:-1]),
            layers.Dense(widths[-1], activation="softmax"),
        ]
    )
    model.set_weights(weights)
    model.compile(
        library.optimizers.Adam(0.001),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def fit_of(library, widths, weights, x, y, batch):
    """Return a function that trains for one round by `fit`, and the model."""
    model = model_of(library, widths, weights)
    return lambda: model.fit(x, y, batch_size=batch, shuffle=False, verbose=0), model


def keratorch_loop(widths, weights, x, y, batch):
    """Return a function that trains for one round by the plain loop."""
    model = model_of(keratorch, widths, weights)
    loss_function = keratorch.losses.SparseCategoricalCrossentropy()
    optimizer = keratorch.optimizers.Adam(model.parameters(), lr=0.001)

    def run():
        for start in range(0, len(x), batch):
            optimizer.zero_grad()
            loss = loss_function(
                y[start : start + batch], model(x[start : start + batch])
            )
            loss.backward()
            optimizer.step()
        return loss.item()

    return run


def torch_loop(widths, weights, x, y, batch):
    """Return a function that trains for one round by PyTorch's plain loop."""
    layers = []
    for i, (before, after) in enumerate(pairwise(widths)):
        linear = torch.nn.Linear(before, after)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weights[2 * i].T))
            linear.bias.copy_(torch.tensor(weights[2 * i + 1]))
        layers += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    x, y = torch.tensor(x), torch.tensor(y.astype(np.int64))

    def run():
        for start in range(0, len(x), batch):
            optimizer.zero_grad()
            loss = loss_function(
                model(x[start : start + batch]), y[start : start + batch]
            )
            loss.backward()
            optimizer.step()
        return loss.item()

    return run


def data_of(widths, batch):
    """Return weights, inputs and labels of a row, the same for all contenders."""
    generator = np.random.default_rng(0)
    x = generator.random((STEPS * batch, widths[0]), dtype=np.float32)
    y = generator.integers(0, widths[-1], STEPS * batch)
    weights = []
    for before, after in pairwise(widths):
        limit = np.sqrt(6 / (before + after))
        kernel = generator.uniform(-limit, limit, (before, after))
        weights += [kernel.astype(np.float32), np.zeros(after, np.float32)]
    return weights, x, y


def fit_loss(library):
    """Return what makes a round of `fit` that returns the loss of its epoch."""

    def make(*arguments):
        run = fit_of(library, *arguments)[0]
        return lambda: run().history["loss"][-1]

    return make


CONTENDERS = {
    "KeraTorch fit": lambda: fit_loss(keratorch),
    "KeraTorch loop": lambda: keratorch_loop,
    **({"PyTorch loop": lambda: torch_loop} if torch else {}),
    **(
        {f"Keras fit on {keras.backend.backend()}": lambda: fit_loss(keras)}
        if keras
        else {}
    ),
}


def run_alone(name):
    """Print the microseconds per step, and the first loss, of a contender's rows."""
    results = {}
    for title, (widths, batch) in ROWS.items():
        weights, x, y = data_of(widths, batch)
        run = CONTENDERS[name]()(widths, weights, x, y, batch)
        loss, times = run(), []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) / STEPS * 1e6)
        results[title] = {"loss": loss, "times": times}
    print(json.dumps(results))


def main() -> None:
    """Let the contenders run in turn, and print the table."""
    times = {title: {name: [] for name in CONTENDERS} for title in ROWS}
    losses = {title: {} for title in ROWS}
    for _ in range(2):
        for name in CONTENDERS:
            command = [sys.executable, __file__, name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            for title, result in json.loads(done.stdout.splitlines()[-1]).items():
                times[title][name] += result["times"]
                losses[title][name] = result["loss"]
    for found in losses.values():
        # `fit` gives the mean of the epoch, the loops their last loss. PyTorch's Adam
        # adds epsilon after the bias correction, Keras's before.
        for kind, rtol in (("fit", 1e-3), ("loop", 2e-2)):
            values = np.array([loss for name, loss in found.items() if kind in name])
            np.testing.assert_allclose(values, np.full(values.shape, values[0]), rtol)
    print(machine())
    print(header(list(CONTENDERS)))
    for title in ROWS:
        print(row(title, times[title], "KeraTorch fit"))


if __name__ == "__main__":
    run_alone(sys.argv[1]) if len(sys.argv) > 1 else main()
