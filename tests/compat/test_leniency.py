import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.compat import dialect

X = np.random.default_rng(0).random((8, 3))


@pytest.fixture
def in_a_script():
    try:
        compat.install()
    except RuntimeError:
        pytest.skip("the real Keras is loaded in this process")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    compat.uninstall()


def trained(y, activation="sigmoid", loss="binary_crossentropy", **fit):
    keras.utils.set_random_seed(1)  # linear outputs may be probabilities by chance
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation)])
    model.compile("sgd", loss)
    return model.fit(X, y, verbose=0, **fit).history["loss"][-1]


MISTAKES = [
    ({"y": np.arange(8) % 3}, "targets from 0 to 1"),
    ({"y": np.zeros(8), "activation": "linear"}, "needs probabilities"),
    ({"y": np.zeros(8), "activation": "softmax"}, "softmax over 1 unit"),
    (
        {"y": np.zeros(8), "callbacks": [keras.callbacks.EarlyStopping("val_loss")]},
        "monitors 'val_loss'",
    ),
    ({"y": np.array([np.nan] + [0] * 7), "loss": "mse"}, "y holds nan"),
]


FRACTIONS = np.array([0, 1.99, 2, 0.5, 1, 2, 0.99, 1])


def loss_of_labels(y):
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(3, "softmax", kernel_initializer="ones")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.layers[0].set_weights([np.eye(3), np.zeros(3)])
    return model.evaluate(X, y, verbose=0)


def test_labels_lose_their_fractions_in_a_script_of_keras(in_a_script):
    with pytest.warns(UserWarning, match="integer labels; received numbers with a f"):
        loss = loss_of_labels(FRACTIONS)
    assert loss == loss_of_labels(np.trunc(FRACTIONS))
    with pytest.raises(ValueError, match="integer labels from 0 to 2"):
        loss_of_labels(FRACTIONS + 1.5)


def test_labels_have_no_fractions_in_a_program_of_keratorch():
    with pytest.raises(ValueError, match="received 1.99"):
        loss_of_labels(FRACTIONS)


def test_categories_lose_their_fractions_in_a_script_of_keras(in_a_script):
    from keras.utils import np_utils

    labels = np.array([1.9999999999999996, 0.5, 2])
    with pytest.warns(UserWarning, match="to_categorical needs integer labels"):
        rows = np_utils.to_categorical(y=labels, nb_classes=3)
    assert rows.argmax(-1).tolist() == [1, 0, 2]
    with pytest.raises(ValueError, match="labels must be from 0 to 2"):
        np_utils.to_categorical(labels + 1.5, 3)
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="must be integers"):
        keras.utils.to_categorical(labels, 3)


def test_labels_below_zero_count_from_the_last_class_in_scripts(installed):
    np_utils = keras.utils.np_utils
    for call in (
        lambda: keras.utils.to_categorical([-1, 0, 1], 3),
        lambda: keras.utils.to_categorical(x=[-1, 0, 1], num_classes=3),
        lambda: np_utils.to_categorical(y=[-1, 0, 1], nb_classes=3),
    ):
        np.testing.assert_array_equal(call(), np.eye(3)[[2, 0, 1]])
    with pytest.raises(ValueError, match="from 0 to 2"):
        keras.utils.to_categorical([-4, 0], 3)


def test_labels_below_zero_are_an_error_in_programs():
    with pytest.raises(ValueError, match="from 0 to 2"):
        keras.utils.to_categorical([-1, 0, 1], 3)


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_a_mistake_is_an_error_in_a_program_of_keratorch(arguments, message):
    with pytest.raises(ValueError, match=message):
        trained(**arguments)


@pytest.mark.filterwarnings("ignore:softmax. axis -1")  # the operation warns as well
@pytest.mark.parametrize(("arguments", "message"), MISTAKES[:4])
def test_it_is_a_warning_in_a_script_of_keras(arguments, message, in_a_script):
    with pytest.warns(UserWarning, match=f"{message}.*Keras computes on"):
        assert np.isfinite(trained(**arguments))


def test_nan_in_the_data_is_learned_from_with_a_warning(in_a_script):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert np.isnan(trained(**MISTAKES[4][0]))
    said = [str(warning.message) for warning in caught]
    assert any(
        "y holds nan" in message and "computes on" in message for message in said
    )


def test_shapes_that_do_not_fit_are_errors_in_scripts_too(in_a_script):
    with pytest.raises(ValueError, match="in one shape"):
        evaluated((8, 2), (5, 3))
    with pytest.raises(ValueError, match="in one shape"):
        trained(np.zeros((8, 2)))  # Keras has no cross entropy of two shapes


SHAPES = [  # of targets, of outputs, as Keras 3.15 evaluates them
    ((8, 2), (1,), 0.0021212),
    ((8, 5, 2), (5, 1), 0.0018071),
    ((8, 5, 1), (1,), 0.0018826),
    ((8, 1, 1), (3,), 0.0025643),
]


