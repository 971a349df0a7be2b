"""Programs made at random: whatever shape a graph has, all ways back agree."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import GradArray, gradients, graph

STEP = 1e-6


def add_rows(a, b):
    return a + b.sum(axis=0)


def join(a, b):
    return np.concatenate([a, b])[1:4] * np.stack([b, a])[0]


def select(a, b):
    return np.where(np.array([True, False, True, False]), a, b * 0.5)


def permute(a, b):
    return a[[2, 0, 0]] - b[::-1, [3, 1, 1, 0]]


def multiply(a, b):
    return np.tanh(a @ b.T) @ b


def divide(a, b):
    return a / (2 + np.exp(-b))


def normalize(a, b):
    return (a - b.mean(axis=1, keepdims=True)) / (1 + a.std())


STEPS = [add_rows, join, select, permute, multiply, divide, normalize]


def program(seed):
    """Return a scalar function of two 3x4 arrays: steps that reuse any result."""
    rng = np.random.default_rng(seed)
    length = int(rng.integers(4, 12))
    steps = [STEPS[i] for i in rng.integers(len(STEPS), size=length)]
    picks = [rng.integers(i + 2, size=2) for i in range(length)]

    def function(*leaves):
        values = list(leaves)
        for step, (i, j) in zip(steps, picks, strict=True):
            values.append(np.tanh(step(values[i], values[j])))
        return sum((value * value).mean() for value in values[-3:])

    return function


def leaves(seed):
    rng = np.random.default_rng(seed + 1000)
    return [GradArray(rng.normal(size=(3, 4)), name=name) for name in "xy"]


@pytest.mark.parametrize("seed", range(40))
def test_all_ways_back_agree_with_central_differences(seed):
    function, arrays = program(seed), leaves(seed)
    loss = function(*arrays)
    found = gradients(loss, arrays)
    second = gradients(loss, arrays, create_graph=True)
    copies = [
        copy.deepcopy([loss, *arrays]),
        pickle.loads(pickle.dumps([loss, *arrays])),
    ]
    loss.backward()
    directions = [np.random.default_rng(seed).normal(size=(3, 4)) for _ in arrays]

    def along(step):
        moved = [x.numpy() + step * d for x, d in zip(arrays, directions, strict=True)]
        return function(*moved)

    expected = (along(STEP) - along(-STEP)) / (2 * STEP)
    slope = sum(
        0.0 if g is None else (g * d).sum()
        for g, d in zip(found, directions, strict=True)
    )
    np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-9)
    for i, x in enumerate(arrays):
        if found[i] is None:
            assert x.grad is second[i] is None
            continue
        np.testing.assert_allclose(x.grad, found[i], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(second[i].numpy(), found[i], rtol=1e-12, atol=1e-15)
    for root, *twins in copies:
        assert len(graph.newest_first([root])) == len(graph.newest_first([loss]))
        for one, other in zip(gradients(root, twins), found, strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                np.testing.assert_array_equal(one, other)
