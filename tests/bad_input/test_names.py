"""Names that nobody knows: each room says which name was meant."""

import re

import pytest

import keratorch as keras
from tests.bad_input.mistakes import Mistake, check, layers

NAMES = {  # a path that does not exist: the nearest name that does
    "Sequental": "Sequential",
    "layer": "layers",
    "layers.Dens": "Dense",
    "layers.Conv2d": "Conv2D",
    "layers.BatchNormalisation": "BatchNormalization",
    "models.Sequental": "Sequential",
    "losses.mean_squared_eror": "mean_squared_error",
    "losses.MeanSquaredEror": "MeanSquaredError",
    "metrics.BinaryAcuracy": "BinaryAccuracy",
    "callbacks.EarlyStoping": "EarlyStopping",
    "activations.rleu": "relu",
    "initializers.HeNorml": "HeNormal",
    "constraints.MaxNormm": "MaxNorm",
    "regularizers.OrthogonalRegulariser": "OrthogonalRegularizer",
    "utils.to_categorial": "to_categorical",
    "ops.matmull": "matmul",
    "backend.epsilonn": "epsilon",
    "random.normall": "normal",
    "preprocessing.imagee": "image",
    "saving.load_modell": "load_model",
}


def looked_up(path):
    found = keras
    for name in path.split("."):
        found = getattr(found, name)
    return found


@pytest.mark.parametrize("path", NAMES)
def test_a_misspelt_attribute_is_answered_with_the_nearest(path):
    with pytest.raises(AttributeError) as caught:
        looked_up(path)
    room, _, name = path.rpartition(".")
    assert re.search(f"{name}.*Did you mean .*{NAMES[path]!r}", str(caught.value))
    assert hasattr(looked_up(room) if room else keras, NAMES[path])


def test_a_misspelt_optimizer_is_answered_without_regard_to_case():
    with pytest.raises(AttributeError, match="(?i)'Adagrid'. Did you mean 'adagrad'"):
        keras.optimizers.Adagrid  # noqa: B018 - the look-up is what is tested


def compiled(**arguments):
    model = keras.Sequential([layers.Dense(1)])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})


def dense(**arguments):
    return lambda: layers.Dense(1, **arguments)


STRINGS = {
    "optimizer": Mistake(
        lambda: compiled(optimizer="adagrid"), ("optimizer", "'adagrid'", "'adagrad'")
    ),
    "loss": Mistake(
        lambda: compiled(loss="binary_crossentropie"),
        ("loss", "'binary_crossentropie'", "'binary_crossentropy'"),
    ),
    "metric": Mistake(
        lambda: compiled(metrics=["acuracy"]), ("metric", "'acuracy'", "'accuracy'")
    ),
    "weighted metric": Mistake(
        lambda: compiled(weighted_metrics=["acuracy"]),
        ("metric", "'acuracy'", "'accuracy'"),
    ),
    "activation": Mistake(dense(activation="rleu"), ("activation", "'rleu'", "'relu'")),
    "activation of a layer": Mistake(
        lambda: layers.Activation("sotfmax"), ("activation", "'sotfmax'", "'softmax'")
    ),
    "initializer": Mistake(
        dense(kernel_initializer="glorot_unifrom"),
        ("initializer", "'glorot_unifrom'", "'glorot_uniform'"),
    ),
    "bias initializer": Mistake(
        dense(bias_initializer="zeroes"), ("initializer", "'zeroes'", "'zero")
    ),
    "regularizer": Mistake(
        dense(kernel_regularizer="l12"), ("regularizer", "'l12'", "'l1l2'")
    ),
    "constraint": Mistake(
        dense(kernel_constraint="max_nrm"), ("constraint", "'max_nrm'", "'max_norm'")
    ),
    "recurrent activation": Mistake(
        lambda: layers.LSTM(2, recurrent_activation="sigmod"),
        ("activation", "'sigmod'", "'sigmoid'"),
    ),
    "dtype": Mistake(dense(dtype="flaot32"), ("dtype", "'flaot32'", "'float32'")),
}


@pytest.mark.parametrize("kind", STRINGS)
def test_a_misspelt_text_is_answered_with_the_nearest(kind):
    mistake = STRINGS[kind]
    check(mistake._replace(tells=(*mistake.tells, "Did you mean")))


NO_NAMES = {
    "optimizer": Mistake(lambda: compiled(optimizer=3), ("optimizer", "3 of type int")),
    "loss": Mistake(lambda: compiled(loss=3), ("loss", "int", "a name")),
    "metric": Mistake(lambda: compiled(metrics=[3]), ("metric", "int", "a name")),
    "activation": Mistake(dense(activation=3), ("activation", "int", "a name")),
    "initializer": Mistake(
        dense(kernel_initializer=3), ("initializer", "3 of type int", "a name")
    ),
    "layer": Mistake(lambda: keras.Sequential(["Dense"]), ("layers", "received str")),
    "a layer's class": Mistake(lambda: keras.Sequential([layers.Dense]), ("Dense(",)),
    "a callback": Mistake(
        lambda: compiled() or keras.Sequential().fit(callbacks="early"), ("compile",)
    ),
}


@pytest.mark.parametrize("kind", NO_NAMES)
def test_what_is_no_name_is_refused(kind):
    check(NO_NAMES[kind])


def test_an_unknown_layer_of_a_model_is_answered_with_those_there_are():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, name="first")])
    check(Mistake(lambda: model.get_layer("frist"), ("get_layer", "'frist'", "first")))
    check(Mistake(lambda: model.get_layer(index=9), ("get_layer", "9", "1 layers")))


GRAPHS = {
    "disconnected": Mistake(
        lambda: keras.Model(keras.Input((3,), name="a"), keras.Input((3,), name="b")),
        ("'b'", "not among inputs", "a", "Add it to inputs"),
    ),
    "arrays": Mistake(
        lambda: keras.Model([[1.0]], [[2.0]]), ("symbolic arrays", "Input(shape)")
    ),
    "a layer": Mistake(
        lambda: keras.Model(keras.Input((3,)), layers.Dense(2)),
        ("outputs", "a Dense", "symbolic arrays"),
    ),
    "no outputs": Mistake(
        lambda: keras.Model(keras.Input((3,)), None), ("outputs", "inputs alone")
    ),
    "two inputs": Mistake(
        lambda: keras.Sequential([keras.Input((3,)), keras.Input((3,))]),
        ("has its input already", "first"),
    ),
}


@pytest.mark.parametrize("kind", GRAPHS)
def test_a_model_that_cannot_be(kind):
    check(GRAPHS[kind])
