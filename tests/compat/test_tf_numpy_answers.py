"""NumPy's functions of tensors: values for a script, tensors where gradients go on."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.__main__ import main
from keratorch.compat import dialect
from keratorch.compat.tf.eager import numpy_answers

pytestmark = pytest.mark.usefixtures("installed")
X = np.random.default_rng(0).random((6, 3)).astype("float32")


@pytest.fixture
def answered(installed):
    numpy_answers.add()
    yield
    numpy_answers.remove()


@pytest.mark.parametrize(
    "function",
    [
        *(np.mean, np.std, np.sum, np.max, np.median, np.squeeze, np.cov),
        *(lambda x: np.percentile(x, 95), lambda x: np.mean(x, axis=1)),
        *(lambda x: np.concatenate([x, x]), lambda x: np.clip(x, 0, 0.5)),
    ],
)
@pytest.mark.parametrize("of_weights", [False, True])
def test_a_script_gets_the_values(answered, function, of_weights):
    x = keras.Variable(X) if of_weights else keras.GradArray(X)
    found = function(x)
    assert type(found) is np.ndarray or isinstance(found, np.floating)
    np.testing.assert_allclose(found, function(X), rtol=1e-6)


def test_several_answers_are_values_and_may_be_overwritten(answered):
    x = keras.GradArray(X)
    counts, edges = np.histogram(x)
    assert type(counts) is type(edges) is np.ndarray
    flat = np.reshape(x, -1)
    flat[:] = 0
    np.testing.assert_array_equal(x.numpy(), X)


def test_while_a_tape_records_gradients_go_through(answered):
    import tensorflow as tf

    w = tf.Variable(X)
    with tf.GradientTape() as tape:
        loss = np.mean(w * w)
    np.testing.assert_allclose(tape.gradient(loss, w).numpy(), X / 9, rtol=1e-6)
    assert isinstance(np.mean(w), np.float32)


def test_losses_layers_and_steps_have_gradients(answered):
    import tensorflow as tf

    def loss(y_true, y_pred):
        return np.mean(np.square(y_true - y_pred), axis=-1)

    trained = []
    for chosen in ("mse", loss):
        model = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(2, "relu", kernel_initializer="ones"),
                keras.layers.Lambda(lambda x: np.concatenate([x, x], axis=-1)),
                keras.layers.Dense(1, kernel_initializer="ones"),
            ]
        )
        model.compile("sgd", chosen)
        model.fit(X, X[:, :1], epochs=3, shuffle=False, verbose=0)
        trained.append(model.get_weights()[0])
    np.testing.assert_allclose(*trained, rtol=1e-5)
    assert not np.allclose(trained[0], 1)

    w = tf.Variable([2.0])
    optimizer = tf.keras.optimizers.SGD(0.5)
    optimizer.minimize(lambda: np.sum(w * w), [w])
    assert float(w.numpy()[0]) == 0

    @tf.function
    def mean(x):
        return np.mean(x)

    assert isinstance(mean(keras.GradArray(X)), keras.GradArray)


def test_a_script_prints_its_threshold_as_in_tensorflow(tmp_path, capsys):
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np\nimport tensorflow as tf\n"
        "loss = tf.keras.losses.mae(np.ones((2, 3)), np.zeros((2, 3)))\n"
        "print('Threshold:', np.mean(loss) + np.std(loss))\n"
    )
    assert not main(["run", str(script)])
    assert capsys.readouterr().out == "Threshold: 1.0\n"


def test_without_tensorflow_or_with_gradarrays_functions_give_these():
    assert dialect.has_tensors("import tensorflow as tf")
    assert not dialect.has_tensors("from keras import ops")
    assert not dialect.has_tensors("import tensorflow as tf, keratorch")
    assert isinstance(np.mean(keras.GradArray(X)), keras.GradArray)
