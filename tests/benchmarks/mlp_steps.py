"""Training steps of multi-layer perceptrons: `fit` and the plain loop.

    python tests/benchmarks/mlp_steps.py            Keras on PyTorch
    KERAS_BACKEND=jax python tests/benchmarks/mlp_steps.py

compares KeraTorch with PyTorch's plain loop and Keras's `fit`, where they are
installed, on the same data, weights, optimizer (Adam) and float32, and checks that the
losses agree.
"""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
from timing import header, in_turn, machine, row

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


def measure(title, widths, batch):
    """Return the microseconds per step of all contenders, checked to agree."""
    generator = np.random.default_rng(0)
    x = generator.random((STEPS * batch, widths[0]), dtype=np.float32)
    y = generator.integers(0, widths[-1], STEPS * batch)
    weights = []
    for before, after in pairwise(widths):
        limit = np.sqrt(6 / (before + after))
        kernel = generator.uniform(-limit, limit, (before, after))
        weights += [kernel.astype(np.float32), np.zeros(after, np.float32)]
    arguments = (widths, weights, x, y, batch)
    fit, _ = fit_of(keratorch, *arguments)
    contenders = {"KeraTorch fit": fit, "KeraTorch loop": keratorch_loop(*arguments)}
    last = {"KeraTorch loop": contenders["KeraTorch loop"]()}
    if torch is not None:
        contenders["PyTorch loop"] = torch_loop(*arguments)
        last["PyTorch loop"] = contenders["PyTorch loop"]()
    if keras is not None:
        name = f"Keras fit on {keras.backend.backend()}"
        contenders[name], _ = fit_of(keras, *arguments)
    history = {n: run().history["loss"] for n, run in contenders.items() if "fit" in n}
    # PyTorch's Adam adds epsilon after the bias correction, Keras's before.
    for found, rtol in ((last, 2e-2), (history, 1e-3)):
        values = np.array(list(found.values()))
        np.testing.assert_allclose(values, np.full(values.shape, values[0]), rtol)
    times = in_turn(contenders, rounds=15, per_round=1)
    return {name: [t / STEPS for t in values] for name, values in times.items()}


def main() -> None:
    """Print the table."""
    print(machine())
    for i, (title, (widths, batch)) in enumerate(ROWS.items()):
        times = measure(title, widths, batch)
        if i == 0:
            print(header(list(times)))
        print(row(title, times, "KeraTorch fit"), flush=True)


if __name__ == "__main__":
    main()
