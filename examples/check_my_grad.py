"""A lesson in backpropagation: write a Grad, let it be checked, read what is wrong.

Six students wrote the derivative of swish, out = x * sigmoid(x).  One is right; of the
others `check_grad` says which mistake each made, and where.

    python check_my_grad.py

Put a class of your own below, and give it to `check_grad`.  A teacher grades a folder
of files that define SwishGrad: each in a process of its own, within a minute.

    python check_my_grad.py --folder submissions
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from keratorch import Grad
from keratorch.testing import check_grad


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Swish(Grad):
    """What all of them were given: the operation without its derivative."""

    def forward(self, x):
        return x * sigmoid(x)


class AdaGrad(Swish):
    """out = x * sigmoid(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        s = sigmoid(x)
        return grad * s * (1 + x * (1 - s))


class BobGrad(Swish):
    """out = x * sigmoid(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        s = sigmoid(x)
        return s * (1 + x * (1 - s))


class CleoGrad(Swish):
    """out = x * sigmoid(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * sigmoid(x) * (1 - sigmoid(x))


class DanGrad(Swish):
    """out = x * sigmoid(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * sigmoid(x)


class EveGrad(Swish):
    """out = x * sigmoid(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        s = sigmoid(x)
        grad *= s * (1 + x * (1 - s))
        return grad


class FinnGrad(Swish):
    """out = x * sigmoid(x)."""

    def forward(self, x):
        self.s = sigmoid(x)
        return x * self.s

    def backward(self, grad):
        (x,) = self.inputs
        return grad * self.s * (1 + x * (1 - self.s))


SUBMISSIONS = [AdaGrad, BobGrad, CleoGrad, DanGrad, EveGrad, FinnGrad]


X = np.array([-2.0, -0.5, 0.3, 1.0, 2.5])
NAME = "SwishGrad"  # the class that each file of the folder defines


def check(cls):
    return check_grad(cls, X, reference=lambda x: x / (1 + np.exp(-x)))


def load_and_check(path):
    """Return the codes and the report on a file, whatever happens when it is loaded."""
    spec = importlib.util.spec_from_file_location("submission", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        report = check(getattr(module, NAME))
    except BaseException as error:  # a SyntaxError, or sys.exit()
        return ["does-not-load"], f"{type(error).__name__}: {error}"
    return report.codes, str(report)


def grade(path, seconds):
    """Return the codes and the report on a file, loaded in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, __file__, "--file", str(path), str(result)]
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return ["too-slow"], f"It took more than {seconds:g} seconds."
        if not result.exists():
            return ["does-not-load"], "The process ended before the check did."
        return json.loads(result.read_text(encoding="utf-8"))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="of files to grade")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each file")
    parser.add_argument("--file", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="three submissions only")
    options = parser.parse_args(arguments)

    if options.file:
        path, result = options.file
        result.write_text(json.dumps(load_and_check(path)), encoding="utf-8")
        return None
    codes = {}
    if options.folder:
        for path in sorted(options.folder.glob("*.py")):
            codes[path.name], text = grade(path, options.seconds)
            print(f"{path.name}\n{text}", end="\n\n")
    else:
        for cls in SUBMISSIONS[: 3 if options.quick else None]:
            report = check(cls)
            codes[cls.__name__] = report.codes
            print(report, end="\n\n")
    right = sum(not found for found in codes.values())
    print(f"{right} of {len(codes)} are right.")
    return codes


if __name__ == "__main__":
    main()
