"""Each common mistake says which argument, what came, what is wanted, what to do.

And it leaves the model as it was. `tests/bad_input` has the same for models of several
inputs and outputs, streams of batches, single layers, files, names and interrupts.
"""

import warnings

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import (
    LABELS,
    YES_NO,
    Mistake,
    X,
    binary,
    check,
    classifier,
    layers,
    regression,
    unchanged,
    with_value,
)

ONE_HOT = np.eye(3)[LABELS]
SPARSE = "sparse_categorical_crossentropy"


def images():
    network = keras.Sequential([keras.Input((16,)), layers.Dense(3)])
    network.compile("adam", "mse")
    return network


def unflattened():
    network = keras.Sequential([keras.Input((4, 4)), layers.Dense(3, "softmax")])
    network.compile("adam", SPARSE)
    return network


def fit(*args, **kwargs):
    return lambda model: model.fit(*args, verbose=0, **kwargs)


AT_FIT = {  # what a model that has learned is asked for
    "wrong number of features": Mistake(
        fit(X[:, :3], LABELS),
        ("x:", "(12, 3)", "(4,)", "3 features instead of 4"),
    ),
    "no batch axis": Mistake(
        fit(X[0], LABELS[:4]), ("x", "(4,)", "batch axis", "x[None]")
    ),
    "y of another length": Mistake(
        fit(X, LABELS[:7]), ("y", "12 in x and 7", "same number", "one target for each")
    ),
    "sample_weight of another length": Mistake(
        fit(X, LABELS, sample_weight=np.ones(5)),
        ("sample_weight", "5 weights", "12 samples", "one weight for each"),
    ),
    "y of one column for three outputs": Mistake(
        fit(X, YES_NO[:, None]),
        ("y_true", "(12, 1)", "(12, 3)", "Give y_true 3 columns"),
        lambda: regression(3),
    ),
    "image batch into Dense": Mistake(
        fit(np.ones((5, 4, 4)), np.ones((5, 3))),
        ("x:", "(5, 4, 4)", "(16,)", "Flatten()"),
        images,
    ),
    "image batch through Dense": Mistake(
        fit(np.ones((12, 4, 4)), LABELS),
        ("y_true", "(12,)", "(12, 4)", "Flatten()"),
        unflattened,
    ),
    "x and y swapped": Mistake(
        fit(LABELS[:, None], X), ("x:", "(12, 1)", "(4,)", "swapped?")
    ),
    "validation_data of other features": Mistake(
        fit(X, LABELS, validation_data=(X[:, :2], LABELS)),
        ("validation_data: x", "(12, 2)", "(4,)", "2 features instead of 4"),
    ),
    "validation_data of one array": Mistake(
        fit(X, LABELS, validation_data=X),
        ("validation_data", "an array", "(x_val, y_val)", "must be"),
    ),
    "one-hot y with a sparse loss": Mistake(
        fit(X, ONE_HOT),
        ("y_true", "(12, 3)", "(12,)", "categorical_crossentropy, or np.argmax"),
    ),
    "integer y with a categorical loss": Mistake(
        fit(X, LABELS),
        ("y", "(12,)", "sparse_categorical_crossentropy", "to_categorical"),
        lambda: classifier(loss="categorical_crossentropy"),
    ),
    "label too large": Mistake(
        fit(X, with_value(LABELS, 5, 3)),
        ("y_true", "3.0 at row 5", "from 0 to 2", "1-based? Then subtract 1"),
    ),
    "negative label": Mistake(
        fit(X, with_value(LABELS, 5, -1)), ("y_true", "-1.0 at row 5", "from 0 to 2")
    ),
    "fractional label": Mistake(
        fit(X, with_value(LABELS, 5, 0.5)), ("y_true", "0.5 at row 5", "integer")
    ),
    "binary label 2": Mistake(
        fit(X, with_value(YES_NO, 5, 2)),
        ("y_true", "2.0 at row 5", "from 0 to 1", "For more than two"),
        binary,
    ),
    "binary label -1": Mistake(
        fit(X, with_value(YES_NO, 5, -1)),
        ("y_true", "-1.0 at row 5", "from 0 to 1"),
        binary,
    ),
    "logits into a probability loss": Mistake(
        fit(X * 100, LABELS),
        ("y_pred", "received ", "from 0 to 1", "from_logits=True"),
        lambda: classifier(activation=None),
    ),
    "no y": Mistake(fit(X), ("y is missing", "the loss", "model.fit(x, y)")),
    "class_weight as a list": Mistake(
        fit(X, LABELS, class_weight=[1, 2, 3]),
        ("class_weight", "list", "dict", "Pass a dict: class_weight="),
    ),
    "class_weight of NaN": Mistake(
        fit(X, LABELS, class_weight={0: np.nan}), ("class_weight", "nan", "finite")
    ),
    "text as x": Mistake(
        fit(np.full((12, 4), "a"), LABELS),
        ("x", "text", "(0, 0)", "Encode them as numbers"),
    ),
    "objects as x": Mistake(
        fit(np.full((12, 4), None), LABELS), ("x", "NoneType", "(0, 0)", "Encode")
    ),
    "ragged x": Mistake(
        fit([[1, 2], [3]], LABELS[:2]), ("x", "row 1", "ragged", "Pad the rows")
    ),
    "complex y": Mistake(
        fit(X, LABELS * 1j), ("y", "complex", "real", "np.stack([z.real, z.imag]")
    ),
    "NaN in x": Mistake(
        fit(with_value(X, (7, 1), np.nan), LABELS),
        ("x", "nan at index (7, 1)", "1 of its 48", "check_finite=False"),
    ),
    "Inf in sample_weight": Mistake(
        fit(X, LABELS, sample_weight=with_value(np.ones(12), 3, np.inf)),
        ("sample_weight", "inf at index (3,)", "1 of its 12", "check_finite=False"),
    ),
    "callback class": Mistake(
        fit(X, LABELS, callbacks=[keras.callbacks.EarlyStopping]),
        ("callbacks", "the class EarlyStopping", "instance", "EarlyStopping()"),
    ),
    "batch_size 0": Mistake(
        fit(X, LABELS, batch_size=0), ("batch_size", "0 of type int", "positive")
    ),
    "batch_size '32'": Mistake(
        fit(X, LABELS, batch_size="32"), ("batch_size", "'32' of type str", "integer")
    ),
    "batch_size 2.5": Mistake(
        fit(X, LABELS, batch_size=2.5), ("batch_size", "2.5 of type float", "integer")
    ),
    "batch_size as data": Mistake(
        fit(X, LABELS, np.ones((12, 12))), ("batch_size", "shape (12, 12)", "positive")
    ),
    "epochs -3": Mistake(fit(X, LABELS, epochs=-3), ("epochs", "-3", "at least 0")),
    "validation_split 1.0": Mistake(
        fit(X, LABELS, validation_split=1.0), ("validation_split", "1.0", "between 0")
    ),
    "validation_split -0.2": Mistake(
        fit(X, LABELS, validation_split=-0.2), ("validation_split", "-0.2", "share")
    ),
    "validation_freq 0": Mistake(
        fit(X, LABELS, validation_data=(X, LABELS), validation_freq=0),
        ("validation_freq", "0", "positive integer", "[1, 5]"),
    ),
    "shuffle 'all'": Mistake(
        fit(X, LABELS, shuffle="all"), ("shuffle", "'all'", "batch")
    ),
    "no samples": Mistake(fit(X[:0], LABELS[:0]), ("x", "(0, 4)", "no samples")),
}


