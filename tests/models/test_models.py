"""Sequential and subclassed models: their layers, shapes, weights and copies."""

import copy
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

X = np.random.default_rng(2).random((6, 4), dtype=np.float32)


def small():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(2)]
    )


def test_model_is_built_by_its_input():
    model = small()
    assert model.built
    assert model.input_shape == (None, 4)
    assert model.output_shape == (None, 2)
    assert [w.shape for w in model.weights] == [(4, 5), (5,), (5, 2), (2,)]


def test_model_without_input_is_built_by_data():
    model = keras.Sequential()
    model.add(layers.Dense(3))
    model.add(layers.Dense(2))
    assert not model.built
    assert model(X).shape == (6, 2)
    assert model.count_params() == 4 * 3 + 3 + 3 * 2 + 2


def test_added_layer_joins_and_popped_layer_leaves():
    model = small()
    model.add(layers.Activation("softmax"))
    np.testing.assert_allclose(model(X).numpy().sum(axis=1), 1, rtol=1e-6)
    assert isinstance(model.pop(), layers.Activation)
    model.pop()
    assert model.output_shape == (None, 5)
    with pytest.raises(ValueError, match="no layers"):
        keras.Sequential().pop()


def test_layers_are_called_by_name_and_index():
    model = small()
    assert model.get_layer(index=-1) is model.layers[1]
    assert model.get_layer(model.layers[0].name) is model.layers[0]
    with pytest.raises(ValueError, match=model.layers[0].name):
        model.get_layer("nowhere")
    with pytest.raises(ValueError, match="index 7"):
        model.get_layer(index=7)


def test_models_nest():
    inner = small()
    outer = keras.Sequential([keras.Input((4,)), inner, layers.Dense(1)])
    assert len(outer.weights) == 6
    assert outer(X).shape == (6, 1)
    outer.compile("sgd", "mse")
    outer.fit(X, np.ones((6, 1)), verbose=0)


def test_configuration_makes_the_same_architecture():
    model = small()
    twin = keras.Sequential.from_config(model.get_config())
    assert twin.get_config() == model.get_config()
    twin.set_weights(model.get_weights())
    np.testing.assert_array_equal(twin(X).numpy(), model(X).numpy())


