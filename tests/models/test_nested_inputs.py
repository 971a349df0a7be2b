"""What models take in lists and dicts, one inside the other: order, None, structure."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

RNG = np.random.default_rng(3)
A, B, C = (RNG.normal(size=(5, n)).astype("float32") for n in (1, 2, 3))


def nested():
    a, b, c = (keras.Input((n,)) for n in (1, 2, 3))
    return keras.Model({"first": a, "rest": {"b": b, "c": c}}, {"sum": [b * 2, c + a]})


def test_dicts_inside_dicts_are_taken_apart_by_their_keys(tmp_path):
    model = nested()
    outputs = model({"rest": {"c": C, "b": B}, "first": A})
    np.testing.assert_allclose(outputs["sum"][0].numpy(), 2 * B)
    np.testing.assert_allclose(outputs["sum"][1].numpy(), C + A)
    model.save(tmp_path / "nested.keras")
    again = keras.models.load_model(tmp_path / "nested.keras")
    predicted = again.predict({"first": A, "rest": {"b": B, "c": C}}, verbose=0)
    np.testing.assert_allclose(predicted["sum"][1], C + A)
    with pytest.raises(ValueError, match="Model .* structures differ.*'b', 'c'"):
        model({"first": A, "rest": {"b": B}})


def difference(keys):
    first, second = (keras.Input((2,), name=key) for key in keys)
    return keras.Model({keys[0]: first, keys[1]: second}, first - second)


def test_a_list_for_the_inputs_of_a_dict_must_have_one_meaning():
    ordered, unordered = difference("ab"), difference("ba")
    np.testing.assert_allclose(ordered([B, 2 * B]).numpy(), -B)
    np.testing.assert_allclose(unordered({"b": B, "a": 2 * B}).numpy(), -B)
    with pytest.raises(ValueError, match="'b', 'a'.*Pass a dict"):
        unordered([B, 2 * B])


class PlusIfThere(layers.Layer):
    def call(self, x, more=None):
        return x if more is None else x + more


def test_none_is_an_input_that_is_optional_and_no_other():
    x, more = keras.Input((2,), name="x"), keras.Input((2,), name="m", optional=True)
    model = keras.Model({"x": x, "m": more}, PlusIfThere()(x, more))
    np.testing.assert_allclose(model({"x": B, "m": None}).numpy(), B)
    with pytest.raises(ValueError, match="input 'x' is None.*optional=True"):
        model({"x": None, "m": B})


def test_a_tuple_of_outputs_stays_one_through_a_configuration():
    x = keras.Input((2,))
    model = keras.Model(x, (x + 1, x * 2))
    again = keras.Model.from_config(model.get_config())
    assert type(model(B)) is type(again(B)) is tuple


@pytest.mark.parametrize("first", [layers.Add, layers.Concatenate])
def test_a_sequential_model_may_begin_with_a_layer_of_several_arrays(first):
    model = keras.Sequential([first(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit([B, 2 * B], A, verbose=0)
    alone = model.layers[1](first()([B, 2 * B]))
    np.testing.assert_allclose(model.predict([B, 2 * B], verbose=0), alone.numpy())
    a, b = keras.Input((2,)), keras.Input((2,))
    assert keras.Sequential([first(), layers.Dense(1)])([a, b]).shape == (None, 1)


def test_a_sequential_model_may_pass_dicts_on():
    class Swapped(layers.Layer):
        def call(self, inputs):
            return {"a": inputs["b"], "b": inputs["a"]}

    swapped = keras.Sequential([Swapped()])({"a": B, "b": C})
    np.testing.assert_array_equal(swapped["a"].numpy(), C)


def test_a_layer_whose_shapes_only_data_can_tell_works_in_a_sequential_model():
    class Untold(layers.Layer):
        def call(self, inputs):
            return inputs + 1

        def compute_output_spec(self, *args, **kwargs):
            raise NotImplementedError

    model = keras.Sequential([Untold()])
    np.testing.assert_allclose(model(B).numpy(), B + 1)