@pytest.mark.parametrize("name", AT_FIT)
def test_fit_answers_before_it_changes_anything(name):
    mistake = AT_FIT[name]
    model = (mistake.model or classifier)()
    model.optimizer.build(model.trainable_variables)
    check(mistake, model)


def test_a_model_that_has_learned_keeps_what_it_learned():
    model = classifier()
    model.fit(X, LABELS, epochs=2, verbose=0)
    for mistake in AT_FIT.values():
        if mistake.model is None:
            check(mistake, model)
    assert int(model.optimizer.iterations) == 2
    assert len(model.fit(X, LABELS, verbose=0).history["loss"]) == 1


AT_CONSTRUCTION = {  # what is made, or asked of what is not ready
    "kernel larger than the input": Mistake(
        lambda: layers.Conv2D(2, 3)(np.ones((1, 2, 2, 1))),
        ("kernel_size=(3, 3)", "(2, 2)", "(3, 3) at least", "padding='same'"),
    ),
    "channels missing": Mistake(
        lambda: layers.Conv2D(2, 3)(np.ones((1, 8, 8))),
        ("inputs", "(1, 8, 8)", "(batch, height, width, channels)", "x[..., None]"),
    ),
    "softmax over one unit": Mistake(
        lambda: classifier(1, "softmax", "binary_crossentropy"),
        ("dense", "1 unit", "always 1", "activation='sigmoid'"),
    ),
    "no loss": Mistake(
        lambda: classifier(loss=None).fit(X, LABELS), ("loss", "compile")
    ),
    "fit before compile": Mistake(
        lambda: keras.Sequential([layers.Dense(1)]).fit(X, YES_NO),
        ("fit()", "compiled model", "model.compile(optimizer=..., loss=...)"),
    ),
    "weights before build": Mistake(
        lambda: keras.Sequential([layers.Dense(1)]).get_weights(),
        ("get_weights", "no weights yet", "shape of its input", "Input(shape)"),
    ),
    "index outside an Embedding": Mistake(
        lambda: layers.Embedding(8, 2)(np.array([[1, 9]])),
        ("inputs", "index 9 at position (0, 1)", "0 to 7", "input_dim at least 10"),
    ),
    "Dense(-5)": Mistake(
        lambda: layers.Dense(-5), ("Dense: units", "-5", "positive integer")
    ),
    "Dense(True)": Mistake(
        lambda: layers.Dense(True), ("Dense: units", "True", "positive integer")
    ),
    "Dense of data": Mistake(
        lambda: layers.Dense(X), ("Dense: units", "shape (12, 4)", "positive integer")
    ),
    "Dropout(1.5)": Mistake(
        lambda: layers.Dropout(1.5), ("Dropout: rate", "1.5", "from 0 to 1")
    ),
    "negative learning rate": Mistake(
        lambda: keras.optimizers.SGD(learning_rate=-0.1),
        ("learning_rate", "-0.1", "finite number >= 0"),
    ),
    "NaN learning rate": Mistake(
        lambda: keras.optimizers.Adam(learning_rate=float("nan")),
        ("learning_rate", "nan", "finite number >= 0"),
    ),
    "raw loss of (n,) and (n, 1)": Mistake(
        lambda: keras.losses.mean_squared_error(YES_NO, YES_NO[:, None]),
        ("y_true", "(12,)", "(12, 1)", "y_true.reshape((12, 1))"),
    ),
    "optimizer without parameters": Mistake(
        lambda: keras.optimizers.SGD([], lr=0.1), ("SGD", "no", "parameters")
    ),
    "parameter twice": Mistake(
        lambda: keras.optimizers.SGD(classifier().weights[:1] * 2, lr=0.1),
        ("SGD", "twice", "positions 0 and 1", "List each parameter once"),
    ),
    "integers that require a gradient": Mistake(
        lambda: keras.GradArray(np.arange(3), requires_grad=True),
        ("requires_grad", "int64", "float", "astype(float)"),
    ),
    "backward on a non-scalar": Mistake(
        lambda: (keras.GradArray([1.0, 2.0], requires_grad=True) * 2).backward(),
        ("backward", "(2,)", "scalar", "grad"),
    ),
}


