"""What Permute and RepeatVector refuse."""

import numpy as np
import pytest

from keratorch import layers


@pytest.mark.parametrize("dims", [(0, 1), (1, 1), (2, 3), (1, 3), 2, (), ("a", 1)])
def test_permute_wants_each_axis_once(dims):
    with pytest.raises(ValueError, match=r"Permute: dims.*received"):
        layers.Permute(dims)


def test_permute_wants_all_axes():
    with pytest.raises(ValueError, match=r"dims=\(2, 1\) expects.*3 axes.*\(2, 3\)"):
        layers.Permute((2, 1))(np.ones((2, 3)))


def test_repeat_vector_wants_vectors():
    with pytest.raises(ValueError, match=r"\(batch, features\); received.*Flatten"):
        layers.RepeatVector(2)(np.ones((2, 3, 4)))
