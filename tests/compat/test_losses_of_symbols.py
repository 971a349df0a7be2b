import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect

X = np.ones((4, 3), "float32")


class Penalized(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        outputs = self.dense(inputs)
        self.add_loss(keras.ops.mean(outputs**2))
        return outputs

    def table(self):
        inputs = keras.Input((3,))
        return keras.Model(inputs, self.call(inputs))


def test_a_table_of_a_subclass_is_made_of_its_call(installed):
    model = Penalized()
    with pytest.warns(UserWarning, match="Penalized.add_loss: a symbolic array"):
        table = model.table()
    assert table.count_params() == 8 and table.losses == [] and model.losses == []
    model.compile("sgd")
    losses = model.fit(X, epochs=2, verbose=0).history["loss"]
    assert 0 < losses[1] < losses[0]


def test_a_model_of_symbols_keeps_them(installed):
    inputs = keras.Input((3,))
    model = keras.Model(inputs, layers.Dense(1, kernel_initializer="ones")(inputs))
    model.add_loss(keras.ops.mean(model.outputs[0]))
    model.compile("sgd")
    assert model.evaluate(X, verbose=0) == 3


def test_they_are_an_error_in_a_script_of_keras_3(installed):
    dialect.read("from keras import ops")
    with pytest.raises(AttributeError, match="no inputs to compute the loss from"):
        Penalized().table()
