"""Functions of symbolic arrays in `model.layers`, as TensorFlow 2's Keras counts."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
OLDER = "from tensorflow.keras.models import Model\nmodel.fit(x, y, workers=1)"
X = np.arange(24, dtype="float32").reshape(2, 4, 3)


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def model_of_slices():
    x = keras.Input((4, 3))
    pairs = keras.layers.Concatenate()([x[:, ::2], x[:, 1:][:, ::2]])
    return keras.Model(x, keras.layers.Dense(2)(pairs * 2))


def test_functions_stand_where_keras_2_counts_them():
    dialect.read(OLDER)
    kinds = [type(layer).__name__ for layer in model_of_slices().layers]
    operation = "OperationLayer"
    assert kinds == [
        *("InputLayer", operation, operation, operation),
        *("Concatenate", operation, "Dense"),
    ]


def test_they_are_layers_that_compute_with_their_constants():
    dialect.read(OLDER)
    model = model_of_slices()
    later, even, odd = model.layers[1:4]
    np.testing.assert_array_equal(later(X), X[:, 1:])
    np.testing.assert_array_equal(even(X), X[:, ::2])
    np.testing.assert_array_equal(model.layers[5](X), X * 2)
    assert (odd.weights, odd.count_params(), odd.output_shape) == ([], 0, (None, 2, 3))
    assert model.get_layer(even.name) is model.layers[2] is even
    with pytest.raises(ValueError, match=r"takes 1 arrays; received 2"):
        even([X, X])


def test_a_model_may_be_made_of_the_layers_of_another():
    dialect.read(OLDER)
    model = model_of_slices()
    _, later, even, odd, join, twice, dense = model.layers
    x = keras.Input((4, 3))
    again = keras.Model(x, dense(twice(join([even(x), odd(later(x))]))))
    np.testing.assert_array_equal(
        again.predict(X, verbose=0), model.predict(X, verbose=0)
    )
    assert len(again.layers) == 7
    restored = keras.models.model_from_json(again.to_json())
    restored.set_weights(model.get_weights())
    np.testing.assert_allclose(restored(X).numpy(), model(X).numpy())


def test_files_hold_such_models(tmp_path):
    dialect.read(OLDER)
    model = model_of_slices()
    for name in ("m.keras", "m.h5"):
        model.save(tmp_path / name)
        again = keras.models.load_model(tmp_path / name)
        np.testing.assert_allclose(again(X).numpy(), model(X).numpy())


def test_they_are_no_layers_today():
    kinds = [type(layer).__name__ for layer in model_of_slices().layers]
    assert kinds == ["InputLayer", "Concatenate", "Dense"]
