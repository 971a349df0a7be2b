"""Several optimizers, each for its part of the variables."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import Variable
from keratorch.optimizers import (
    SGD,
    Adam,
    LossScaleOptimizer,
    MultiOptimizer,
    OptimizerMap,
)


@pytest.fixture
def variables():
    return [Variable([1.0], path="a/kernel"), Variable([1.0], path="a/bias")]


def test_a_map_finds_the_whole_path_before_a_pattern_before_the_default():
    first, second, third = SGD(), SGD(), SGD()
    which = OptimizerMap(first)
    which["encoder/.*"] = second
    which["encoder/dense"] = third
    assert which["decoder/dense"] is first
    assert which["encoder/other"] is second
    assert which["encoder/dense"] is third
    assert list(which) == ["encoder/.*", "encoder/dense"]
    del which["encoder/dense"]
    assert len(which) == 1


def test_mistakes_with_a_map_are_named():
    with pytest.raises(TypeError, match="default_optimizer must be an Optimizer"):
        OptimizerMap("sgd")
    with pytest.raises(TypeError, match="optimizer_map must be a dict"):
        OptimizerMap(SGD(), [SGD()])
    which = OptimizerMap(SGD(), {"a.*": SGD(), ".*b": SGD()})
    with pytest.raises(ValueError, match="Several keys of this OptimizerMap fit 'ab'"):
        which["ab"]
    with pytest.raises(ValueError, match="has an optimizer already"):
        which["a.*"] = SGD()
    with pytest.raises(ValueError, match="a key must be a path"):
        which[3] = SGD()
    with pytest.raises(ValueError, match="must be an Optimizer, such as Adam"):
        which["c"] = "sgd"
    for wrapper in (LossScaleOptimizer(SGD()), MultiOptimizer(OptimizerMap(SGD()))):
        with pytest.raises(ValueError, match="must be a plain one"):
            which["c"] = wrapper


def test_a_function_may_choose(variables):
    slow, fast = SGD(0.25), SGD(0.5)
    optimizer = MultiOptimizer(lambda v: slow if v.path.endswith("bias") else fast)
    optimizer.apply([np.ones(1)] * 2, variables)
    assert [v.item() for v in variables] == [0.5, 0.75]
    assert optimizer.optimizers == [fast, slow]
    with pytest.raises(ValueError, match="optimizer_map is a function"):
        optimizer.get_config()


def test_a_missing_gradient_leaves_its_variable(variables):
    optimizer = MultiOptimizer(OptimizerMap(SGD(0.5), {".*bias": Adam(0.5)}))
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([None, np.ones(1)], variables)
    assert variables[0].item() == 1.0
    assert variables[1].item() == pytest.approx(0.5, rel=1e-4)
    assert int(optimizer.iterations) == 1


def test_there_is_no_learning_rate_of_its_own():
    optimizer = MultiOptimizer(OptimizerMap(SGD()))
    assert not hasattr(optimizer, "learning_rate")
    with pytest.raises(AttributeError, match="no learning rate of its own: assign"):
        optimizer.learning_rate = 0.1
    assert repr(optimizer) == "MultiOptimizer(SGD(learning_rate=0.01))"


def test_the_loss_scale_is_undone_by_each(variables):
    inner = SGD(0.5)
    optimizer = MultiOptimizer(OptimizerMap(inner), loss_scale_factor=4.0)
    assert optimizer.scale_loss(1.0) == 4.0
    optimizer.apply([np.full(1, 4.0)] * 2, variables)
    assert variables[0].item() == 0.5
    optimizer.loss_scale_factor = 2.0
    assert inner.loss_scale_factor == 2.0


def test_averages_are_kept_where_they_are_asked_for(variables):
    averaging = SGD(0.5, use_ema=True, ema_momentum=0.5)
    optimizer = MultiOptimizer(OptimizerMap(SGD(0.5), {".*bias": averaging}))
    for _ in range(2):
        optimizer.apply([np.ones(1)] * 2, variables)
    optimizer.swap_averages()
    assert [v.item() for v in variables] == [0.0, 0.25]
    optimizer.swap_averages()
    optimizer.finalize_variable_values(variables)
    assert [v.item() for v in variables] == [0.0, 0.25]
    with pytest.raises(ValueError, match="no optimizer of this MultiOptimizer keeps"):
        MultiOptimizer(OptimizerMap(SGD())).swap_averages()


def test_exclusion_reaches_each(variables):
    optimizer = MultiOptimizer(OptimizerMap(SGD(0.5, weight_decay=0.5)))
    optimizer.exclude_from_weight_decay(var_list=[variables[1]])
    optimizer.apply([np.zeros(1)] * 2, variables)
    assert [v.item() for v in variables] == [0.75, 1.0]


def test_what_chooses_must_be_callable_and_give_plain_optimizers(variables):
    with pytest.raises(TypeError, match="optimizer_map must be an OptimizerMap"):
        MultiOptimizer("adam")
    for wrong in ("sgd", LossScaleOptimizer(SGD())):
        with pytest.raises(ValueError, match="the optimizer of 'a/kernel' must be"):
            MultiOptimizer(lambda v, wrong=wrong: wrong).build(variables)


def test_a_model_trains_with_it_and_with_a_scaled_loss_around_it():
    x = np.ones((4, 2))
    for wrap in (lambda optimizer: optimizer, LossScaleOptimizer):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        both = MultiOptimizer(OptimizerMap(SGD(0.1), {".*bias": Adam(0.1)}))
        model.compile(wrap(both), loss="mse")
        losses = model.fit(x, np.ones(4), epochs=20, verbose=0).history["loss"]
        assert losses[-1] < losses[0]