@pytest.mark.parametrize("name", AT_CONSTRUCTION)
def test_mistake_is_answered_at_once(name):
    check(AT_CONSTRUCTION[name])


def test_y_without_its_last_axis_of_one_is_taken_in_fit():
    one = regression().fit(X, YES_NO, shuffle=False, verbose=0)
    assert np.isfinite(one.history["loss"][0])
    regression().fit(X, YES_NO[:, None], verbose=0)


def test_predict_of_nothing_has_the_right_shape():
    assert classifier().predict(X[:0], verbose=0).shape == (0, 3)


def from_logits():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier(loss=loss)


def accuracy_of_a_regression():
    model = regression()
    model.compile("sgd", "mse", metrics=["accuracy"])
    model.fit(X, YES_NO, epochs=3, batch_size=4, verbose=0)


def class_without_weight():
    weights = {0: 1.0, 1: 2.0}
    classifier().fit(X, LABELS, class_weight=weights, epochs=3, verbose=0)


def batches_that_end():
    batches = ((X, LABELS) for _ in range(4))
    classifier().fit(batches, steps_per_epoch=3, epochs=5, verbose=0)


def nan_let_in():
    bad = with_value(X, (0, 0), np.nan)
    classifier().fit(bad, LABELS, epochs=3, check_finite=False, verbose=0)


