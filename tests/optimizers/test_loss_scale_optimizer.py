"""A scaled loss whose scale finds itself."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import Variable
from keratorch.optimizers import SGD, Adam, LossScaleOptimizer


def test_a_step_with_nan_is_left_out_and_halves_the_scale():
    weight = Variable([1.0])
    optimizer = LossScaleOptimizer(SGD(0.5), initial_scale=8.0)
    optimizer.apply([np.array([np.nan])], [weight])
    assert weight.numpy() == 1.0
    assert optimizer.scale_loss(1.0) == 4.0
    assert int(optimizer.iterations) == 0


def test_good_steps_in_a_row_double_the_scale():
    weight = Variable([1.0])
    optimizer = LossScaleOptimizer(SGD(0.5), 8.0, dynamic_growth_steps=2)
    scales = []
    for gradient in (8.0, np.inf, 4.0, 4.0, 8.0):
        optimizer.apply([np.array([gradient])], [weight])
        scales.append(optimizer.scale_loss(1.0))
    assert scales == [8.0, 4.0, 4.0, 8.0, 8.0]
    assert weight.numpy() == 1 - 4 * 0.5


def test_a_model_learns_as_with_the_inner_optimizer_alone():
    x = np.random.default_rng(0).normal(size=(16, 3)).astype("float32")
    losses = []
    for wrap in (lambda optimizer: optimizer, LossScaleOptimizer):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        model.compile(wrap(Adam(0.1)), loss="mse")
        losses.append(model.fit(x, x[:, :1], epochs=3, verbose=0).history["loss"])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-6)


def test_it_serves_the_loop_of_pytorch():
    weight = Variable([1.0])
    optimizer = LossScaleOptimizer(SGD([weight], lr=0.5))
    optimizer.scale_loss((weight**2).sum()).backward()
    optimizer.step()
    optimizer.zero_grad()
    assert weight.numpy() == 0.0
    assert weight.grad is None


def test_learning_rate_and_decay_are_those_of_the_inner_optimizer():
    inner = SGD(0.5, weight_decay=0.5)
    optimizer = LossScaleOptimizer(inner)
    optimizer.learning_rate = 0.1
    assert float(inner.learning_rate) == float(optimizer.learning_rate) == 0.1
    weight = Variable([1.0])
    optimizer.exclude_from_weight_decay([weight])
    optimizer.apply([np.zeros(1)], [weight])
    assert weight.numpy() == 1.0


def test_configurations_of_older_models_are_read():
    config = LossScaleOptimizer(SGD(0.5)).get_config()
    older = {**config, "weight_decay": None, "use_ema": False, "learning_rate": 0.0}
    assert LossScaleOptimizer.from_config(older).get_config() == config
    with pytest.raises(ValueError, match="clipnorm=1.0. Set clipnorm on the inner"):
        LossScaleOptimizer.from_config({**config, "clipnorm": 1.0})


def test_mistakes_are_named():
    with pytest.raises(TypeError, match="inner_optimizer must be an Optimizer"):
        LossScaleOptimizer("adam")
    with pytest.raises(ValueError, match="initial_scale must be"):
        LossScaleOptimizer(SGD(), initial_scale=0)
    with pytest.raises(ValueError, match="dynamic_growth_steps must be"):
        LossScaleOptimizer(SGD(), dynamic_growth_steps=0)
    with pytest.raises(ValueError, match="dynamic_growth_steps must be an integer"):
        LossScaleOptimizer(SGD(), dynamic_growth_steps=None)


def test_arguments_of_other_optimizers_are_refused():
    with pytest.raises(ValueError, match="use_ema=True. Set use_ema on the inner"):
        LossScaleOptimizer(SGD(), use_ema=True)
    with pytest.raises(ValueError, match="dynamic=False. For a fixed scale"):
        LossScaleOptimizer(SGD(), dynamic=False)
    with pytest.raises(ValueError, match="has no argument 'scale'"):
        LossScaleOptimizer(SGD(), scale=4.0)
    assert LossScaleOptimizer(SGD(), dynamic=True, clipnorm=None).initial_scale == 2**15
