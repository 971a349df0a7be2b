"""The table of a model: what each layer makes."""

import re

import numpy as np

import keratorch as keras


class Attending(keras.Model):
    """A model whose layer takes several arrays, each with a shape of its own."""

    def __init__(self):
        super().__init__()
        self.attention = keras.layers.MultiHeadAttention(2, 3, output_shape=5)

    def call(self, x):
        return self.attention(x, x)


def test_the_shape_of_a_layer_of_several_inputs_is_known():
    model = Attending()
    model(np.ones((1, 4, 2)))
    lines = []
    model.summary(print_fn=lines.append)
    assert "(1, 4, 5)" in "\n".join(lines)


def test_shapes_are_printed_as_keras_prints_them():
    class Several(keras.layers.Layer):
        def call(self, x):
            return {"rows": x, "sums": keras.ops.sum(x, -1)}

    number, row = keras.Input((), name="number"), keras.Input((3,), name="row")
    outputs = Several(name="several")(row)
    model = keras.Model([number, row], [number, *outputs.values()])
    lines = []
    model.summary(print_fn=lines.append)
    text = "\n".join(lines)
    assert re.search(r"│ number \(InputLayer\) +│ \(None\) +│", text)
    assert re.search(r"│ several \(Several\) +│ \[\(None, 3\), ", text)
    assert "(None)]" in text


def test_positions_of_columns_that_are_not_there_are_left_out(capsys):
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(1)(x))
    model.summary(positions=[0.33, 0.55, 0.67, 1.0])
    more = capsys.readouterr().out
    model.summary(positions=[0.33, 0.55, 0.67])
    assert more == capsys.readouterr().out
