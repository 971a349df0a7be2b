import random as python_random

import numpy as np
import pytest

from keratorch import random
from keratorch.utils import set_random_seed


def draw():
    return (
        python_random.random(),
        np.random.rand(),  # noqa: NPY002
        float(random.normal((), seed=None)),
    )


def test_one_seed_restarts_python_numpy_and_keratorch():
    set_random_seed(1)
    first, second = draw(), draw()
    set_random_seed(1)
    assert draw() == first
    assert all(a != b for a, b in zip(first, second, strict=True))
    set_random_seed(2)
    assert all(a != b for a, b in zip(first, draw(), strict=True))


@pytest.mark.parametrize("seed", ["1", 1.0, None, True])
def test_a_seed_of_another_type_is_refused(seed):
    with pytest.raises(TypeError, match="seed must be an int"):
        set_random_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused_before_anything_is_seeded(seed):
    set_random_seed(1)
    first = draw()
    set_random_seed(1)
    with pytest.raises(ValueError, match="seed must be"):
        set_random_seed(seed)
    assert draw() == first
