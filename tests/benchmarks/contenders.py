"""One contender in a process of its own, which measures what it is told to.

`training.py` starts `python contenders.py NAME THREADS` and writes one JSON command a
line; every command is answered by one JSON line.

    {"do": "prepare", "row": ..., "weights": file}   import, make data and models
    {"do": "check", "kind": "fit"}                   losses and outputs of a few batches
    {"do": "warm up", "kind": "fit"}                 rounds for half a second
    {"do": "round", "kind": "fit"}                   seconds a step, in one timed round
    {"do": "memory"}                                 peak so far, in MB
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rows import ROWS, Row
from timing import warm_up

# name: (module, class, arguments); the modules import their library
CONTENDERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "KeraTorch": ("keras_like", "KeraTorch", {}),
    "KeraTorch textbook": ("keras_like", "KeraTorch", {"fast": False}),
    "KeraTorch before": ("keras_like", "KeraTorch", {}),
    "Keras on torch": ("keras_like", "Keras", {"backend": "torch"}),
    "Keras on jax": ("keras_like", "Keras", {"backend": "jax"}),
    "Keras on tensorflow": ("keras_like", "Keras", {"backend": "tensorflow"}),
    "PyTorch": ("torch_loop", "PyTorch", {}),
    "MyGrad": ("small_peers", "MyGrad", {}),
    "autograd": ("small_peers", "Autograd", {}),
    "tinygrad": ("small_peers", "Tinygrad", {}),
    "products": ("limits", "Products", {}),
}


def contender(name: str, row: Row, threads: int, weights: str | None) -> Any:
    """Return a contender, its library imported and its models made."""
    module, kind, arguments = CONTENDERS[name]
    arrays = None
    if weights and Path(weights).exists():
        with np.load(weights) as file:
            arrays = [file[key] for key in file.files]
    made = getattr(importlib.import_module(module), kind)(
        row, threads, arrays, **arguments
    )
    if weights and arrays is None:
        np.savez(weights, *made.weights)
    return made


def peak_megabytes() -> float:
    """Return the most memory that this process had."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the parent's memory before the exec
        line = next(s for s in status.read_text().splitlines() if "VmHWM" in s)
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def answer(command: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one command."""
    match command["do"]:
        case "prepare":
            row = ROWS[command["row"]]
            made = contender(
                state["name"], row, state["threads"], command.get("weights")
            )
            state["contender"] = made
            return {"kinds": made.kinds}
        case "check":
            losses, outputs = state["contender"].check(command["kind"])
            return {
                "loss": float(np.mean(losses)),
                "outputs": np.ravel(outputs)[:64].tolist(),
            }
        case "warm up":
            warm_up(lambda: state["contender"].round(command["kind"]))
            return {}
        case "round":
            made = state["contender"]
            seconds = made.round(command["kind"])
            return {"seconds": seconds, "note": made.notes.get(command["kind"], "")}
        case "memory":
            return {"megabytes": peak_megabytes()}
    raise ValueError(command)


def main() -> None:
    """Answer commands until there are no more."""
    state: dict[str, Any] = {"name": sys.argv[1], "threads": int(sys.argv[2])}
    # Libraries print: what they print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), state)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"[:600]}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
