"""Models of symbolic inputs and outputs: graphs, sharing, nesting, parts of models."""

import copy
import json
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

RNG = np.random.default_rng(0)
X4 = RNG.normal(size=(6, 4)).astype("float32")
X3 = RNG.normal(size=(6, 3)).astype("float32")


def two_inputs():
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    hidden = layers.Dense(3, name="hidden")(a) + b
    return keras.Model([a, b], layers.Dense(2, name="out")(hidden), name="two")


def test_model_of_inputs_and_outputs_is_functional():
    model = two_inputs()
    assert type(model).__name__ == "Functional" and isinstance(model, keras.Model)
    assert model.input_names == ["a", "b"] and model.output_names == ["out"]
    assert model.input_shape == [(None, 4), (None, 3)]
    assert model.output_shape == (None, 2)
    assert [layer.name for layer in model.layers] == ["a", "hidden", "b", "out"]


def test_inputs_come_as_list_or_by_name():
    model = two_inputs()
    expected = model([X4, X3]).numpy()
    np.testing.assert_array_equal(model({"b": X3, "a": X4}).numpy(), expected)
    np.testing.assert_array_equal(model((X4, X3)).numpy(), expected)
    hidden, out = model.get_layer("hidden"), model.get_layer("out")
    np.testing.assert_allclose(expected, out(hidden(X4) + X3).numpy(), rtol=1e-6)


def test_structures_of_outputs_are_kept():
    x = keras.Input((4,))
    hidden = layers.Dense(2)(x)
    model = keras.Model(x, {"hidden": hidden, "parts": [hidden * 2, hidden + 1]})
    out = model(X4)
    assert set(out) == {"hidden", "parts"}
    np.testing.assert_allclose(out["parts"][0].numpy(), out["hidden"].numpy() * 2)


def test_shared_layer_has_one_set_of_weights():
    left, right = keras.Input((4,)), keras.Input((4,))
    shared = layers.Dense(2)
    model = keras.Model([left, right], shared(left) - shared(right))
    assert len(model.weights) == 2
    np.testing.assert_allclose(model([X4, X4]).numpy(), 0, atol=1e-6)


def test_model_is_a_layer_of_another_model():
    inner = two_inputs()
    x = keras.Input((4,))
    outer = keras.Model(x, inner([x, x[:, :3]]) * 2)
    assert outer.layers[-1] is inner
    assert outer.weights == inner.weights
    expected = 2 * inner([X4, X4[:, :3]]).numpy()
    np.testing.assert_allclose(outer(X4).numpy(), expected, rtol=1e-6)


def test_part_of_a_model_shares_its_weights():
    model = two_inputs()
    part = keras.Model(model.input, model.get_layer("hidden").output)
    np.testing.assert_allclose(
        part([X4, X3]).numpy(), model.get_layer("hidden")(X4).numpy()
    )


def test_model_from_an_intermediate_result_begins_with_an_input_of_its_own():
    x = keras.Input((4,))
    hidden = layers.Dense(3)(x)
    out = layers.Dense(2)(hidden)
    head = keras.Model(hidden, out)
    assert type(head.layers[0]).__name__ == "InputLayer"
    full = keras.Model(x, out)
    np.testing.assert_allclose(
        head(full.layers[1](X4)).numpy(), full(X4).numpy(), rtol=1e-6
    )


def test_sequential_is_a_model_of_symbols_too():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
    features = keras.Model(model.input, model.layers[0].output)
    np.testing.assert_allclose(features(X4).numpy(), model.layers[0](X4).numpy())
    x = keras.Input((4,))
    assert keras.Model(x, model(x)).output_shape == (None, 2)


def test_sequential_knows_its_symbols_once_data_were_seen():
    model = keras.Sequential([layers.Dense(3)])
    with pytest.raises(AttributeError, match="no input.*Input\\(shape\\)"):
        _ = model.input
    model(X4)
    assert model.input.shape == (None, 4) and model.output.shape == (None, 3)


def test_layers_added_later_follow_the_symbols():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)
    model.pop()
    assert model.output_shape == (None, 3)
    model.add(layers.Dense(5))
    assert model(X4).shape == (6, 5)


def test_deep_models_do_not_recurse():
    x = y = keras.Input((2,))
    for _ in range(1500):
        y = y + 1
    model = keras.Model(x, y)
    np.testing.assert_array_equal(model(np.zeros((1, 2))).numpy(), [[1500, 1500]])


