"""The state of an optimizer is written, read and set as a whole."""

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import SGD, Adam


def trained(optimizer):
    weight = Variable([1.0, 2.0])
    for _ in range(3):
        optimizer.apply([np.array([0.5, -0.5])], [weight])
    return weight


def test_a_state_can_be_set_and_read():
    source, target = Adam(0.1), Adam(0.2)
    trained(source)
    target.build([Variable([1.0, 2.0])])
    target.set_weights([x.numpy() for x in source.variables])
    for one, other in zip(source.variables, target.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    assert float(target.learning_rate) == 0.1
    assert int(target.iterations) == 3


def test_a_state_of_another_shape_is_refused_as_a_whole():
    optimizer = Adam()
    with pytest.raises(ValueError, match="needs a built optimizer"):
        optimizer.set_weights([])
    optimizer.build([Variable([1.0, 2.0])])
    with pytest.raises(ValueError, match=r"needs 4 arrays .* there are 4, received 0"):
        optimizer.set_weights([])
    wrong = [np.array(7), np.array(0.5), np.ones(2), np.ones(3)]
    with pytest.raises(ValueError, match=r"number 3 has shape \(2,\), received \(3,\)"):
        optimizer.set_weights(wrong)
    assert int(optimizer.iterations) == 0


def test_a_saved_state_of_another_size_is_left_out_with_a_warning():
    optimizer, store = Adam(name="mine"), {}
    SGD().save_own_variables(store)
    assert list(store) == ["0", "1"]
    trained(optimizer)
    with pytest.warns(UserWarning, match="'mine' is not loaded: it has 4 variables"):
        optimizer.load_own_variables(store)
    assert int(optimizer.iterations) == 3