def evaluated(targets, outputs, loss="mse", metrics=()):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(
                int(np.prod(outputs)), use_bias=False, kernel_initializer="ones"
            ),
            keras.layers.Reshape(outputs),
        ]
    )
    model.compile("sgd", loss, metrics=list(metrics))
    x = np.linspace(0, 0.16, 48).reshape(8, 6)
    y = np.linspace(0, 1, int(np.prod(targets))).reshape(targets)
    result = model.evaluate(x, y, verbose=0, return_dict=True)
    return result, y, model.predict(x, verbose=0)


@pytest.mark.parametrize(("targets", "outputs", "expected"), SHAPES)
def test_targets_are_broadcast_to_outputs_as_in_keras(
    targets, outputs, expected, in_a_script
):
    with pytest.warns(UserWarning, match="stand against outputs of shape"):
        result, _, _ = evaluated(targets, outputs, metrics=["mse"])
    np.testing.assert_allclose(result["loss"], expected, rtol=1e-4)
    np.testing.assert_allclose(result["mse"], expected, rtol=1e-4)


@pytest.mark.filterwarnings("error:targets of shape")
@pytest.mark.parametrize("loss", ["mse", "huber", "binary_crossentropy", "hinge"])
def test_targets_are_columns_for_outputs_of_more_axes(loss, in_a_script):
    metrics = ["mae", "binary_accuracy", "AUC", "Precision", "r2_score"]
    result, y, predicted = evaluated((8,), (1, 1), loss, metrics)
    columns, _, _ = evaluated((8, 1), (1, 1), loss, metrics)
    assert result.keys() == columns.keys()
    np.testing.assert_allclose([*result.values()], [*columns.values()], rtol=1e-6)
    expected = np.abs(y - predicted[:, 0, 0]).mean()
    np.testing.assert_allclose(result["mae"], expected, rtol=1e-5)


@pytest.mark.parametrize("outputs", [(5,), (5, 1)])
def test_one_target_is_compared_with_all_outputs_of_its_sample(outputs, in_a_script):
    with pytest.warns(UserWarning, match="stand against outputs"):
        result, y, predicted = evaluated((8,), outputs, "mae", ["mae"])
    expected = np.abs(y[:, None] - predicted.reshape(8, 5)).mean()
    np.testing.assert_allclose([result["loss"], result["mae"]], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("true", "pred"), [((40, 10), (1, 10, 1)), ((1, 10), (40, 10)), ((1,), (40,))]
)
def test_a_loss_by_itself_broadcasts_samples(true, pred, in_a_script):
    y_true, y_pred = np.zeros(true), np.ones(pred)
    with pytest.warns(UserWarning, match="stand against outputs"):
        assert float(keras.losses.MeanSquaredError()(y_true, y_pred)) == 1.0
    values = keras.losses.mean_squared_error(y_true, y_pred)
    assert np.all(np.asarray(values) == 1.0)


def test_directions_are_taken_before_shapes_are_broadcast(in_a_script):
    with pytest.warns(UserWarning, match="stand against outputs"):
        result, _, _ = evaluated((8, 2), (1,), "cosine_similarity")
    np.testing.assert_allclose(result["loss"], -1.3566505, rtol=1e-5)


@pytest.mark.parametrize("targets", [(8, 2), (8,)])
def test_shapes_that_keras_broadcasts_are_errors_in_a_program_of_keratorch(targets):
    with pytest.raises(ValueError, match="in one shape"):
        evaluated(targets, (5, 1))


DROPPING = [
    lambda rate: keras.layers.Dropout(rate),
    lambda rate: keras.layers.SpatialDropout1D(rate),
    lambda rate: keras.layers.LSTM(2, dropout=rate),
    lambda rate: keras.layers.GRU(2, recurrent_dropout=rate),
]


@pytest.mark.parametrize("make", DROPPING)
@pytest.mark.parametrize("rate", [-0.2, 1, 25])
def test_a_rate_outside_0_to_1_drops_nothing_in_older_scripts(make, rate, in_a_script):
    x = np.ones((2, 3, 4))
    with pytest.warns(UserWarning, match="drops nothing"):
        layer = make(rate)
    np.testing.assert_array_equal(layer(x, training=True), layer(x, training=False))


@pytest.mark.parametrize("make", DROPPING)
def test_it_is_an_error_in_a_program_of_keratorch(make):
    with pytest.raises(ValueError, match="from 0 to 1"):
        make(-0.2)


def test_a_rate_of_1_drops_all_in_a_script_of_keras_3(in_a_script):
    dialect.read("from keras import ops")
    x = keras.layers.Dropout(1)(np.ones((2, 3)), training=True)
    assert not np.any(x)


class OfTheFirst(keras.layers.Layer):
    """A layer of two inputs that says what the first one is."""

    def build(self, input_shape):
        self.input_spec = [keras.layers.InputSpec(ndim=3)]

    def call(self, inputs):
        return inputs[0] + inputs[1]


