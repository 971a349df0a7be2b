"""Make the reference values in `tests/data/references/` from Keras and PyTorch.

Run by hand, in an environment with keras 3.15, torch 2.13 and numpy, from anywhere:

    pip install keras==3.15 torch==2.13
    python tests/parity/make_references.py                 # write all files
    python tests/parity/make_references.py losses models   # write two files
    python tests/parity/make_references.py --check         # re-make and compare

Keras runs on PyTorch unless KERAS_BACKEND says otherwise. `--check` exits with 1 and
lists the first differences of each file that no longer agrees; numbers may differ by
float32 rounding, all else must be equal. The versions that made the files are in
`versions.json`.

Every file is JSON: one key for each kind of record, one line for each case. Numbers
are the shortest decimals that give the float32 (in `programs.json`: float64) value
back; arrays are nested lists. The library's tests read these files and need neither
Keras nor PyTorch.

To add a reference: add a case to a table in `makers/`, run the script for that file,
and look at the difference that git shows.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

FOLDER = Path(__file__).resolve().parents[1] / "data" / "references"
NAMES = [
    "activations",
    "configs",
    "convolution",
    "convolution_layers",
    "hooks",
    "layers",
    "losses",
    "metrics",
    "models",
    "normalization_layers",
    "optimizers",
    "pooling",
    "programs",
    "texts",
    "weight_rules",
    "whole_models",
]
RELATIVE, ABSOLUTE = 2e-5, 1e-6
SHOWN = 5


def made(name):
    """The references of one file, as JSON gives them back."""
    module = importlib.import_module(f"makers.{name}")
    return json.loads(as_text(module.make()))


def as_text(references):
    """JSON with one line for each case: a changed case is one changed line."""
    parts = []
    for key, value in references.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            text = block("[]", (json.dumps(case) for case in value))
        elif isinstance(value, dict):
            items = value.items()
            text = block("{}", (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in items))
        else:
            text = json.dumps(value)
        parts.append(f"{json.dumps(key)}: {text}")
    return block("{}", parts) + "\n"


def block(brackets, lines):
    """The lines between two brackets, a comma after each but the last."""
    return brackets[0] + "\n" + ",\n".join(lines) + "\n" + brackets[1]


def versions():
    """The versions of what makes the references."""
    found = {name: importlib.import_module(name).__version__ for name in ("keras",)}
    found["torch"] = importlib.import_module("torch").__version__.split("+")[0]
    found["numpy"] = importlib.import_module("numpy").__version__
    found["python"] = platform.python_version()
    found["keras_backend"] = os.environ["KERAS_BACKEND"]
    return found


def differences(stored, fresh, where=""):
    """Yield a line for each place where two JSON values differ."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        for key in sorted(stored.keys() | fresh.keys()):
            if key not in stored or key not in fresh:
                side = "only stored" if key in stored else "only fresh"
                yield f"{where}/{key}: {side}"
            else:
                yield from differences(stored[key], fresh[key], f"{where}/{key}")
    elif isinstance(stored, list) and isinstance(fresh, list):
        if len(stored) != len(fresh):
            yield f"{where}: {len(stored)} stored, {len(fresh)} fresh items"
        for i, (one, other) in enumerate(zip(stored, fresh, strict=False)):
            yield from differences(one, other, f"{where}/{i}")
    elif not agree(stored, fresh):
        yield f"{where}: stored {stored!r}, fresh {fresh!r}"


def agree(stored, fresh):
    """Numbers to float32 rounding, all else exactly."""
    kinds = {type(stored), type(fresh)}
    if kinds <= {int, float} and float in kinds:
        if stored != stored or fresh != fresh:
            return stored != stored and fresh != fresh
        if stored == fresh:
            return True
        bound = ABSOLUTE + RELATIVE * abs(stored)
        return abs(stored - fresh) <= bound < float("inf")
    return kinds == {type(stored)} and stored == fresh


def write(names):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = FOLDER / f"{name}.json"
        path.write_text(as_text(made(name)), encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    path = FOLDER / "versions.json"
    path.write_text(json.dumps(versions(), indent=1) + "\n", encoding="utf-8")


def check(names):
    """True where every file agrees; prints what does not."""
    agreed = True
    for name in names:
        stored = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        found = list(differences(stored, made(name)))
        agreed = agreed and not found
        print(f"{name}: {f'{len(found)} differences' if found else 'agrees'}")
        for line in found[:SHOWN]:
            print(f"  {line[:300]}")
    return agreed


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; default all")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"no such references: {sorted(unknown)}; there are {NAMES}")
    names = options.names or NAMES
    if options.check:
        return 0 if check(names) else 1
    write(names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
