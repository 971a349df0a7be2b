import numpy as np
import pytest

from keratorch.layers import Dense, Input
from keratorch.models import Model, Sequential

pytestmark = pytest.mark.usefixtures("quiet")
X, Y = np.ones((4, 3)), np.zeros((4, 1))


def compiled():
    model = Sequential([Dense(2, input_shape=(3,)), Dense(1)])
    model.compile("sgd", "mse")
    return model


def change(model, train):
    before = model.get_weights()
    train()
    after = model.get_weights()
    return max(np.abs(a - b).max() for a, b in zip(before, after, strict=True))


def test_a_model_frozen_after_compile_learns_on():
    model = compiled()
    model.trainable = False
    assert change(model, lambda: model.train_on_batch(X, Y)) > 0
    assert change(model, lambda: model.fit(X, Y, verbose=0)) > 0
    assert not model.trainable
    assert model.trainable_weights == []


def test_layers_that_were_frozen_at_compile_stay_so():
    model = compiled()
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    model.trainable = False
    kernel = model.layers[0].get_weights()[0]
    assert change(model, lambda: model.train_on_batch(X, Y)) > 0
    np.testing.assert_array_equal(kernel, model.layers[0].get_weights()[0])


def test_in_another_model_it_is_frozen():
    model = compiled()
    model.trainable = False
    x = Input((3,))
    around = Model(x, model(Dense(3)(x)))
    around.compile("sgd", "mse")
    assert change(model, lambda: around.train_on_batch(X, Y)) == 0
    assert change(around, lambda: around.train_on_batch(X, Y)) > 0


@pytest.mark.filterwarnings("ignore:The model has no trainable weights")
def test_a_model_compiled_frozen_learns_nothing():
    model = compiled()
    model.trainable = False
    model.compile("sgd", "mse")
    assert change(model, lambda: model.train_on_batch(X, Y)) == 0


def test_in_a_script_each_model_is_trained_as_it_was_compiled(installed):
    """As for a GAN with a penalty: each of two models freezes what the other trains."""
    first, second = Sequential([Input((3,)), Dense(2)]), Sequential([Dense(1)])
    x = Input((3,))
    both = [Model(x, second(first(x))) for _ in range(2)]
    first.trainable = False
    both[0].compile("sgd", "mse")
    first.trainable, second.trainable = True, False
    both[1].compile("sgd", "mse")
    for model, trained, kept in ((both[0], second, first), (both[1], first, second)):
        before = kept.get_weights()[0]
        assert change(trained, lambda model=model: model.train_on_batch(X, Y)) > 0
        np.testing.assert_array_equal(before, kept.get_weights()[0])
    assert first.trainable and not second.trainable