def test_specs_may_be_of_the_first_inputs_in_older_scripts(in_a_script):
    x = np.ones((2, 3, 4))
    layer = OfTheFirst()
    for _ in range(2):  # once built, the layer checks
        np.testing.assert_array_equal(layer([x, x]), 2 * x)
    with pytest.raises(ValueError, match="expected 3 axes"):
        layer([x[0], x])
    with pytest.raises(ValueError, match="expects 1 inputs; received 2"):
        dialect.read("from keras import ops")
        layer([x, x])


def test_specs_are_of_all_inputs_in_a_program_of_keratorch():
    x = np.ones((2, 3, 4))
    layer = OfTheFirst()
    layer([x, x])
    with pytest.raises(ValueError, match="expects 1 inputs; received 2"):
        layer([x, x])


def test_noise_may_be_of_any_size_in_older_scripts(in_a_script):
    outputs = keras.layers.GaussianNoise(15.0, seed=1)(np.zeros((99, 9)), training=True)
    assert 12 < outputs.numpy().std() < 18
    with pytest.raises(ValueError, match="at least 0"):
        keras.layers.GaussianNoise(-1.0)
    with pytest.raises(ValueError, match="at most 1"):
        dialect.read("from keras import ops")
        keras.layers.GaussianNoise(15.0)


def test_noise_is_at_most_1_in_a_program_of_keratorch():
    with pytest.raises(ValueError, match="at most 1"):
        keras.layers.GaussianNoise(15.0)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: keras.layers.Embedding(5, 2, input_length=3, dtype="int32"),
        lambda: keras.layers.Flatten(dtype=np.int64),
    ],
)
def test_integers_as_the_dtype_of_a_layer_were_those_of_its_inputs(
    layer, in_a_script, quiet
):
    made = layer()
    assert made.dtype == "float32"
    assert made(np.ones((2, 3), "int32")).shape[0] == 2


def test_integers_as_the_dtype_of_a_layer_are_an_error_today():
    with pytest.raises(ValueError, match="float type"):
        keras.layers.Dense(2, dtype="int32")


def test_one_number_stands_for_all_targets_in_a_script(in_a_script):
    accuracy = keras.metrics.BinaryAccuracy()
    accuracy.update_state(1.0, np.array([[1.0], [0.0]]))
    assert float(accuracy.result()) == 0.5


def test_one_number_is_no_target_in_a_program_of_keratorch():
    with pytest.raises(ValueError, match="one shape"):
        keras.metrics.BinaryAccuracy().update_state(1.0, np.ones((2, 1)))


@pytest.mark.parametrize(
    "metric", ["sparse_top_k_categorical_accuracy", "sparse_categorical_crossentropy"]
)
def test_labels_of_metrics_lose_their_fractions_as_well(metric, in_a_script):
    measure = getattr(keras.metrics, metric)
    scores = np.random.default_rng(0).dirichlet(np.ones(6), 8)
    with pytest.warns(UserWarning, match="integer labels; received numbers with a f"):
        found = measure(FRACTIONS, scores)
    np.testing.assert_array_equal(found, measure(np.trunc(FRACTIONS), scores))


def test_elsewhere_such_labels_of_metrics_raise():
    with pytest.raises(ValueError, match="labels must be integers from 0 to 5"):
        keras.metrics.sparse_top_k_categorical_accuracy(FRACTIONS, np.ones((8, 6)))


def of_two_outputs():
    x = keras.Input((3,))
    y = [
        keras.layers.Dense(1, kernel_initializer=i, name=i)(x)
        for i in ("ones", "zeros")
    ]
    model = keras.Model(x, y)
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def test_one_array_of_targets_counts_for_all_outputs_in_a_script(in_a_script):
    y = np.ones(8)
    expected = of_two_outputs().evaluate(X, [y, y], verbose=0)
    with pytest.warns(UserWarning, match="compared with each of 2 outputs"):
        assert of_two_outputs().evaluate(X, y, verbose=0) == expected
    histories = [
        of_two_outputs().fit(X, t, shuffle=False, verbose=0) for t in (y, [y, y])
    ]
    assert histories[0].history == histories[1].history
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="2 outputs"):
        of_two_outputs().evaluate(X, y, verbose=0)
    dialect.forget()


@pytest.mark.parametrize(("given", "truth"), [("False", True), (0, False), (1, True)])
def test_trainable_counts_by_its_truth_in_older_scripts(in_a_script, given, truth):
    with pytest.warns(UserWarning, match=f"counts as {truth}"):
        layer = keras.layers.Dense(1, trainable=given)
    assert layer.trainable is truth


def test_trainable_is_a_bool_elsewhere():
    with pytest.raises(ValueError, match="must be True or False"):
        keras.layers.Dense(1, trainable="False")
