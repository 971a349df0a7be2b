import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("quiet")

ROWS = [
    ("Dense", {"output_dim": 3}, {"units": 3}),
    ("Dense", {"units": 3, "bias": False}, {"use_bias": False}),
    (
        "Conv1D",
        {"nb_filter": 3, "filter_length": 5},
        {"filters": 3, "kernel_size": (5,)},
    ),
    (
        "Conv1D",
        {"nb_filter": 3, "filter_length": 5, "subsample_length": 2},
        {"strides": (2,)},
    ),
    (
        "Conv2D",
        {"nb_filter": 3, "nb_row": 5, "nb_col": 4, "border_mode": "same"},
        {"filters": 3, "kernel_size": (5, 4), "padding": "same"},
    ),
    (
        "Conv2D",
        {"filters": 3, "kernel_size": 2, "subsample": (2, 1), "dim_ordering": "th"},
        {"strides": (2, 1), "data_format": "channels_first"},
    ),
    (
        "Conv3D",
        {"nb_filter": 3, "kernel_dim1": 1, "kernel_dim2": 2, "kernel_dim3": 3},
        {"kernel_size": (1, 2, 3)},
    ),
    (
        "MaxPooling1D",
        {"pool_length": 3, "stride": 2},
        {"pool_size": (3,), "strides": (2,)},
    ),
    ("MaxPooling2D", {"border_mode": "same"}, {"padding": "same"}),
    (
        "AveragePooling2D",
        {"pool_size": 2, "dim_ordering": "tf"},
        {"data_format": "channels_last"},
    ),
    ("UpSampling1D", {"length": 3}, {"size": 3}),
    ("ZeroPadding2D", {"dim_ordering": "th"}, {"data_format": "channels_first"}),
    ("Dropout", {"p": 0.3}, {"rate": 0.3}),
    ("GaussianDropout", {"p": 0.3}, {"rate": 0.3}),
    ("SpatialDropout1D", {"p": 0.3}, {"rate": 0.3}),
    ("GaussianNoise", {"sigma": 0.3}, {"stddev": 0.3}),
    ("LeakyReLU", {"alpha": 0.2}, {"negative_slope": 0.2}),
    ("Embedding", {"input_dim": 5, "output_dim": 3, "dropout": 0.2}, {"output_dim": 3}),
    ("BatchNormalization", {"mode": 0}, {"axis": -1}),
    ("LSTM", {"output_dim": 3, "dropout_W": 0.1, "dropout_U": 0.2}, {"units": 3}),
    ("LSTM", {"units": 3, "dropout_W": 0.1}, {"dropout": 0.1}),
    ("GRU", {"units": 3, "dropout_U": 0.1}, {"recurrent_dropout": 0.1}),
    ("SimpleRNN", {"units": 3, "consume_less": "mem"}, {"units": 3}),
    ("LSTM", {"units": 3, "forget_bias_init": "one"}, {"unit_forget_bias": True}),
]


@pytest.mark.parametrize(("name", "given", "expected"), ROWS)
def test_an_older_argument_sets_the_modern_one(name, given, expected):
    layer = getattr(layers, name)(**given)
    for attribute, value in expected.items():
        found = getattr(layer, attribute)
        assert np.array_equal(found, value) or [found] == list(np.ravel(value)), (
            attribute
        )


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("init", "kernel_initializer", "he_normal"),
        ("W_regularizer", "kernel_regularizer", "l2"),
        ("b_regularizer", "bias_regularizer", "l2"),
        ("W_constraint", "kernel_constraint", "max_norm"),
        ("b_constraint", "bias_constraint", "max_norm"),
    ],
)
@pytest.mark.parametrize("layer", ["Dense", "LSTM"])
def test_letters_of_weights_become_words(layer, old, new, value):
    made = getattr(layers, layer)(3, **{old: value})
    plain = getattr(layers, layer)(3, **{new: value})
    assert type(getattr(made, new)) is type(getattr(plain, new))


def test_a_function_of_keras_1_initializes():
    layer = layers.Dense(2, init=lambda shape, name=None: np.full(shape, 3.0))
    layer.build((None, 4))
    assert (layer.kernel.numpy() == 3).all()


def test_convolution_of_keras_1_takes_rows_and_columns():
    layer = layers.Convolution2D(4, 3, 5, activation="relu")
    assert type(layer) is layers.Conv2D
    assert (layer.kernel_size, layer.strides) == ((3, 5), (1, 1))
    assert isinstance(layer, layers.Convolution2D)
    assert layers.Convolution1D(4, 3).kernel_size == (3,)
    assert layers.Convolution2D(4, (3, 3), strides=2).strides == (2, 2)


def test_three_numbers_mean_strides_to_conv2d_unless_keras_1_speaks():
    assert layers.Conv2D(4, 3, 2).strides == (2, 2)
    assert layers.Conv2D(4, 3, 2, border_mode="same").kernel_size == (3, 2)


