import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

pytestmark = pytest.mark.usefixtures("quiet")

A = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
B = np.array([[5.0, 1.0], [1.0, 1.0]], "float32")


def merged(mode, **arguments):
    a, b = keras.Input((2,)), keras.Input((2,))
    model = keras.Model(
        input=[a, b], output=layers.merge([a, b], mode=mode, **arguments)
    )
    return model.predict([A, B], verbose=0)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("sum", A + B),
        ("mul", A * B),
        ("ave", (A + B) / 2),
        ("max", np.maximum(A, B)),
        ("concat", np.concatenate([A, B], -1)),
        ("dot", (A * B).sum(-1, keepdims=True)),
        (lambda both: both[0] - both[1], A - B),
    ],
)
def test_a_mode_is_a_layer_of_today(mode, expected):
    np.testing.assert_allclose(merged(mode), expected, rtol=1e-6)


def test_cos_is_the_normalized_product():
    lengths = np.linalg.norm(A, axis=-1) * np.linalg.norm(B, axis=-1)
    expected = (A * B).sum(-1) / lengths
    np.testing.assert_allclose(merged("cos")[:, 0], expected, rtol=1e-5)


def test_an_unknown_mode_is_named():
    with pytest.raises(ValueError, match="one of sum"):
        merged("join")


def test_a_sequential_may_begin_with_several_models():
    left, right = keras.Sequential(), keras.Sequential()
    left.add(layers.Dense(3, input_dim=2))
    right.add(layers.Dense(4, input_dim=5))
    model = keras.Sequential()
    model.add(layers.Merge([left, right], mode="concat"))
    model.add(layers.Dense(1))
    model.compile("sgd", "mse")
    x = [np.ones((6, 2)), np.ones((6, 5))]
    model.fit(x, np.ones((6, 1)), nb_epoch=1, verbose=0)
    joined = np.concatenate(
        [left.predict(x[0], verbose=0), right.predict(x[1], verbose=0)], -1
    )
    expected = model.layers[-1](joined).numpy()
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5)
    assert len(model.trainable_weights) == 6


def test_a_branch_that_is_used_twice_has_one_input():
    left, right = keras.Sequential(), keras.Sequential()
    left.add(layers.Dense(3, input_dim=2))
    right.add(layers.Dense(3, input_dim=5))
    inner = keras.Sequential([layers.Merge([left, right], mode="sum")])
    model = keras.Sequential([layers.Merge([inner, right], mode="concat")])
    x = [np.ones((6, 2)), np.ones((6, 5))]
    expected = right.predict(x[1], verbose=0)
    np.testing.assert_allclose(model.predict(x, verbose=0)[:, 3:], expected, rtol=1e-5)


def test_a_branch_without_a_shape_is_named():
    model = keras.Sequential()
    with pytest.raises(ValueError, match="does not know the shape of its input"):
        model.add(layers.Merge([keras.Sequential([layers.Dense(3)])], mode="sum"))


def test_a_module_and_a_function_share_the_name_merge():
    from keratorch.layers.merge import concatenate

    assert concatenate is layers.concatenate
    np.testing.assert_allclose(merged("sum"), A + B)


def test_a_model_of_branches_comes_back_from_its_configuration():
    branches = [keras.Sequential([layers.Dense(2, input_dim=2)]) for _ in range(2)]
    model = keras.Sequential()
    model.add(layers.Merge(branches, mode="concat"))
    model.add(layers.Dense(1))
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(
        again.predict([A, B], verbose=0), model.predict([A, B], verbose=0), rtol=1e-6
    )


def test_a_layer_of_ones_own_merges_by_its_function():
    class Mixed(layers._Merge):
        def _merge_function(self, inputs):
            return 0.25 * inputs[0] + 0.75 * inputs[1]

    a, b = keras.Input((2,)), keras.Input((2,))
    model = keras.Model([a, b], Mixed()([a, b]))
    np.testing.assert_allclose(
        model.predict([A, B], verbose=0), 0.25 * A + 0.75 * B, rtol=1e-6
    )
    with pytest.raises(NotImplementedError, match="must define _merge_function"):
        layers._Merge()([A, B])


def test_it_may_be_a_layer_that_is_called():
    class RowDot(layers.Merge):
        def __init__(self, layers=None, **kwargs):
            super().__init__(layers=None, **kwargs)

        def call(self, inputs, **kwargs):
            return keras.backend.batch_dot(inputs[0], inputs[1], axes=[1, 1])

    a, b = keras.Input((2,)), keras.Input((2,))
    called = [layers.Merge(mode="mul")([a, b]), RowDot(output_shape=(1,))([a, b])]
    model = keras.Model(input=[a, b], output=called)
    product, dots = model.predict([A, B], verbose=0)
    np.testing.assert_allclose(product, A * B)
    np.testing.assert_allclose(dots, (A * B).sum(-1, keepdims=True))
