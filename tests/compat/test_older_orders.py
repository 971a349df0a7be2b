import numpy as np
import pytest

from keratorch import layers
from keratorch.models import Sequential
from keratorch.regularizers import L2

pytestmark = pytest.mark.usefixtures("quiet")


def told(layer, *names):
    config = layer.get_config()
    return [config[name] for name in names]


def test_the_name_of_an_initializer_behind_the_units_tells_the_order():
    dense = layers.Dense(4, "he_uniform", "relu", None, L2(0.5), None, None, None, None)
    assert told(dense, "units", "activation") == [4, "relu"]
    assert dense.kernel_regularizer.l2 == 0.5
    assert type(dense.kernel_initializer).__name__ == "HeUniform"
    assert layers.Dense(4, "relu").activation is dense.activation


@pytest.mark.parametrize(
    ("behind", "use_bias"), [((None, None, None, False, 3), False), ((), True)]
)
def test_dense_ends_with_its_inputs(behind, use_bias):
    nothing = (None,) * 4
    # Keras 0 had no argument `bias` before `input_dim`
    args = (*nothing[:3], *behind) if behind else (*nothing, None, None, 3)
    layer = layers.Dense(4, "uniform", "tanh", *args)
    assert layer.use_bias is use_bias
    assert Sequential([layer]).output_shape == (None, 4)


def test_inputs_may_come_before_the_units():
    layer = layers.Dense(5, 3, "uniform", "tanh")
    assert layer.units == 3 and layer._batch_shape == (None, 5)
    assert told(layer, "activation") == ["tanh"]


def test_recurrent_layers_have_initializers_first():
    lstm = layers.LSTM(4, "glorot_uniform", "orthogonal", "one", "relu", "sigmoid")
    assert told(lstm, "activation", "recurrent_activation") == ["relu", "sigmoid"]
    gru = layers.GRU(4, "uniform", "identity", "relu", "tanh")
    assert told(gru, "activation", "recurrent_activation") == ["relu", "tanh"]
    older = layers.LSTM(4, "uniform", "uniform", "one", "tanh", "sigmoid", None, True)
    assert older.return_sequences is True


def test_what_stands_behind_the_sizes_of_a_kernel_is_kept():
    layer = layers.Convolution2D(4, 3, 3, "uniform", "relu", None, "same", (2, 1))
    assert told(layer, "padding", "strides", "activation") == ["same", (2, 1), "relu"]
    layer = layers.Convolution1D(4, 3, "uniform", "relu", None, "same", 2)
    assert told(layer, "padding", "strides") == ["same", (2,)]
    with pytest.raises(TypeError, match="more than Keras 1 took.*Give them by name"):
        layers.Convolution2D(4, 3, 3, *["uniform"] * 13)


def test_embeddings_have_their_length_fourth():
    model = Sequential([layers.Embedding(10, 4, "uniform", 7)])
    assert model.output_shape == (None, 7, 4)


def test_normalization_has_its_epsilon_first():
    assert layers.BatchNormalization(1e-4).epsilon == 1e-4
    assert layers.BatchNormalization(1).axis == 1


def test_shapes_of_rows_come_first_as_in_keras_0():
    model = Sequential()
    model.add(layers.Dense(6, 4, init="glorot_uniform"))
    model.add(layers.PReLU((4,)))
    model.add(layers.BatchNormalization((4,)))
    assert model.output_shape == (None, 4)
    assert told(model.layers[2], "axis", "momentum") == [-1, 0.99]
    assert Sequential([layers.BatchNormalization((4,))]).output_shape == (None, 4)
    with pytest.raises(TypeError, match="axis must be an int"):
        layers.BatchNormalization((3, 8, 8))


def test_lengths_of_a_shape_may_stand_one_by_one():
    assert layers.Reshape(3, 32, 32).target_shape == (3, 32, 32)
    assert layers.Reshape((4, 5)).target_shape == (4, 5)
    assert layers.Reshape(6).target_shape == (6,)


def test_rests_at_the_border_are_ignored_or_refused():
    layer = layers.MaxPooling2D(poolsize=(2, 2), ignore_border=True)
    assert told(layer, "padding", "pool_size") == ["valid", (2, 2)]
    with pytest.raises(ValueError, match="padding='same'"):
        layers.MaxPooling2D((2, 2), ignore_border=False)


def test_channels_of_the_inputs_may_be_told():
    layer = layers.Convolution2D(nb_filter=4, stack_size=3, nb_row=3, nb_col=2)
    assert told(layer, "filters", "kernel_size") == [4, (3, 2)]


def test_an_initializer_may_take_a_shape_alone_as_in_keras_0():
    def half(shape):
        return np.full(shape, 0.5)

    model = Sequential([layers.Dense(input_dim=3, output_dim=2, init=half)])
    assert (model.get_weights()[0] == 0.5).all()
    layer = layers.SimpleRNN(3, init=lambda shape: half(shape), inner_init=half)
    layer.build((None, 4, 2))
    assert (layer.get_weights()[1] == 0.5).all()


def test_units_may_be_a_number_of_numpy():
    assert layers.Dense(32, np.max([3, 4])).units == 4
