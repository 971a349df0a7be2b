"""Models of recurrent layers beside those of Keras, and configurations that cross."""

import numpy as np
import pytest

import keratorch
from keratorch.layers import recurrent

keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 6, 4)).astype(np.float32)
IDS = np.array([[1, 2, 3, 0, 0, 0], [4, 5, 1, 2, 3, 4], [2, 0, 0, 0, 0, 0]])
IMAGES = RNG.normal(size=(2, 3, 6, 6, 1)).astype(np.float32)


def layer_of(library, name):
    """A layer of either library, ours found in its room too."""
    if library is keras:
        return getattr(keras.layers, name)
    return getattr(recurrent, name, None) or getattr(keratorch.layers, name)


def in_both(make, *data):
    """The predictions of a model in Keras and here, with the same weights."""
    theirs = make(keras, lambda name: layer_of(keras, name))
    ours = make(keratorch, lambda name: layer_of(keratorch, name))
    weights = [RNG.normal(scale=0.5, size=w.shape) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(weights)
    assert [w.shape for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]
    data = list(data) if len(data) > 1 else data[0]
    return ours.predict(data, verbose=0), theirs.predict(data, verbose=0)


def encoder_decoder(library, layer):
    source, target = library.Input((6, 4)), library.Input((None, 3))
    _, *states = layer("LSTM")(5, return_state=True)(source)
    hidden, _, _ = layer("LSTM")(5, return_sequences=True, return_state=True)(
        target, initial_state=states
    )
    outputs = layer("TimeDistributed")(layer("Dense")(2, activation="softmax"))(hidden)
    return library.Model([source, target], outputs)


def test_encoder_and_decoder():
    target = RNG.normal(size=(3, 5, 3)).astype(np.float32)
    np.testing.assert_allclose(*in_both(encoder_decoder, X, target), atol=1e-5)


def bidirectional_states(library, layer):
    source, target = library.Input((6, 4)), library.Input((6, 4))
    encoder = layer("Bidirectional")(layer("GRU")(3, return_state=True))
    outputs, forth, back = encoder(source)
    decoder = layer("Bidirectional")(layer("GRU")(3, return_sequences=True))
    decoded = decoder(target, initial_state=[forth, back])
    return library.Model([source, target], [outputs, decoded])


def test_states_from_one_bidirectional_to_another():
    ours, theirs = in_both(bidirectional_states, X, X[:, ::-1].copy())
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def masked_stack(library, layer):
    ids = library.Input((6,), dtype="int32")
    x = layer("Embedding")(6, 4, mask_zero=True)(ids)
    x = layer("Bidirectional")(layer("LSTM")(3, return_sequences=True))(x)
    x = layer("TimeDistributed")(layer("Dense")(5, activation="tanh"))(x)
    cells = [layer("GRUCell")(4), layer("SimpleRNNCell")(3)]
    x = layer("RNN")(cells, return_sequences=True)(x)
    x = layer("GRU")(3, reset_after=False, go_backwards=True)(x)
    return library.Model(ids, layer("Dense")(2)(x))


def test_masks_go_through_a_stack_of_recurrent_layers():
    np.testing.assert_allclose(*in_both(masked_stack, IDS), atol=1e-5)


def video(library, layer):
    frames = library.Input((3, 6, 6, 1))
    inner = library.Sequential(
        [
            library.Input((6, 6, 1)),
            layer("Conv2D")(2, 3, activation="relu"),
            layer("MaxPooling2D")(2),
            layer("Flatten")(),
        ]
    )
    x = layer("TimeDistributed")(inner)(frames)
    x = layer("LSTM")(3, activation="relu")(x)
    y = layer("ConvLSTM2D")(2, 3, padding="same", return_sequences=True)(frames)
    y = layer("TimeDistributed")(layer("GlobalAveragePooling2D")())(y)
    y = layer("SimpleRNN")(3)(y)
    return library.Model(frames, [x, y])


def test_models_of_images_at_each_time():
    ours, theirs = in_both(video, IMAGES)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda layer: layer("SimpleRNN")(3, dropout=0.1, kernel_regularizer="l2"),
        lambda layer: layer("LSTM")(3, recurrent_activation="hard_sigmoid", seed=1),
        lambda layer: layer("GRU")(3, bias_constraint="unit_norm", stateful=True),
        lambda layer: layer("RNN")([layer("LSTMCell")(2), layer("GRUCell")(3)]),
        lambda layer: layer("Bidirectional")(layer("GRU")(2), merge_mode="sum"),
        lambda layer: layer("TimeDistributed")(layer("Conv2D")(2, 3, strides=2)),
        lambda layer: layer("ConvLSTM2D")(2, (3, 2), strides=2, padding="same"),
    ],
)
def test_configurations_cross_in_both_directions(make):
    ours = make(lambda name: layer_of(keratorch, name))
    theirs = make(lambda name: layer_of(keras, name))
    type(theirs).from_config(ours.get_config())
    again = type(ours).from_config(theirs.get_config())
    assert again.get_config().keys() == theirs.get_config().keys()