def test_the_first_weights_are_given():
    kernel, bias = np.ones((4, 3)), np.arange(3.0)
    layer = layers.Dense(3, weights=[kernel, bias])
    layer(np.zeros((2, 4)))
    np.testing.assert_array_equal(layer.get_weights()[1], bias)
    np.testing.assert_array_equal(layer.get_weights()[0], kernel)


def test_keras_0_took_as_many_first_weights_as_were_given(installed):
    dialect.read("model.add(Dense(4, 3, weights=[kernel]))")
    layer = layers.Dense(4, 3, weights=[np.ones((4, 3))])
    layer(np.zeros((2, 4)))
    np.testing.assert_array_equal(layer.get_weights()[0], np.ones((4, 3)))
    np.testing.assert_array_equal(layer.get_weights()[1], np.zeros(3))


def test_embedding_takes_weights_and_the_length_of_its_input():
    table = np.arange(10.0).reshape(5, 2)
    model = keras.Sequential([layers.Embedding(5, 2, weights=[table], input_length=3)])
    assert model.output_shape == (None, 3, 2)
    np.testing.assert_array_equal(model.get_weights()[0], table)


def test_input_dim_and_input_length_are_the_input_shape():
    model = keras.Sequential([layers.LSTM(4, input_dim=3, input_length=5)])
    assert model.input_shape == (None, 5, 3)
    assert keras.Sequential([layers.LSTM(4, input_dim=3)]).input_shape == (
        None,
        None,
        3,
    )


def test_batch_input_shape_is_the_shape_of_the_input():
    model = keras.Sequential([layers.Dense(4, batch_input_shape=(2, 5))])
    assert model.input_shape == (2, 5)


def test_keras_0_named_both_sides_of_dense():
    layer = layers.Dense(5, 3)
    assert layer.units == 3


def test_a_layer_of_ones_own_inherits_the_older_arguments():
    class Own(layers.Dense):
        pass

    assert Own(output_dim=3).units == 3


def test_unknown_arguments_still_raise():
    with pytest.raises(TypeError, match="nb_units"):
        layers.Dense(3, nb_units=4)


@pytest.mark.usefixtures("installed")
def test_units_and_filters_may_be_computed_as_floats_in_scripts():
    assert layers.Dense(21 / 2).units == 10
    assert layers.Dense(units=np.float32(8)).units == 8
    assert layers.LSTM(16 / 2).units == 8
    assert layers.Conv2D(filters=64 / 2, kernel_size=3).filters == 32
    assert layers.SeparableConv2D(9.0, 3).filters == 9


def test_units_are_whole_numbers_elsewhere():
    with pytest.raises(ValueError, match=r"units must be a positive integer"):
        layers.Dense(21 / 2)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_an_average_is_over_two_by_default(rank):
    kind = getattr(layers, f"AveragePooling{rank}D")
    assert kind().pool_size == (2,) * rank
    assert kind(padding="same").pool_size == (2,) * rank
    assert kind(3).pool_size == kind(pool_size=3).pool_size == (3,) * rank


def test_arguments_of_a_kernel_had_no_effect_where_there_are_two():
    layer = layers.SeparableConv2D(
        4, 3, kernel_regularizer="l2", kernel_initializer="ones", kernel_constraint=None
    )
    assert type(layer.depthwise_initializer).__name__ == "GlorotUniform"
    assert layers.SeparableConv1D(4, 3, kernel_initializer="ones").filters == 4
    assert layers.DepthwiseConv2D(3, kernel_regularizer="l2").kernel_size == (3, 3)


def test_nothing_is_dropped_in_any_shape():
    assert layers.Dropout(0, 2).noise_shape is None
    assert layers.Dropout(0.0, noise_shape=2, seed=3).seed == 3
    with pytest.raises(ValueError, match="noise_shape"):
        layers.Dropout(0.5, 2)


def test_preprocessing_layers_had_other_arguments():
    encoding = layers.CategoryEncoding(max_tokens=4, output_mode="binary")
    assert (encoding.num_tokens, encoding.output_mode) == (4, "multi_hot")
    assert layers.Discretization(bins=[1.0, 2.0]).bin_boundaries == [1.0, 2.0]
    assert layers.IntegerLookup(max_values=5).max_tokens == 5
    integers = layers.IntegerLookup(vocabulary=[5, 7], mask_value=0, oov_value=-1)
    assert (integers.mask_token, integers.oov_token) == (0, -1)
    lookup = layers.StringLookup(vocabulary=["a", "b"])
    assert lookup.vocab_size() == lookup.vocabulary_size() == 3


def test_a_normalization_has_no_virtual_batches():
    assert layers.BatchNormalization(virtual_batch_size=None, adjustment=None)


def test_a_batch_size_beside_a_shape_is_that_of_the_inputs():
    lstm = keras.layers.LSTM(2, input_shape=(5, 1), batch_size=4, stateful=True)
    assert keras.Sequential([lstm]).input_shape == (4, 5, 1)
