"""How long a program waits before and around its training.

    python tests/benchmarks/startup.py [--peers DIR] [--rounds 5] [--threads 2]

times, each in a fresh process, the import beyond NumPy's, the first step of training of
an MLP 784-128-10 after it (making and compiling the model included), and the whole
``python script.py`` with one epoch of 60,000 samples, as many as MNIST has.  The same
script runs on KeraTorch and on Keras with each backend that is installed, in turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from typing import Any

from peers import environment, pythons

SCRIPT = """
import json, time
import numpy as np, numpy.random
start = time.perf_counter()
import {package} as keras
keras.Sequential
imported = time.perf_counter()
rng = np.random.default_rng(0)
x, y = rng.random((60_000, 784), "float32"), rng.integers(0, 10, 60_000)
made = time.perf_counter()
model = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.train_on_batch(x[:32], y[:32])
print(json.dumps({{
    "import": imported - start,
    "first step": time.perf_counter() - made,
}}))
model.fit(x, y, batch_size=32, epochs=1, verbose=0)
"""
ROWS = ("import", "first step", "whole script")
# name: (environment, package, backend)
CONTENDERS = {
    "KeraTorch": ("ours", "keratorch", ""),
    "Keras on jax": ("peers", "keras", "jax"),
    "Keras on tensorflow": ("tf", "keras", "tensorflow"),
    "Keras on torch": ("peers", "keras", "torch"),
}
# milliseconds for the first two; the whole script against the fastest Keras
TARGETS = {"import": 150, "first step": 50, "whole script": 3}


def once(python: str, package: str, variables: dict[str, str]) -> dict[str, float]:
    """Return the milliseconds of each row in one fresh process."""
    start = time.perf_counter()
    done = subprocess.run(
        [python, "-c", SCRIPT.format(package=package)],
        env=variables,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    seconds = json.loads(done.stdout.splitlines()[-1])
    seconds["whole script"] = time.perf_counter() - start
    return {row: 1000 * seconds[row] for row in ROWS}


def measure(
    found: dict[str, str], variables: dict[str, str], rounds: int
) -> dict[str, list[dict[str, float]]]:
    """Return the milliseconds of each contender in each round."""
    with tempfile.TemporaryDirectory() as bytecode:
        plain = {k: v for k, v in variables.items() if k != "PYTHONDONTWRITEBYTECODE"}
        programs = {}
        for name, (where, package, backend) in CONTENDERS.items():
            if where in found:
                own = {"KERAS_BACKEND": backend} if backend else {}
                # Bytecode is there for all, as after pip install: where it cannot be
                # beside the source, here.
                if not backend:
                    own["PYTHONPYCACHEPREFIX"] = bytecode
                programs[name] = (found[where], package, {**plain, **own})
        once(*programs["KeraTorch"])
        times: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                times[name].append(once(*program))
    return times


def lines(times: dict[str, list[dict[str, float]]]) -> list[str]:
    """Return the Markdown table of medians."""
    out = [f"| ms | {' | '.join(times)} | target |", "| --- " * (len(times) + 2) + "|"]
    for row in ROWS:
        medians = {n: statistics.median(t[row] for t in ts) for n, ts in times.items()}
        ours = medians.pop("KeraTorch")
        cells = [f"{ms:,.0f} ({ms / ours:.1f}x)" for ms in medians.values()]
        out.append(
            f"| {row} | {ours:,.0f} | "
            + " | ".join([*cells, _verdict(row, ours, list(medians.values()))])
            + " |"
        )
    return out


def _verdict(row: str, ours: float, others: list[float]) -> str:
    target: Any = TARGETS[row]
    if row != "whole script":
        return f"{target} ms, " + ("met" if ours <= target else "**missed**")
    if not others:
        return f"{target}x"
    return f"{target}x, " + ("met" if min(others) >= target * ours else "**missed**")


def main() -> None:
    """Run all contenders in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", help="the folder that peers.py filled")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    variables = environment(arguments.threads)
    found = measure(pythons(arguments.peers), variables, arguments.rounds)
    print("\n".join(lines(found)))


if __name__ == "__main__":
    main()
