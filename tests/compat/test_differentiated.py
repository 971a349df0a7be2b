"""What `fit` does with tapes inside a model: see also `test_tape`."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf
from keratorch.compat.tf.eager import tape_memory

pytestmark = pytest.mark.usefixtures("installed")


def test_no_tape_is_left_to_be_asked_when_fit_changes_the_weights():
    asked = []

    class Looking(keras.optimizers.SGD):
        def apply(self, grads, trainable_variables=None):
            asked.extend(not tape._is_over for tape in tape_memory._asking)
            super().apply(grads, trainable_variables)

    with tf.GradientTape():
        pass
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(Looking(0.1), "mse")
    model.fit(np.ones((2, 3)), np.ones((2, 1)), verbose=0)
    assert asked and not any(asked)
