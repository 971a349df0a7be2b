"""Every operation at values, shapes and layouts in memory that hypothesis makes up.

The slope along a random direction stands for all elements, so a case costs little.
``KERATORCH_CASES`` says how many cases each operation gets: 25 by default, 200 in CI.
"""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keratorch import GradArray, gradients

from .samples import COMPOSED, SAMPLES
from .samples.sample import reseed

CASES = int(os.environ.get("KERATORCH_CASES", "25"))
STEP = 1e-5  # of central differences: their error is about STEP**2

# The same cases at each run: a failure is found again, and by everyone.
reproducible = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=CASES,
    suppress_health_check=list(HealthCheck),
)


def gapped(values):
    """Put the values at every second place."""
    wide = np.zeros((*values.shape[:-1], values.shape[-1] * 2), values.dtype)
    wide[..., ::2] = values
    return wide[..., ::2]


def backwards(values):
    """Put the values in memory from the last to the first, along all axes."""
    return np.asarray(np.flip(np.flip(values).copy()))


def read_only(values):
    values = values.copy()
    values.setflags(write=False)
    return values


LAYOUTS = {
    "C": np.copy,
    "Fortran": lambda values: np.array(values, order="F"),
    "gapped": lambda values: gapped(values) if values.ndim else values.copy(),
    "backwards": backwards,
    "read-only": read_only,
}


@st.composite
def cases(draw, samples):
    """A sample at values near its own, or of another shape, and a way to store them."""
    seed = draw(st.integers(0, 2**32 - 1))
    sample = draw(st.sampled_from(samples))
    if sample.like is not None and draw(st.booleans()):
        reseed(seed)
        sample = sample.like(draw)
    rng = np.random.default_rng(seed)
    names = [draw(st.sampled_from(sorted(LAYOUTS))) for _ in sample.inputs]
    layouts = [LAYOUTS[name] for name in names]
    near = [x * (1 + rng.uniform(-0.004, 0.004, np.shape(x))) for x in sample.inputs]
    arrays = [layout(np.asarray(x)) for x, layout in zip(near, layouts, strict=True)]
    return sample, arrays, layouts, rng


def real_sum(product):
    """Return the sum of the real parts; `product` is an array or a GradArray."""
    return (np.real(product) if np.iscomplexobj(product) else product).sum()


def is_complex(x):
    return x.dtype.kind == "c"


def loss_of(sample, arrays, upstream):
    return real_sum(sample.function(*arrays) * upstream)


def slope(sample, arrays, upstream, directions, create_graph=False):
    """Return the change of the loss along the directions, by its gradients."""
    found = gradients(loss_of(sample, arrays, upstream), arrays, None, create_graph)
    return sum(
        real_sum((np.conjugate(g) if is_complex(g) else g) * d)
        for g, d in zip(found, directions, strict=True)
    )


def difference(function, arrays, directions, layouts):
    """Return the change of a scalar function along the directions, by differences.

    The arrays are stored as they were: some functions look at that.
    """
    triples = list(zip(arrays, directions, layouts, strict=True))
    above = function(*[layout(np.asarray(x + STEP * d)) for x, d, layout in triples])
    below = function(*[layout(np.asarray(x - STEP * d)) for x, d, layout in triples])
    return (above - below) / (2 * STEP)


def random_like(x, rng):
    values = rng.normal(size=np.shape(x))
    return values + 1j * rng.normal(size=values.shape) if np.iscomplexobj(x) else values


def assert_close(found, expected, scale):
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7 * (1 + scale))


def name_of(operation):
    return operation.__name__


@pytest.mark.parametrize("operation", [*SAMPLES, *COMPOSED], ids=name_of)
def test_slopes_along_random_directions_are_those_of_differences(operation):
    @reproducible
    @given(case=cases(SAMPLES.get(operation) or COMPOSED[operation]))
    def check(case):
        sample, arrays, layouts, rng = case
        before = [x.copy() for x in arrays]
        output = sample.reference(*arrays)
        upstream = random_like(output, rng)
        directions = [random_like(x, rng) for x in arrays]
        others = [random_like(x, rng) for x in arrays]
        leaves = [GradArray(x) for x in arrays]
        scale = np.sum(np.abs(output * upstream))

        first = slope(sample, leaves, upstream, directions)
        expected = difference(
            lambda *xs: np.real(sample.reference(*xs) * upstream).sum(),
            arrays,
            directions,
            layouts,
        )
        assert_close(first, expected, scale)

        second = slope_of_slope(sample, leaves, upstream, directions, others)
        expected = difference(
            lambda *xs: slope(sample, [*map(GradArray, xs)], upstream, directions),
            arrays,
            others,
            layouts,
        )
        assert_close(second, expected, scale + abs(first))
        for x, old in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(x, old)

        singles = [GradArray(x.astype(single(x))) for x in arrays]
        found = gradients(loss_of(sample, singles, upstream), singles)
        for x, g in zip(singles, found, strict=True):
            assert g.dtype == x.dtype
            assert g.shape == x.shape

    check()


def slope_of_slope(sample, leaves, upstream, directions, others):
    once = slope(sample, leaves, upstream, directions, create_graph=True)
    if not once.requires_grad:  # linear: its slope is the same everywhere
        return 0.0
    found = gradients(once, leaves)
    return sum(
        np.real(np.conjugate(g) * d).sum()
        for g, d in zip(found, others, strict=True)
        if g is not None
    )


def single(x):
    return np.complex64 if np.iscomplexobj(x) else np.float32
