"""Operations are steps of models with a name and a configuration."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

X = np.arange(6.0, dtype=np.float32).reshape(2, 3)


@keras.saving.register_keras_serializable("tests")
class Scaled(keras.Operation):
    def __init__(self, by=2.0, name=None):
        super().__init__(name=name)
        self.by = by

    def call(self, x, offset=0.0):
        return x * self.by + offset


class Halves(keras.Operation):
    def call(self, x, y):
        return {"sum": x + y, "difference": x - y}

    def compute_output_spec(self, x, y):
        like = keras.KerasTensor(x.shape, x.dtype)
        return {"sum": like, "difference": keras.KerasTensor(x.shape, x.dtype)}


def test_arrays_are_computed_at_once():
    np.testing.assert_array_equal(Scaled(3.0)(X, offset=1.0), 3 * X + 1)


def test_symbols_are_written_down_as_a_step():
    x = keras.Input((3,))
    step = Scaled(name="twice")
    y = step(x, offset=x)
    assert (y.shape, y.dtype) == ((None, 3), "float32")
    assert step.input == [x, x] or step.input[0] is x
    assert step.output is y
    assert keras.Model(x, y).operations[-1] is step
    np.testing.assert_array_equal(keras.Model(x, y).predict(X, verbose=0), 3 * X)


def test_results_may_be_described_without_being_tried():
    x, y = keras.Input((3,)), keras.Input((3,))
    model = keras.Model([x, y], Halves()(x, y))
    out = model.predict([X, X + 1], verbose=0)
    np.testing.assert_array_equal(out["difference"], -np.ones_like(X))


def test_model_with_an_operation_learns_and_is_saved(tmp_path):
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(1)(Scaled(0.5)(x)))
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], verbose=0)
    model.save(tmp_path / "a.keras")
    again = keras.saving.load_model(tmp_path / "a.keras")
    assert again.operations[1].by == 0.5
    np.testing.assert_allclose(
        again.predict(X, verbose=0), model.predict(X, verbose=0), rtol=1e-6
    )
    model.summary(print_fn=str)
    clone = keras.models.clone_model(model)
    assert clone.count_params() == 4


def test_configuration_is_that_of_the_constructor():
    assert Scaled(5.0, name="a").get_config() == {"by": 5.0, "name": "a"}
    assert Scaled.from_config({"by": 5.0}).by == 5.0

    class Unnamed(keras.Operation):
        def __init__(self, n):
            super().__init__()

    assert Unnamed(3).get_config() == {"n": 3}

    class Open(keras.Operation):
        def __init__(self, n, **kwargs):
            super().__init__(**kwargs)

    assert Open(3, name="b").get_config() == {"n": 3, "name": "b"}


class Many(keras.Operation):
    def __init__(self, *numbers):
        super().__init__()


def test_layers_are_operations_and_arrays_are_not():
    assert isinstance(layers.Dense(1), keras.Operation)
    assert isinstance(keras.Sequential(), keras.Operation)
    assert not isinstance(X, keras.Operation)
    assert not isinstance(layers.Dense(1), Scaled)


@pytest.mark.parametrize(
    ("call", "error", "parts"),
    [
        (lambda: Scaled(name="a/b"), ValueError, "'a/b'"),
        (lambda: Scaled(name=3), ValueError, "received 3"),
        (lambda: Scaled(by=X).get_config(), NotImplementedError, "get_config"),
        (lambda: Many(1, 2).get_config(), NotImplementedError, "get_config"),
        (lambda: keras.Operation()(X), NotImplementedError, "call"),
        (lambda: Scaled().output, AttributeError, "no output"),
    ],
)
def test_mistakes_are_named(call, error, parts):
    with pytest.raises(error, match=parts):
        call()
