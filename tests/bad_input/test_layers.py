"""Single layers: arguments of the wrong type, and inputs of the wrong shape."""

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import SERIES, YES_NO, Mistake, X, check, layers

SHORTER, NARROWER = SERIES[:, :3], SERIES[..., :2]
RECURRENT = ["SimpleRNN", "GRU", "LSTM"]
MERGING = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]
INDICES = np.arange(60).reshape(12, 5) % 10


def trained(*stack):
    model = keras.Sequential([*stack, layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


ARGUMENTS = {  # layer, arguments: what its error holds
    "units text": ("Dense", {"units": "3"}, "units", "'3'", "positive integer"),
    "units float": ("Dense", {"units": 2.5}, "units", "2.5", "positive integer"),
    "units None": ("Dense", {"units": None}, "units", "None", "positive integer"),
    "units of LSTM": ("LSTM", {"units": -1}, "units", "-1", "positive integer"),
    "dropout of LSTM": ("LSTM", {"units": 2, "dropout": 2}, ": dropout", "2", "0 to 1"),
    "recurrent_dropout": (
        *("GRU", {"units": 2, "recurrent_dropout": -1}),
        *("recurrent_dropout", "-1", "0 to 1"),
    ),
    "filters": ("Conv1D", {"filters": -1, "kernel_size": 2}, "filters", "-1"),
    "filters text": ("Conv2D", {"filters": "8", "kernel_size": 2}, "filters", "'8'"),
    "kernel_size 0": ("Conv2D", {"filters": 8, "kernel_size": 0}, "kernel_size", "0"),
    "kernel_size of 3": (
        *("Conv2D", {"filters": 8, "kernel_size": (3, 3, 3)}),
        *("kernel_size", "(3, 3, 3)", "2 of them"),
    ),
    "padding": (
        *("Conv2D", {"filters": 8, "kernel_size": 3, "padding": "smae"}),
        *("padding", "'smae'", "'valid' or 'same'"),
    ),
    "pool_size": ("MaxPooling2D", {"pool_size": "2"}, "pool_size", "'2'", "integer"),
    "rate text": ("Dropout", {"rate": "0.5"}, "rate", "'0.5'", "0 to 1"),
    "rate None": ("Dropout", {"rate": None}, "rate", "None", "0 to 1"),
    "rate of noise": ("GaussianDropout", {"rate": 2}, "rate", "2", "less than 1"),
    "axis text": ("BatchNormalization", {"axis": "a"}, "axis", "'a'", "int"),
    "axis float": ("LayerNormalization", {"axis": 1.5}, "axis", "1.5", "int"),
    "axis of Concatenate": ("Concatenate", {"axis": "a"}, "axis", "'a'", "int"),
    "axis of Softmax": ("Softmax", {"axis": "a"}, "axis", "'a'", "int"),
    "axis of Normalization": ("Normalization", {"axis": "a"}, "axis", "'a'", "int"),
    "target_shape": (
        "Reshape",
        {"target_shape": "ab"},
        "target_shape",
        "'ab'",
        "tuple",
    ),
    "n": ("RepeatVector", {"n": 2.5}, "n must", "2.5", "positive integer"),
    "dims": ("Permute", {"dims": (0, 1)}, "dims", "(0, 1)", "axes 1, 2"),
    "input_dim": ("Embedding", {"input_dim": "a", "output_dim": 2}, "input_dim", "'a'"),
    "num_heads": ("MultiHeadAttention", {"num_heads": 0, "key_dim": 2}, "num_heads"),
    "num_bins": ("Hashing", {"num_bins": 0}, "num_bins", "0", "positive integer"),
    "an unknown one": ("Dense", {"units": 3, "activaton": "relu"}, "'activaton'"),
    "merge_mode": (
        *("Bidirectional", {"layer": layers.LSTM(2), "merge_mode": "add"}),
        *("merge_mode", "'add'", "'concat', 'sum'"),
    ),
    "a layer class": (
        "Bidirectional",
        {"layer": layers.LSTM},
        "class LSTM",
        "LSTM(32)",
    ),
    "no layer": ("TimeDistributed", {"layer": 3}, "layer", "3", "keratorch layer"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_argument_of_a_layer(name):
    layer, arguments, *tells = ARGUMENTS[name]
    check(Mistake(lambda: getattr(layers, layer)(**arguments), (layer, *tells)))


@pytest.mark.parametrize("shape", [(-5,), "a", (2.5,), 1.5])
def test_shape_of_an_input(shape):
    tells = ("Input: shape", repr(shape), "tuple of integers", "(28, 28, 1)")
    check(Mistake(lambda: keras.Input(shape), tells))


def bidirectional_states():
    return layers.Bidirectional(layers.LSTM(2))(SERIES, initial_state=[X[:, :2]])


def other_features(layer, *inputs):
    """Call a layer on inputs, and then on others of fewer features."""
    layer(*inputs)
    return layer(*inputs[:-1], inputs[-1][..., :2])


CALLS = {
    "Dense of a list": Mistake(
        lambda: layers.Dense(2)([X, X]), ("Dense", "a list of 2", "one array", "Concat")
    ),
    "Dense of None": Mistake(
        lambda: layers.Dense(2)(None), ("Dense", "None", "one array", "return nothing")
    ),
    "LSTM of a dict": Mistake(
        lambda: layers.LSTM(2)({"a": SERIES}), ("LSTM", "a dict of 1", "one array")
    ),
    "states into Dense": Mistake(
        lambda: trained(keras.Input((5, 4)), layers.LSTM(2, return_state=True)),
        ("Dense", "a tuple of 3", "one array", "pick one"),
    ),
    "Dense of a layer": Mistake(
        lambda: layers.Dense(2)(layers.Dense(3)), ("Dense", "the layer", "x = Dense")
    ),
    "Dense of text": Mistake(
        lambda: layers.Dense(2)(np.array([["a"]])), ("Dense", "<U1", "numbers")
    ),
    "LSTM of text": Mistake(
        lambda: layers.LSTM(2)(np.full((2, 3, 4), "a")), ("LSTM", "<U1", "numbers")
    ),
    "Embedding of text": Mistake(
        lambda: layers.Embedding(3, 2)(np.array(["a"])), ("Embedding", "<U1", "numbers")
    ),
    "text in predict": Mistake(
        lambda: trained(keras.Input((1,))).predict(["a", "b"]),
        ("x", "text", "(0,)", "Encode them", "TextVectorization"),
    ),
    "states of Bidirectional": Mistake(
        bidirectional_states, ("initial_state", "received 1", "list", "backward")
    ),
    "TimeDistributed of vectors": Mistake(
        lambda: layers.TimeDistributed(layers.Dense(2))(X),
        ("TimeDistributed", "(12, 4)", "(batch, time, ...)", "return_sequences=True"),
    ),
    "Bidirectional of vectors": Mistake(
        lambda: layers.Bidirectional(layers.LSTM(2))(X),
        ("LSTM", "(12, 4)", "(batch, time, features)", "return_sequences=True"),
    ),
    "ConvLSTM2D of series": Mistake(
        lambda: layers.ConvLSTM2D(2, 2)(SERIES),
        ("ConvLSTM2D", "(12, 5, 4)", "(batch, time, height, width, channels)"),
    ),
    "RNN without a cell": Mistake(
        lambda: layers.RNN(3), ("RNN", "3", "call(inputs, states)", "LSTMCell(32)")
    ),
    "Attention of one array": Mistake(
        lambda: layers.Attention()(SERIES), ("Attention", "no list", "[query, value]")
    ),
    "keys and values of MultiHeadAttention": Mistake(
        lambda: layers.MultiHeadAttention(2, 3)(SERIES, SERIES, SHORTER),
        ("MultiHeadAttention", "(12, 3, 4)", "(12, 5, 4)", "a key for each value"),
    ),
    "MultiHeadAttention for other features": Mistake(
        lambda: other_features(layers.MultiHeadAttention(2, 3), SERIES, SERIES),
        ("(2,)", "(4,)", "built for"),
    ),
    "mask of MultiHeadAttention": Mistake(
        lambda: layers.MultiHeadAttention(2, 3)(
            SERIES, SERIES, attention_mask=np.ones((12, 3, 3))
        ),
        ("attention_mask", "(12, 3, 3)", "(batch, queries, keys)"),
    ),
    "Concatenate of lengths": Mistake(
        lambda: layers.Concatenate()([SERIES, SHORTER]),
        ("Concatenate", "(12, 3, 4)", "equal but for axis -1", "Reshape"),
    ),
    "Concatenate along no axis": Mistake(
        lambda: layers.Concatenate(axis=7)([X, X]), ("Concatenate", "(12, 4)", "axis 7")
    ),
    "Dot along no axis": Mistake(
        lambda: layers.Dot(axes=9)([SERIES, SERIES]),
        ("Dot", "axes=9", "(12, 5, 4)", "an axis of each array", "-1"),
    ),
    "Dot of lengths": Mistake(
        lambda: layers.Dot(axes=1)([SERIES, SHORTER]), ("Dot", "(12, 3, 4)", "length")
    ),
    "Subtract of three": Mistake(
        lambda: layers.Subtract()([X] * 3), ("Subtract", "received 3", "2 arrays")
    ),
    "axis of BatchNormalization": Mistake(
        lambda: layers.BatchNormalization(axis=9)(X),
        ("axis 9", "out of range", "(12, 4)", "2 axes"),
    ),
    "GroupNormalization": Mistake(
        lambda: layers.GroupNormalization(3)(X), ("groups=3", "4 channels", "divide")
    ),
    "features of Normalization": Mistake(
        lambda: other_features(layers.Normalization(mean=[0] * 4, variance=[1] * 4), X),
        ("Normalization", "(12, 2)", "length 4"),
    ),
    "text for Normalization": Mistake(
        lambda: layers.Normalization().adapt(np.array(["a"])),
        ("Normalization", "<U1", "numbers", "StringLookup"),
    ),
    "Reshape": Mistake(
        lambda: layers.Reshape((3,))(X), ("Reshape", "(4,)", "(3,)", "may be -1")
    ),
    "Permute": Mistake(
        lambda: layers.Permute((1, 2, 3))(X), ("dims=(1, 2, 3)", "(12, 4)", "4 axes")
    ),
    "Discretization without adapt": Mistake(
        lambda: layers.Discretization(num_bins=3)(X),
        ("Discretization", "no boundaries", "adapt(data)", "bin_boundaries"),
    ),
    "tf_idf without adapt": Mistake(
        lambda: layers.StringLookup(output_mode="tf_idf", vocabulary=["a"])(["a"]),
        ("StringLookup", "tf_idf", "idf_weights"),
    ),
    "numbers for TextVectorization": Mistake(
        lambda: layers.TextVectorization(vocabulary=["a"])(np.array([[1, 2]])),
        ("TextVectorization", "int64", "texts"),
    ),
    "CategoryEncoding": Mistake(
        lambda: layers.CategoryEncoding(num_tokens=3)(np.array([1, 7])),
        ("index 7", "0 to 2", "num_tokens at least 8"),
    ),
    "Dense without a length": Mistake(
        lambda: layers.Dense(2)(keras.Input((None,))),
        ("Dense", "(None, None)", "last axis", "Input(shape=...)"),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_call_of_a_layer(name):
    check(CALLS[name])


@pytest.mark.parametrize("name", MERGING)
@pytest.mark.parametrize("symbolic", [False, True])
def test_merging_arrays_that_do_not_fit(name, symbolic):
    arrays = [SERIES, SHORTER]
    if symbolic:
        arrays = [keras.Input(x.shape[1:]) for x in arrays]
    layer = getattr(layers, name)()
    tells = (name, "3, 4)", "5, 4)", "broadcast", "Dense or Reshape")
    check(Mistake(lambda: layer(arrays), tells))
    tells = (name, "expects a list", "(12, 5, 4)", f"{name}()([a, b])")
    check(Mistake(lambda: getattr(layers, name)()(SERIES), tells))


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_layers_without_a_time_axis(name):
    kind = getattr(layers, name)
    tells = (name, "4)", "(batch, time, features)", "return_sequences=True")
    check(Mistake(lambda: kind(2)(X), tells))
    check(Mistake(lambda: trained(kind(2)).fit(X, YES_NO, verbose=0), tells))
    check(Mistake(lambda: trained(keras.Input((4,)), kind(2)), tells))
    stacked = ("(None, 2)", *tells[:1], *tells[2:])
    check(Mistake(lambda: trained(keras.Input((5, 4)), kind(2), kind(3)), stacked))


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_layers_with_other_features_or_axes_in_fit(name):
    model = trained(keras.Input((None, 4)), getattr(layers, name)(2))
    model.fit(SERIES, YES_NO, verbose=0)
    wanted = ("x:", "(None, 4)")
    mistakes = [
        (NARROWER, (*wanted, "(12, 5, 2)")),
        (X, (*wanted, "(12, 4)", "no batch axis")),
        (X[:, 0], (*wanted, "(12,)", "2 axes and has 0")),
        (SERIES[:, 0, :3], (*wanted, "(12, 3)", "2 axes and has 1", "x[:, None]")),
    ]
    for x, tells in mistakes:
        check(Mistake(lambda one, x=x: one.fit(x, YES_NO, verbose=0), tells), model)


@pytest.mark.parametrize("name", RECURRENT)
def test_states_of_recurrent_layers(name):
    kind, states = getattr(layers, name), [np.zeros((12, 2))] * 2
    wrong = [np.zeros((12, 7))] * 2
    tells = (name, "initial_state", "(12, 7)", "(12, 2)")
    check(Mistake(lambda: kind(2)(SERIES, initial_state=wrong), tells))
    tells = (name, "initial_state", "list of")
    check(Mistake(lambda: kind(2)(SERIES, initial_state=states * 2), tells))
    tells = (name, "mask", "(12, 3)", "(12, 5)")
    check(Mistake(lambda: kind(2)(SERIES, mask=np.ones((12, 3), bool)), tells))


@pytest.mark.parametrize("name", RECURRENT)
def test_stateful_layers_need_one_batch_size(name):
    kind = getattr(layers, name)
    unknown = (name, "stateful", "(None, 5, 4)", "Input(shape=..., batch_size=...)")
    check(
        Mistake(lambda: trained(keras.Input((5, 4)), kind(2, stateful=True)), unknown)
    )
    model = trained(keras.Input((5, 4), batch_size=4), kind(2, stateful=True))
    model.fit(SERIES, YES_NO, batch_size=4, verbose=0)
    tells = (name, "batch of 4", "(3, 5, 4)", "one size", "stateful=False")
    with pytest.raises(ValueError):
        model.fit(SERIES, YES_NO, batch_size=3, verbose=0)
    fit = lambda: model.fit(SERIES, YES_NO, batch_size=3, verbose=0)  # noqa: E731
    check(Mistake(fit, tells))
    model.fit(SERIES, YES_NO, batch_size=4, verbose=0)


def embedded(count):
    return trained(keras.Input((5,)), layers.Embedding(count, 2), layers.Flatten())


def test_an_index_outside_an_embedding_inside_fit():
    model = embedded(8)
    model.fit(INDICES % 8, YES_NO, verbose=0)
    large = ("embedding", "index 9", "(1, 4)", "0 to 7", "input_dim at least 10")
    check(Mistake(lambda m: m.fit(INDICES, YES_NO, verbose=0), large), model)
    negative = ("embedding", "index -2", "0 to 7", "begin at 0")
    shifted = INDICES % 8 - 2
    check(Mistake(lambda m: m.fit(shifted, YES_NO, verbose=0), negative), model)
    nan = ("x holds nan", "(0, 0)", "check_finite=False")
    check(Mistake(lambda m: m.fit(INDICES * np.nan, YES_NO, verbose=0), nan), model)


def test_an_index_outside_an_embedding_in_a_later_batch():
    late = np.concatenate([INDICES % 8, np.full((1, 5), 30)])
    fit = lambda: embedded(10).fit(  # noqa: E731
        late, np.ones(13), batch_size=4, shuffle=False, verbose=0
    )
    check(Mistake(fit, ("index 30", "(0, 0)", "0 to 9", "input_dim at least 31")))


def test_images_with_their_channels_elsewhere_in_fit():
    model = trained(keras.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.Flatten())
    moved = np.ones((4, 3, 8, 8))
    tells = ("x:", "(4, 3, 8, 8)", "(8, 8, 3)", "np.moveaxis(x, 1, -1)")
    check(Mistake(lambda one: one.fit(moved, YES_NO[:4], verbose=0), tells), model)


def test_many_weights_and_arrays_are_not_listed_whole():
    deep = keras.Sequential([keras.Input((2,)), *[layers.Dense(2) for _ in range(99)]])
    tells = (
        "set_weights",
        "198 weights",
        "and 190 more",
        "received 1",
        "get_weights()",
    )
    check(Mistake(lambda: deep.set_weights([X]), tells))
    with pytest.raises(TypeError, match=r"list of arrays.*received a int"):
        deep.set_weights(5)
    wide = [np.ones((1, n)) for n in range(1, 99)]
    check(Mistake(lambda: layers.Add()(wide), ("Add", "broadcast", "and 90 more")))
    check(Mistake(lambda: layers.Dense(wide), ("units", "positive integer")))