def normalization_without_adapt():
    normalize = layers.Normalization()
    normalize(X)
    normalize(X)


def lookup_without_adapt():
    lookup = layers.TextVectorization()
    lookup(["one word"])
    lookup(["one word"])


WARNINGS = {
    "softmax with from_logits": (from_logits, ("from_logits=True", "Drop")),
    "accuracy of a regression": (accuracy_of_a_regression, ("accuracy", "mae")),
    "class without weight": (class_without_weight, ("class_weight", "class 2")),
    "generator that ends": (batches_that_end, ("4 batches", "1 of 3", "loop for ever")),
    "NaN loss": (nan_let_in, ("NaN in epoch 1, step 1", "learning rate")),
    "not adapted": (normalization_without_adapt, ("Normalization", "adapt(data)")),
    "no vocabulary": (lookup_without_adapt, ("vocabulary", "adapt(data)")),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_doubtful_use_warns_once_and_goes_on(name):
    use, parts = WARNINGS[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        use()
    (warning,) = caught
    message = str(warning.message)
    assert warning.category is UserWarning
    assert len(message) <= 600
    assert not [part for part in parts if part not in message], message


def test_a_loaded_normalization_is_known_to_be_adapted():
    layer, loaded = layers.Normalization(), layers.Normalization()
    layer.adapt(X)
    loaded.build(X.shape)
    loaded.set_weights(layer.get_weights())
    np.testing.assert_array_equal(loaded(X).numpy(), layer(X).numpy())


def test_unknown_monitor_lists_the_metrics():
    model = classifier()
    stop = keras.callbacks.EarlyStopping(monitor="val_los")
    with pytest.raises(ValueError, match=r"'val_los'.*Did you mean 'val_loss'"):
        model.fit(X, LABELS, validation_split=0.5, callbacks=[stop], verbose=0)


def test_another_compile_that_fails_keeps_the_first():
    model = classifier()
    model.fit(X, LABELS, verbose=0)
    with unchanged(model), pytest.raises(ValueError, match="Did you mean 'adam'"):
        model.compile("adm", "mse")
    with unchanged(model), pytest.raises(ValueError, match="Did you mean"):
        model.compile("adam", "msee")
    with unchanged(model), pytest.raises(ValueError, match="Did you mean"):
        model.compile("adam", "mse", metrics=["acuracy"])
    model.fit(X, LABELS, verbose=0)
