"""How time and memory grow with batch, width, depth and steps.

    python tests/benchmarks/growth.py

Every figure comes from a fresh process that trains multi-layer perceptrons by `fit`. A
slope is the exponent over the three largest sizes: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from peers import environment

# What grows, its sizes, what does not grow, and the largest slope that is allowed.
TIMES: dict[str, tuple[tuple[int, ...], dict[str, int], float]] = {
    "batch": ((128, 256, 512, 1024, 2048), {"width": 512, "depth": 3}, 1.15),
    "width": ((128, 256, 512, 1024, 2048), {"batch": 256, "depth": 2}, 2.15),
    "depth": ((4, 8, 16, 32, 64), {"batch": 128, "width": 256}, 1.15),
}
DEPTHS = (4, 8, 16, 32, 64)  # for memory, at width 512
STEPS, EVERY = 10_000, 1000
FLAT = 3.0  # MB that memory may differ by after all steps
ROUNDS = 5


def main() -> None:
    """Print the table, or measure once in this process and print JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(PROBES[sys.argv[1]](**json.loads(sys.argv[2]))))
    else:
        print("\n".join(lines(measure(sys.executable, environment(threads=2)))))


def measure(python: str, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Return a row for each thing that grows."""

    def probe(name: str, **sizes: int) -> Any:
        command = [python, __file__, name, json.dumps(sizes)]
        done = subprocess.run(
            command, env=variables, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(done.stdout)

    found = []
    for what, (sizes, others, most) in TIMES.items():
        values = [probe("time", **{what: size}, **others) for size in sizes]
        slope = float(np.polyfit(np.log(sizes[-3:]), np.log(values[-3:]), 1)[0])
        found.append(_row(f"ms a step, by {what}", sizes, values, slope, most))
    values = [probe("memory", depth=depth) for depth in DEPTHS]
    grown = np.diff(values[-3:])  # by twice as many layers, twice as much
    slope = math.log2(grown[1] / grown[0])
    found.append(_row("peak MB, by depth", DEPTHS, values, slope, 1.15))
    values = probe("steps")
    sizes = tuple(range(EVERY, STEPS + 1, EVERY))
    row = _row("MB after steps", sizes, values, values[-1] - values[0], FLAT)
    found.append(row)
    return found


def _row(
    what: str, sizes: tuple[int, ...], values: list[float], grown: float, most: float
) -> dict[str, Any]:
    return {
        "what": what,
        "values": dict(zip(map(str, sizes), values, strict=True)),
        "grown": grown,
        "most": most,
    }


def lines(found: list[dict[str, Any]]) -> list[str]:
    """Return the Markdown table."""
    out = ["| what | at each size | slope | at most |", "| --- | --- | --- | --- |"]
    for row in found:
        values = ", ".join(f"{size}: {v:,.2f}" for size, v in row["values"].items())
        met = "met" if row["grown"] <= row["most"] else "**missed**"
        unit = " MB" if row["what"] == "MB after steps" else ""
        out.append(
            f"| {row['what']} | {values} | {row['grown']:.2f}{unit} | "
            f"{row['most']:g}{unit}, {met} |"
        )
    return out


# In a process of its own


def _trained(batch: int, width: int, depth: int, steps: int) -> Any:
    """Return a function that trains for some steps."""
    import keratorch as keras

    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(width, activation="relu") for _ in range(depth)]
    model = keras.Sequential([keras.Input((width,)), *layers, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    rng = np.random.default_rng(0)
    x = rng.random((batch * steps, width), dtype=np.float32)
    y = rng.random((batch * steps, 1), dtype=np.float32)
    return lambda epochs=1: model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)


def time_of_step(batch: int, width: int, depth: int) -> float:
    """Return the milliseconds of a step: the least of rounds of some 0.1 seconds."""
    products = 6e-11 * batch * width**2 * (depth + 1)  # seconds, about
    steps = max(3, min(100, round(0.1 / products)))
    train = _trained(batch, width, depth, steps)
    train()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        train()
        times.append((time.perf_counter() - start) / steps * 1000)
    return min(times)


def memory_of_depth(depth: int) -> float:
    """Return the peak of memory in MB."""
    _trained(batch=128, width=512, depth=depth, steps=4)()
    return _megabytes("VmHWM")


def memory_of_steps() -> list[float]:
    """Return the memory in MB after each thousand steps, by `fit`."""
    train = _trained(batch=32, width=64, depth=2, steps=100)
    found = []
    for _ in range(0, STEPS, EVERY):
        train(EVERY // 100)
        found.append(_megabytes("VmRSS"))
    return found


def _megabytes(what: str) -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(s for s in status if what in s).split()[1]) / 1024


PROBES = {
    "time": time_of_step,
    "memory": memory_of_depth,
    "steps": memory_of_steps,
}

if __name__ == "__main__":
    main()