def test_fit_trains_several_inputs():
    model = two_inputs()
    model.compile("sgd", "mse")
    before = model.get_weights()
    losses = model.fit([X4, X3], np.ones((6, 2)), epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    changed = zip(before, model.get_weights(), strict=True)
    assert all((old != new).any() for old, new in changed)


def test_losses_of_symbols_are_trained():
    x = keras.Input((4,))
    out = layers.Dense(2, kernel_initializer="ones")(x)
    model = keras.Model(x, out)
    model.add_loss(np.mean(out**2))
    model.compile("sgd")
    first = model.fit(X4, epochs=1, verbose=0, batch_size=6).history["loss"][0]
    expected = np.mean(np.square(X4 @ np.ones((4, 2))))
    np.testing.assert_allclose(first, expected, rtol=1e-5)
    assert model.evaluate(X4, verbose=0) < first


def test_config_makes_the_model_again():
    inner = two_inputs()
    x = keras.Input((4,), name="x")
    first, second = inner([x, x[:, 1:]]), inner([x * 2, x[:, :3]])
    model = keras.Model(x, [first, layers.Add()([first, second])])
    config = json.loads(json.dumps(model.get_config()))
    again = type(model).from_config(config)
    again.set_weights(model.get_weights())
    for got, expected in zip(again(X4), model(X4), strict=True):
        np.testing.assert_array_equal(got.numpy(), expected.numpy())


def test_calls_of_a_shared_layer_keep_their_numbers():
    x = keras.Input((1, 4))
    shared = keras.layers.Dense(4, name="shared")
    flat = keras.layers.Reshape((4,))
    first = shared(flat(x))  # on what comes later than x, in the configuration, too
    second = shared(keras.layers.Reshape((4,))(shared(x)))
    model = keras.Model(x, keras.layers.Concatenate()([second, first]))
    again = keras.Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    data = np.arange(8, dtype="float32").reshape(2, 1, 4)
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())


def test_subclass_may_be_given_symbols():
    class Doubled(keras.Model):
        def call(self, inputs, training=None):
            return super().call(inputs) * 2

    x = keras.Input((4,))
    dense = layers.Dense(2)
    model = Doubled(x, dense(x))
    np.testing.assert_allclose(model(X4).numpy(), 2 * dense(X4).numpy(), rtol=1e-6)


def same_names():
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2, name="d")(layers.Dense(3, name="d")(x)))


def test_a_function_of_the_name_of_a_layer_takes_another():
    x = keras.Input((4,))
    y = layers.Dense(4, name="add")(x)
    model = keras.Model(x, x + y)
    names = [step.name for step in model.operations]
    assert len(set(names)) == len(names) == 3 and "add" in names


def disconnected():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    return keras.Model(a, layers.Add()([a, b]))


def wrong_count():
    return two_inputs()([X4])


@pytest.mark.parametrize(
    ("make", "error", "part"),
    [
        (disconnected, ValueError, "depend on the input 'b'.*disconnected"),
        (same_names, ValueError, "two layers are named 'd'"),
        (wrong_count, ValueError, "has 2 inputs \\(a, b\\); received 1"),
        (lambda: two_inputs()({"a": X4}), ValueError, "lacks 'b'"),
        (lambda: keras.Model(X4, X4), TypeError, "symbolic arrays.*ndarray"),
        (lambda: keras.Model(X4, X4), ValueError, "symbolic arrays.*ndarray"),
        (lambda: keras.Model(inputs=keras.Input((2,))), TypeError, "both inputs and"),
        (lambda: layers.Add()(keras.Input((2,))), ValueError, "expects a list"),
    ],
)
def test_mistakes_are_named(make, error, part):
    with pytest.raises(error, match=part):
        make()


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_a_copy_computes_and_trains_by_itself(copied):
    model = two_inputs()
    model.compile("adam", "mse")
    model.fit([X4, X3], np.ones((6, 2)), verbose=0)
    before = model.predict([X4, X3], verbose=0)
    twin = copied(model)
    np.testing.assert_array_equal(twin.predict([X4, X3], verbose=0), before)
    twin.fit([X4, X3], np.ones((6, 2)), verbose=0)
    assert not np.allclose(twin.predict([X4, X3], verbose=0), before)
    np.testing.assert_array_equal(model.predict([X4, X3], verbose=0), before)
    assert int(twin.optimizer.iterations) == int(model.optimizer.iterations) + 1


def test_a_deep_model_is_copied_without_deep_recursion():
    x = inputs = keras.Input((2,))
    for _ in range(300):
        x = layers.Activation("tanh")(x)
    twin = copy.deepcopy(keras.Model(inputs, x))
    assert len(pickle.loads(pickle.dumps(twin)).layers) == 301


@pytest.mark.parametrize("kind", [list, tuple])
def test_the_only_output_of_a_list_comes_alone(kind):
    inputs = keras.Input((2,))
    model = keras.Model(kind([inputs]), kind([keras.layers.Dense(1)(inputs)]))
    assert model.input_shape == (None, 2)
    assert model.output_shape == (None, 1)
    x = np.ones((3, 2))
    assert model(x).shape == model.predict(x, verbose=0).shape == (3, 1)
    (symbol,) = model(keras.Input((2,)))  # symbols keep the list
    assert symbol.shape == (None, 1)
    outer = keras.Model(inputs, keras.layers.Dense(4)(model(inputs)[0]))
    assert outer.predict(x, verbose=0).shape == (3, 4)
    model.compile("sgd", "mse")
    assert list(model.fit(x, np.ones((3, 1)), verbose=0).history) == ["loss"]
    flat = keras.Model(inputs, inputs[:, 0])
    assert flat.output_shape == (None,)


def test_a_configuration_may_lack_its_name():
    x = keras.Input((3,))
    config = keras.Model(x, layers.Dense(2)(x)).get_config()
    del config["name"]
    assert keras.Model.from_config(config).output_shape == (None, 2)


@pytest.mark.parametrize("shape", [(None, 9), (4,), None])
def test_build_changes_nothing_whatever_shape_it_gets(shape):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Dense(2)(inputs))
    before = model.get_weights()
    model.build(shape)
    assert model.built and model.input_shape == (None, 4)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert model.predict(X4, verbose=0).shape == (6, 2)
