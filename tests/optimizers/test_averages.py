"""Weights and their running averages change places."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import SGD


def test_averages_change_places_with_the_weights_and_back():
    optimizer = SGD(0.5, use_ema=True, ema_momentum=0.5)
    weight = Variable([1.0, 2.0])
    for _ in range(3):
        optimizer.apply([np.array([0.5, -0.5])], [weight])
    before = weight.numpy()
    optimizer.swap_averages()
    between = weight.numpy()
    optimizer.swap_averages()
    np.testing.assert_array_equal(weight.numpy(), before)
    assert (between != before).all()
    optimizer.weights_to_averages()
    optimizer.finalize_variable_values([weight])
    np.testing.assert_array_equal(weight.numpy(), before)


@pytest.mark.parametrize("use_ema", [False, True])
def test_without_averages_there_is_nothing_to_exchange(use_ema):
    with pytest.raises(ValueError, match="keeps no running averages"):
        SGD(use_ema=use_ema).swap_averages()
