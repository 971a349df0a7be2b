"""A lesson in backpropagation: write a Grad, let it be checked, read what is wrong.

Six students wrote the derivative of swish, out = x * sigmoid(x).  One is right; of the
others `check_grad` says which mistake each made, and where.

    python check_my_grad.py

Put a class of your own below, and give it to `check_grad`.
"""

import argparse

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


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three submissions only")
    options = parser.parse_args(arguments)

    x = np.array([-2.0, -0.5, 0.3, 1.0, 2.5])
    codes = {}
    for cls in SUBMISSIONS[: 3 if options.quick else None]:
        report = check_grad(cls, x, reference=lambda x: x / (1 + np.exp(-x)))
        codes[cls.__name__] = report.codes
        print(report, end="\n\n")
    right = sum(not found for found in codes.values())
    print(f"{right} of {len(codes)} are right.")
    return codes


if __name__ == "__main__":
    main()
