"""Each of 40 operations alone: forward, and forward with backward, at three sizes.

    python tests/benchmarks/operations.py [--rounds 5] [--json FILE]

compares KeraTorch with PyTorch, MyGrad and autograd, where they are installed, in
float32.  Each contender runs in processes of its own, in turn with the others.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from timing import machine

CONTENDERS = {
    "KeraTorch": "keratorch",
    "PyTorch": "torch",
    "MyGrad": "mygrad",
    "autograd": "autograd",
}
SIZES = {"1": (1, 1), "32x32": (32, 32), "512x512": (512, 512)}
MODES = ("forward", "forward and backward")
SECONDS = 0.01  # of one measurement
CALLS = 200  # of one measurement, at most

# Functions of a library `m`, which names its functions as NumPy does, and of arrays.
OPERATIONS = {
    "add": lambda m, a, b: m.add(a, b),
    "subtract": lambda m, a, b: m.subtract(a, b),
    "multiply": lambda m, a, b: m.multiply(a, b),
    "divide": lambda m, a, b: m.divide(a, b),
    "power": lambda m, a, b: a**b,
    "add a row": lambda m, a, b: a + b[0],
    "maximum": lambda m, a, b: m.maximum(a, b),
    "minimum": lambda m, a, b: m.minimum(a, b),
    "logaddexp": lambda m, a, b: m.logaddexp(a, b),
    "where": lambda m, a, b: m.where(m.mask, a, b),
    "clip": lambda m, a: m.clip(a, 0.7, 1.2),
    "negative": lambda m, a: m.negative(a),
    "abs": lambda m, a: m.abs(a),
    "square": lambda m, a: m.square(a),
    "sqrt": lambda m, a: m.sqrt(a),
    "exp": lambda m, a: m.exp(a),
    "log": lambda m, a: m.log(a),
    "sin": lambda m, a: m.sin(a),
    "cos": lambda m, a: m.cos(a),
    "tanh": lambda m, a: m.tanh(a),
    "arctan": lambda m, a: m.arctan(a),
    "sum": lambda m, a: m.sum(a),
    "sum of rows": lambda m, a: m.sum(a, axis=0),
    "mean": lambda m, a: m.mean(a),
    "max of rows": lambda m, a: m.amax(a, axis=0),
    "var": lambda m, a: m.var(a),
    "cumsum": lambda m, a: m.cumsum(a, axis=0),
    "norm": lambda m, a: m.linalg.norm(a),
    "reshape": lambda m, a: m.reshape(a, (-1,)),
    "transpose": lambda m, a: a.T,
    "broadcast": lambda m, a: m.broadcast_to(a, (2, *a.shape)),
    "concatenate": lambda m, a, b: m.concatenate([a, b]),
    "stack": lambda m, a, b: m.stack([a, b]),
    "slice": lambda m, a: a[:, 0],
    "gather rows": lambda m, a: a[m.rows],
    "roll": lambda m, a: m.roll(a, 1),
    "matmul": lambda m, a, b: a @ b,
    "einsum": lambda m, a, b: m.einsum("ij,kj->ik", a, b),
    "outer": lambda m, a, b: m.outer(a[0], b[0]),
    "inv": lambda m, a: m.linalg.inv(a + m.identity),
}


class Library:
    """A library's functions, and what the operations need besides.

    They are held here by name, so that looking them up takes next to no time.
    """

    def __init__(self, functions, **constants):
        vars(self).update(vars(functions), **constants)


def keratorch_runner(arrays, upstream, constants):
    """Return the library, and how to go forward and backward with it."""
    from keratorch import GradArray

    def forward(function):
        return function(*map(GradArray, arrays))

    def backward(function):
        forward(function).backward(upstream)

    return Library(np, **constants), forward, backward


def torch_runner(arrays, upstream, constants):
    """Return the library, and how to go forward and backward with it."""
    import torch

    tensors = [torch.from_numpy(x) for x in arrays]
    grad = torch.from_numpy(upstream)
    constants = {name: torch.from_numpy(x) for name, x in constants.items()}

    def forward(function):
        return function(*[x.detach().requires_grad_() for x in tensors])

    def backward(function):
        forward(function).backward(grad)

    return Library(torch, **constants), forward, backward


def mygrad_runner(arrays, upstream, constants):
    """Return the library, and how to go forward and backward with it."""
    import mygrad

    def forward(function):
        return function(*[mygrad.tensor(x, copy=False) for x in arrays])

    def backward(function):
        forward(function).backward(upstream)

    return Library(mygrad, **constants), forward, backward


def autograd_runner(arrays, upstream, constants):
    """Return the library, and how to go forward and backward with it."""
    import autograd.numpy
    from autograd import make_vjp

    def forward(function):
        return make_vjp(lambda xs: function(*xs))(arrays)[1]

    def backward(function):
        make_vjp(lambda xs: function(*xs))(arrays)[0](upstream)

    return Library(autograd.numpy, **constants), forward, backward


def inputs_of(size):
    """Return two positive arrays, and constants that operations use."""
    rng = np.random.default_rng(0)
    arrays = [rng.uniform(0.5, 1.5, size).astype(np.float32) for _ in range(2)]
    constants = {
        "mask": rng.random(size) < 0.5,
        "rows": rng.integers(size[0], size=size[0]),
        "identity": size[0] * np.eye(size[0], dtype=np.float32),
    }
    return arrays, constants


def time_all(module, size):
    """Print as JSON the microseconds of each operation and mode in one library."""
    arrays, constants = inputs_of(SIZES[size])
    times = {}
    for name, operation in OPERATIONS.items():
        taken = arrays[: operation.__code__.co_argcount - 1]
        plain = operation(Library(np, **constants), *taken)
        upstream = np.ones(np.shape(plain), np.float32)
        runner = globals()[f"{module}_runner"]
        library, *modes = runner(taken, upstream, constants)
        function = functools.partial(operation, library)
        try:
            times[name] = [time_of(mode, function) for mode in modes]
        except (AttributeError, NotImplementedError, AssertionError, TypeError):
            if module == "keratorch":
                raise
            times[name] = None  # the library has no such function
    print(json.dumps(times))


def time_of(mode, function):
    """Return the microseconds of one call: the least of three measurements."""
    start = time.perf_counter()
    mode(function)
    mode(function)
    once = (time.perf_counter() - start) / 2
    calls = max(1, min(CALLS, int(SECONDS / once)))
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(calls):
            mode(function)
        best = min(best, (time.perf_counter() - start) / calls)
    return best * 1e6


def measure(names, rounds):
    """Return {size: {contender: {operation: [times of each mode] by round}}}."""
    found = {size: {name: [] for name in names} for size in SIZES}
    for _ in range(rounds):
        for size in SIZES:
            for name in names:
                command = [sys.executable, __file__, "--one", CONTENDERS[name], size]
                out = subprocess.run(command, capture_output=True, text=True)
                if out.returncode:
                    sys.exit(out.stderr)
                found[size][name].append(json.loads(out.stdout.splitlines()[-1]))
    return found


def median_of(rounds, operation, mode):
    """Return the median over the rounds, None where the library lacks the operation."""
    if rounds[0][operation] is None:
        return None
    return statistics.median(times[operation][mode] for times in rounds)


def summary(found, names):
    """Yield Markdown rows: the median over all operations of other / ours."""
    yield f"| others' time / ours, median of the operations | {' | '.join(names[1:])} |"
    yield "|" + " --- |" * len(names)
    for size, by_name in found.items():
        for mode, title in enumerate(MODES):
            cells = []
            for name in names[1:]:
                ratios = [
                    other / median_of(by_name[names[0]], operation, mode)
                    for operation in OPERATIONS
                    if (other := median_of(by_name[name], operation, mode))
                ]
                wins = sum(ratio >= 1 for ratio in ratios)
                middle = statistics.median(ratios)
                cells.append(f"{middle:.2f} ({wins} of {len(ratios)} won)")
            yield f"| {size}, {title} | {' | '.join(cells)} |"


def details(found, names, size):
    """Yield Markdown rows: microseconds of each operation, forward and backward."""
    yield f"| µs at {size}, {MODES[1]} | {' | '.join(names)} |"
    yield "|" + " --- |" * (len(names) + 1)
    for operation in OPERATIONS:
        times = [median_of(found[size][name], operation, 1) for name in names]
        cells = ["-" if t is None else f"{t:,.1f}" for t in times]
        yield f"| {operation} | {' | '.join(cells)} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("LIBRARY", "SIZE"))
    options = parser.parse_args()
    if options.one:
        time_all(*options.one)
        return
    names = [name for name, m in CONTENDERS.items() if importlib.util.find_spec(m)]
    if "KeraTorch" not in names:
        sys.exit("KeraTorch is not installed here: run pip install -e . first.")
    found = measure(names, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(found))
    print(machine())
    for rows in (summary(found, names), details(found, names, "32x32")):
        print()
        print("\n".join(rows))


if __name__ == "__main__":
    main()