class Halves(layers.Layer):
    """Two arrays out of one, so that it cannot stand in a chain."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(4)

    def call(self, inputs):
        return self.inner(inputs), inputs[:, 0]


class Summing(keras.Sequential):
    """Passes on the first output of each layer, and adds up the second ones."""

    def call(self, inputs):
        total = 0.0
        for layer in self.layers:
            inputs, second = layer(inputs)
            total = total + second
        return inputs, total

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        return keras.ops.mean(keras.ops.square(y_pred[0] - 1) + y_pred[1][:, None])


def test_a_subclass_with_a_call_of_its_own_needs_no_chain_of_layers():
    for first in (lambda model: model(X), lambda model: model.build((None, 4))):
        model = Summing([Halves(), Halves()])
        first(model)
        assert model.built
        assert [w.shape for w in model.weights] == [(4, 4), (4,)] * 2
    last, total = model(keras.Input((4,)))
    assert (last.shape, total.shape) == ((None, 4), (None,))
    assert model.compute_output_shape((None, 4)) == ((None, 4), (None,))
    model.compile("sgd")
    losses = model.fit(X, epochs=3, verbose=0).history["loss"]
    assert losses[2] < losses[0]


def test_with_an_input_the_layers_of_a_subclass_are_a_chain():
    with pytest.raises((TypeError, ValueError)):
        Summing([keras.Input((4,)), Halves(), Halves()])


class Twice(layers.Layer):
    """Two times the input."""

    def call(self, inputs):
        return inputs * 2


def test_own_layers_come_back_through_custom_objects():
    config = keras.Sequential([Twice(), layers.Dense(1)]).get_config()
    with pytest.raises(ValueError, match="Twice"):
        keras.Sequential.from_config(config)
    model = keras.Sequential.from_config(config, custom_objects={"Twice": Twice})
    assert model(X).shape == (6, 1)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_copied_model_trains_apart(copied):
    model = small()
    model.compile("adam", "mse")
    model.fit(X, np.ones((6, 2)), verbose=0)
    twin = copied(model)
    before = model.get_weights()
    np.testing.assert_array_equal(twin.get_weights()[0], before[0])
    twin.fit(X, np.ones((6, 2)), verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert not np.array_equal(twin.get_weights()[0], before[0])


class Residual(keras.Model):
    """A block with a shortcut, and a head."""

    def __init__(self):
        super().__init__()
        self.block = [layers.Dense(4, activation="relu"), layers.Dense(4)]
        self.head = layers.Dense(1)

    def call(self, inputs):
        out = inputs
        for layer in self.block:
            out = layer(out)
        return self.head(out + inputs)


def test_subclassed_model_trains():
    model = Residual()
    model.compile(keras.optimizers.Adam(0.05), "mse")
    history = model.fit(X, X.sum(axis=1, keepdims=True), epochs=30, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0] / 4
    assert len(model.weights) == 6
    assert [layer.name for layer in model.layers] == [
        layer.name for layer in (*model.block, model.head)
    ]


def test_summary_goes_to_print_fn():
    lines = []
    small().summary(print_fn=lines.append)
    text = "\n".join(lines)
    assert "Total params: 37" in text
    assert "(None, 5)" in text


def test_summary_that_is_too_narrow_says_so():
    with pytest.raises(ValueError, match="line_length"):
        small().summary(line_length=10)


def test_parameters_of_an_unbuilt_model_raise():
    with pytest.raises(ValueError, match=r"parameters\(\)"):
        keras.Sequential([layers.Dense(1)]).parameters()


def test_input_comes_first_once():
    with pytest.raises(ValueError, match="Input comes first"):
        keras.Sequential([layers.Dense(1), keras.Input((2,))])


def test_outputs_of_a_sequential_model_may_be_those_of_an_inner_layer():
    model = small()
    first = model.layers[0]
    model.outputs = [first.output]
    assert model.layers == [first]
    assert model.output_shape == (None, 5)
    model.add(layers.Dense(3))
    assert model.predict(X, verbose=0).shape == (6, 3)
    with pytest.raises(ValueError, match="output of one of its layers"):
        model.outputs = [layers.Dense(1)(first.output)]


def test_outputs_of_a_functional_model_may_be_others_of_its_inputs():
    inputs = keras.Input((4,))
    hidden = layers.Dense(5)(inputs)
    model = keras.Model(inputs, layers.Dense(2)(hidden))
    model.outputs = [hidden, hidden * 2]
    hidden_values, twice = model.predict(X, verbose=0)
    np.testing.assert_allclose(twice, 2 * hidden_values)
    model.outputs = [hidden]
    assert model.output_shape == (None, 5)


@pytest.mark.parametrize("begin", [[keras.Input((4,))], []])
def test_sparse_matrices_of_scipy_are_dense_arrays_to_layers(begin):
    class Sparse:
        def toarray(self):
            return X

    model = keras.Sequential([*begin, layers.Dense(3)])
    np.testing.assert_array_equal(model(Sparse()).numpy(), model(X).numpy())
    dense = layers.Dense(2)
    np.testing.assert_array_equal(dense(Sparse()).numpy(), dense(X).numpy())


def test_paths_name_the_layer_around_where_it_is_called_on_symbols_too():
    class Block(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = layers.Dense(2, name="inner")

        def call(self, inputs):
            return self.dense(inputs)

    inputs = keras.Input((3,))
    model = keras.Model(inputs, Block(name="outer")(inputs))
    assert [w.path for w in model.weights] == ["outer/inner/kernel", "outer/inner/bias"]


def test_layers_of_a_sequential_model_have_names_of_their_own():
    model = keras.Sequential([layers.Dense(2, name="d")])
    with pytest.raises(ValueError, match="a layer named 'd' already"):
        model.add(layers.Dense(3, name="d"))
    shared = layers.Dense(2)
    assert len(keras.Sequential([shared, shared]).layers) == 2


def test_what_is_no_layer_is_a_wrong_type_and_a_wrong_value():
    for error in (TypeError, ValueError):
        with pytest.raises(error, match="takes layers; received dict"):
            keras.Sequential().add({})


def test_a_shape_to_build_for_must_be_that_of_the_input():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.build((None, 4))
    with pytest.raises(ValueError, match=r"Input of shape \(None, 4\).*\(None, 5\)"):
        model.build((None, 5))


def test_a_sequential_takes_a_list_of_its_one_symbolic_input():
    x = keras.Input((3,))
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    assert model([x]).shape == (None, 2)


def test_a_configuration_of_a_sequential_may_lack_its_name():
    config = keras.Sequential([keras.Input((3,)), layers.Dense(2)]).get_config()
    del config["name"]
    assert keras.Sequential.from_config(config).output_shape == (None, 2)


def test_a_built_sequential_takes_a_number_of_functional_names():
    def name_of_the_next():
        x = keras.Input((4,))
        return keras.Model(x, layers.Dense(1)(x)).name

    keras.utils.clear_session()
    plain = keras.Sequential([layers.Dense(2)])
    assert name_of_the_next() == "functional"  # nothing is built so far
    plain.build((None, 4))
    assert name_of_the_next() == "functional_2"
    plain.add(layers.Dense(3))
    assert name_of_the_next() == "functional_4"
    keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dense(3)])
    assert name_of_the_next() == "functional_6"
    plain(np.ones((2, 4), "float32"))
    assert name_of_the_next() == "functional_7"
