"""A step whose state comes in and goes out."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, Variable
from keratorch.optimizers import (
    SGD,
    Adam,
    LossScaleOptimizer,
    MultiOptimizer,
    OptimizerMap,
)
from keratorch.transforms import value_and_grad

START = [np.array([1.0, -2.0], np.float32), np.array([[0.5]], np.float32)]
GRADIENTS = [np.array([0.25, 4.0], np.float32), np.array([[-1.0]], np.float32)]


def steps_taken(make, stateless, n=4):
    """Return weights and state after some steps."""
    weights = [Variable(x, name=name) for x, name in zip(START, "ab", strict=True)]
    optimizer = make()
    optimizer.build(weights)
    values = [x.numpy() for x in weights]
    state = [x.numpy() for x in optimizer.variables]
    for _ in range(n):
        if stateless:
            values, state = optimizer.stateless_apply(state, GRADIENTS, values)
        else:
            optimizer.apply(GRADIENTS, weights)
    kept = [x.numpy() for x in (*weights, *optimizer.variables)]
    return [*values, *state], kept


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(0.5),
        lambda: Adam(0.1, amsgrad=True, clipnorm=1.0, weight_decay=0.1),
        lambda: SGD(0.1, momentum=0.9, use_ema=True, gradient_accumulation_steps=2),
        lambda: LossScaleOptimizer(SGD(0.5, momentum=0.5), initial_scale=4.0),
        lambda: MultiOptimizer(OptimizerMap(Adam(0.1), {"b": SGD(0.1)})),
    ],
)
def test_it_takes_the_steps_of_apply_and_changes_nothing(make):
    values, kept = steps_taken(make, stateless=True)
    _, applied = steps_taken(make, stateless=False)
    _, at_first = steps_taken(make, stateless=False, n=0)
    for found, expected in zip(values, applied, strict=True):
        np.testing.assert_array_equal(found, expected)
    for found, expected in zip(kept, at_first, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_parameters_of_a_loop_serve_too():
    parameter = GradArray(np.array([1.0]), requires_grad=True)
    optimizer = SGD([parameter], lr=0.5)
    optimizer.build([parameter])
    state = [x.numpy() for x in optimizer.variables]
    (value,), _ = optimizer.stateless_apply(state, [[1.0]], [[3.0]])
    assert (value.item(), parameter.item()) == (2.5, 1.0)
    with pytest.raises(ValueError, match=r"shape \(1,\); received a value of shape"):
        optimizer.stateless_apply(state, [[1.0]], [[3.0, 4.0]])


def test_mistakes_are_named():
    weight, optimizer = Variable([1.0]), SGD(0.5)
    with pytest.raises(ValueError, match="needs a built SGD"):
        optimizer.stateless_apply([], [[1.0]], [[1.0]])
    optimizer.build([weight])
    state = [x.numpy() for x in optimizer.variables]
    with pytest.raises(ValueError, match="each of 3 variables; received 2"):
        optimizer.stateless_apply(state[:1], [[1.0]], [[1.0]])
    with pytest.raises(ValueError, match="1 variables; received 2 values"):
        optimizer.stateless_apply(state, [[1.0]], [[1.0], [2.0]])
    with pytest.raises(ValueError, match="shape"):
        optimizer.stateless_apply(state, [[1.0, 2.0]], [[5.0]])
    assert weight.item() == 1.0


def a_model():
    keras.utils.set_random_seed(4)
    layers = [keras.layers.Dense(5, "tanh"), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(1)])
    return model, Adam(0.05), keras.metrics.MeanAbsoluteError()


def test_a_loop_of_functions_learns_what_fit_learns():
    x = np.random.default_rng(2).normal(size=(16, 3)).astype("float32")
    y = x[:, :1] * 2 - 1
    model, optimizer, metric = a_model()
    optimizer.build(model.trainable_variables)
    loss = keras.losses.MeanSquaredError()

    def compute(weights, others, counts, x, y):
        outputs, others = model.stateless_call(weights, others, x, training=True)
        counts = metric.stateless_update_state(counts, y, outputs)
        return loss(y, outputs), (others, counts)

    owners = model.trainable_variables, model.non_trainable_variables
    weights, others = ([v.numpy() for v in variables] for variables in owners)
    state = [v.numpy() for v in optimizer.variables]
    counts = metric.stateless_reset_state()
    step = value_and_grad(compute, has_aux=True)
    for _ in range(3):
        (_, (others, counts)), gradients = step(weights, others, counts, x, y)
        weights, state = optimizer.stateless_apply(state, gradients, weights)

    twin, optimizer, metric = a_model()
    twin.compile(optimizer, loss="mse", metrics=[metric])
    errors = twin.fit(x, y, batch_size=16, epochs=3, verbose=0).history
    for found, learned in zip(weights, twin.trainable_variables, strict=True):
        np.testing.assert_allclose(found, learned.numpy(), rtol=1e-5, atol=1e-6)
    for found, learned in zip(others, twin.non_trainable_variables, strict=True):
        np.testing.assert_allclose(found, learned.numpy(), rtol=1e-5, atol=1e-6)
    mean = np.mean(errors["mean_absolute_error"])
    assert float(metric.stateless_result(counts)) == pytest.approx(mean, rel=1e-5)
    assert model.weights[0].numpy().tolist() != weights[0].tolist()
