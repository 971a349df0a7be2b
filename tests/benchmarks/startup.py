"""How long a program waits before and around its training.

    python tests/benchmarks/startup.py [--rounds 7]

times, each in a fresh process, the import beyond NumPy's, the first step of training of
an MLP 784-128-10 after it (making and compiling the model included), and the whole
``python script.py`` with one epoch of 6,000 samples.  The same script runs on KeraTorch
and on Keras with each backend that is installed, in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import util

from timing import machine

SCRIPT = """
import json, time
import numpy as np, numpy.random
rng = np.random.default_rng(0)
x, y = rng.random((6000, 784), "float32"), rng.integers(0, 10, 6000)
start = time.perf_counter()
import {package} as keras
keras.Sequential
imported = time.perf_counter()
model = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.train_on_batch(x[:32], y[:32])
print(json.dumps({{
    "import": imported - start,
    "first step": time.perf_counter() - imported,
}}))
model.fit(x, y, batch_size=32, epochs=1, verbose=0)
"""
ROWS = ("import", "first step", "whole script")


def contenders() -> dict[str, tuple[str, dict[str, str]]]:
    """Return for each contender what it imports and its environment."""
    found = {"KeraTorch": ("keratorch", {})}
    if util.find_spec("keras"):
        for backend in ("torch", "jax", "tensorflow"):
            if util.find_spec(backend):
                name = f"Keras on {backend}"
                found[name] = ("keras", {"KERAS_BACKEND": backend})
    return found


def measured(package: str, environment: dict[str, str]) -> dict[str, float]:
    """Return the milliseconds of each row in one fresh process."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(package=package)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds = json.loads(done.stdout.splitlines()[-1])
    seconds["whole script"] = time.perf_counter() - start
    return {row: 1000 * seconds[row] for row in ROWS}


def main() -> None:
    """Run all contenders in turn, and print the table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as bytecode:
        plain = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        # Bytecode is there for all, as after pip install.
        plain["PYTHONPYCACHEPREFIX"] = bytecode
        programs = {
            name: (package, {**plain, **extra})
            for name, (package, extra) in contenders().items()
        }
        for program in programs.values():
            measured(*program)
        times = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                times[name].append(measured(*program))
    print(machine(), "\n")
    print(f"| ms | {' | '.join(times)} |\n|{' --- |' * (len(times) + 1)}")
    for row in ROWS:
        medians = {n: statistics.median(t[row] for t in ts) for n, ts in times.items()}
        ours = medians["KeraTorch"]
        cells = [
            f"{ms:,.0f}" + ("" if name == "KeraTorch" else f" ({ms / ours:.1f}x)")
            for name, ms in medians.items()
        ]
        print(f"| {row} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
