"""The table of a model: what each layer makes."""

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
