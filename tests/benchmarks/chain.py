"""A chain of 20 operations on 32x32 arrays, forward and backward.

    python tests/benchmarks/chain.py

compares KeraTorch with PyTorch, where it is installed.
"""

from __future__ import annotations

import numpy as np
from timing import header, in_turn, machine, row

import keratorch

try:
    import torch
except ImportError:
    torch = None


def chain(x, tanh):
    """Apply five rounds of four operations."""
    y = x
    for _ in range(5):
        y = y * 1.01
        y = y + x
        y = tanh(y)
        y = y - 0.5
    return y.sum()


def main() -> None:
    """Print the table."""
    values = np.random.default_rng(0).normal(size=(32, 32)).astype(np.float32)

    def ours():
        x = keratorch.GradArray(values)
        chain(x, np.tanh).backward()
        return x.grad

    contenders = {"KeraTorch": ours}
    if torch is not None:

        def theirs():
            x = torch.tensor(values, requires_grad=True)
            chain(x, torch.tanh).backward()
            return x.grad

        np.testing.assert_allclose(ours(), theirs().numpy(), rtol=1e-3, atol=1e-5)
        contenders["PyTorch"] = theirs
    times = in_turn(contenders, rounds=200, per_round=10)
    print(machine())
    print(header(list(contenders)))
    print(row("20 ops on 32x32, forward and backward", times, "KeraTorch"))


if __name__ == "__main__":
    main()
