"""Subclasses of Model that are made of inputs and outputs, as for a train_step."""

import numpy as np
import pytest

import keratorch as keras


class Counting(keras.Model):
    """Only its step of training is its own."""

    steps = 0

    def train_step(self, data):
        self.steps += 1
        return super().train_step(data)


class Named(keras.Model):
    """A constructor that takes inputs and outputs first."""

    def __init__(self, inputs, outputs, name="named"):
        super().__init__(inputs, outputs, name=name)


class Scaled(keras.Model):
    """A constructor with an argument of its own, which describes it."""

    def __init__(self, units=2):
        inputs = keras.Input((3,))
        super().__init__(inputs, keras.layers.Dense(units)(inputs))


def line(kind):
    inputs = keras.Input((3,))
    return kind(inputs, keras.layers.Dense(1, name="out")(inputs))


@pytest.mark.filterwarnings("ignore:h5py is not installed")
@pytest.mark.parametrize("kind", [Counting, Named])
def test_they_are_saved_as_the_steps_between_their_symbols(tmp_path, kind):
    model = line(kind)
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3)), np.zeros((4, 1))
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras", {kind.__name__: kind})
    assert type(loaded) is kind
    assert loaded.name == model.name
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), model.predict(x, verbose=0)
    )
    if kind is Counting:
        loaded.fit(x, y, verbose=0)
        assert loaded.steps == 1


def test_a_frozen_model_comes_back_frozen_and_others_keep_their_layers():
    model = line(Counting)
    model.layers[1].trainable = False
    again = Counting.from_config(model.get_config())
    assert again.trainable
    assert not again.trainable_weights
    model.trainable = False
    assert not Counting.from_config(model.get_config()).trainable


def test_arguments_of_ones_own_describe_a_model_as_before():
    model = Scaled(units=5)
    assert model.get_config()["units"] == 5
    assert type(Scaled.from_config({"units": 4})) is Scaled


def test_what_a_subclass_adds_to_its_configuration_is_given_to_its_constructor():
    class Tempered(keras.Model):
        def __init__(self, *args, temperature=1.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.temperature = temperature

        def get_config(self):
            return {**super().get_config(), "temperature": self.temperature}

    inputs = keras.Input((3,))
    model = Tempered(inputs, keras.layers.Dense(1)(inputs), temperature=0.5)
    again = Tempered.from_config(model.get_config())
    assert type(again) is Tempered and again.temperature == 0.5
    assert again.output_shape == (None, 1)
