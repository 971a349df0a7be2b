"""One optimizer serves PyTorch's training loop as well."""

import inspect

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers import SGD, Adam, Optimizer, RMSprop


@pytest.fixture
def weights():
    return [Variable([1.0, 2.0], name="a"), Variable([3.0], name="b")]


def loss_of(weights):
    return sum(np.square(weight).sum() for weight in weights)


def test_step_takes_the_gradient_that_backward_left(weights):
    optimizer = SGD(weights, lr=0.25)
    loss_of(weights).backward()
    optimizer.step()
    np.testing.assert_array_equal(weights[0].numpy(), [0.5, 1.0])
    np.testing.assert_array_equal(weights[1].numpy(), [1.5])
    assert int(optimizer.iterations) == 1


@pytest.mark.parametrize("make", [SGD, RMSprop, Adam])
def test_both_loops_give_the_same_bits(make):
    rng = np.random.default_rng(5)
    start = [rng.normal(size=(4, 3)), rng.normal(size=3)]
    ours, theirs = ([Variable(x) for x in start] for _ in range(2))
    by_step, by_apply = make(ours, lr=0.01), make(learning_rate=0.01)
    for _ in range(5):
        by_step.zero_grad()
        loss_of(ours).backward()
        by_step.step()
        by_apply.apply([2 * x.numpy() for x in theirs], theirs)
    for x, y in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(x.numpy(), y.numpy())


@pytest.mark.parametrize("given", [list, tuple, iter, lambda ws: (w for w in ws)])
def test_parameters_come_in_any_ordered_form(given, weights):
    SGD(given(weights), lr=0.1).zero_grad()


def test_plain_gradarrays_are_parameters_too():
    w = GradArray([1.0], name="w")
    optimizer = SGD([w], lr=0.1)
    (w * 3).sum().backward()
    optimizer.step()
    assert w.item() == 1.0 - 0.1 * 3


@pytest.mark.parametrize("name", ["lr", "learning_rate"])
def test_the_rate_comes_by_either_name(name, weights):
    assert float(SGD(weights, **{name: 0.5}).learning_rate) == 0.5


def test_rate_of_a_keras_optimizer_has_its_modern_name_or_warns():
    assert float(SGD(learning_rate=0.5).learning_rate) == 0.5
    with pytest.warns(DeprecationWarning, match="learning_rate"):
        assert float(SGD(lr=0.5).learning_rate) == 0.5


def test_without_a_rate_the_default_is_used(weights):
    assert float(Adam(weights).learning_rate) == 0.001


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((0.1,), {"lr": 0.1}), ((), {"lr": 0.1, "learning_rate": 0.1})],
)
def test_two_rates_are_refused(args, kwargs):
    with pytest.raises(TypeError, match="two names of one argument"):
        SGD(*args, **kwargs)


def test_after_parameters_everything_has_a_name(weights):
    with pytest.raises(TypeError, match=r"Adam\(model.parameters\(\), lr=0.01\)"):
        Adam(weights, 0.01)


@pytest.mark.parametrize("none", [[], (), iter([])])
def test_an_empty_list_of_parameters_is_refused(none):
    with pytest.raises(ValueError, match="received no parameters"):
        SGD(none, lr=0.1)


def test_the_same_parameter_twice_is_refused(weights):
    with pytest.raises(ValueError, match="'a' twice"):
        SGD([weights[0], weights[1], weights[0]], lr=0.1)


def test_a_single_array_is_refused_with_a_way_out(weights):
    with pytest.raises(TypeError, match=r"SGD\(\[weight\], lr=0.01\)"):
        SGD(weights[0], lr=0.1)


def test_a_set_is_refused_as_it_has_no_order(weights):
    with pytest.raises(TypeError, match="received a set"):
        SGD(set(weights), lr=0.1)


def test_parameters_under_the_name_of_the_rate_are_no_rate(weights):
    with pytest.raises(ValueError, match="learning_rate must be a finite number"):
        SGD(learning_rate=weights)


def test_frozen_parameters_stay(weights):
    frozen, free = weights
    optimizer = SGD(weights, lr=0.25)
    loss_of(weights).backward()
    frozen.trainable = False
    optimizer.step()
    np.testing.assert_array_equal(frozen.numpy(), [1.0, 2.0])
    np.testing.assert_array_equal(free.numpy(), [1.5])


def test_parameters_without_a_gradient_stay(weights):
    optimizer = SGD(weights, lr=0.25, weight_decay=0.5)
    weights[1].sum().backward()
    optimizer.step()
    np.testing.assert_array_equal(weights[0].numpy(), [1.0, 2.0])


def test_a_step_without_any_gradient_warns_and_changes_nothing(weights):
    optimizer = SGD(weights, lr=0.25)
    with pytest.warns(UserWarning, match=r"Call loss.backward\(\)"):
        optimizer.step()
    assert int(optimizer.iterations) == 0


def test_a_step_over_frozen_parameters_alone_does_nothing(weights):
    for weight in weights:
        weight.requires_grad = False
    SGD(weights, lr=0.25).step()


def test_zero_grad_forgets_gradients(weights):
    optimizer = SGD(weights, lr=0.25)
    loss_of(weights).backward()
    optimizer.zero_grad()
    assert [w.grad for w in weights] == [None, None]


def test_zero_grad_can_keep_arrays_of_zeros(weights):
    optimizer = SGD(weights, lr=0.25)
    optimizer.zero_grad(set_to_none=False)
    np.testing.assert_array_equal(weights[0].grad, [0.0, 0.0])


def test_without_parameters_the_loop_has_nothing_to_do():
    for method in (SGD().step, SGD().zero_grad):
        with pytest.raises(ValueError, match="has no parameters"):
            method()


def test_a_built_optimizer_can_step_too(weights):
    optimizer = SGD(learning_rate=0.25)
    optimizer.build(weights)
    loss_of(weights).backward()
    optimizer.step()
    np.testing.assert_array_equal(weights[1].numpy(), [1.5])


def test_a_gradient_of_a_wrong_shape_changes_nothing(weights):
    optimizer = SGD(weights, lr=0.25, momentum=0.9)
    loss_of(weights).backward()
    weights[1]._grad = np.ones((2, 2))
    with pytest.raises(ValueError, match="The gradient of 'b'"):
        optimizer.step()
    np.testing.assert_array_equal(weights[0].numpy(), [1.0, 2.0])
    assert int(optimizer.iterations) == 0


def test_the_signature_stays_that_of_keras():
    assert next(iter(inspect.signature(SGD).parameters)) == "learning_rate"
    assert SGD.__init__.__name__ == "__init__"


def test_a_subclass_of_ones_own_takes_parameters_without_doing_anything(weights):
    class Plain(Optimizer):
        def __init__(self, learning_rate=0.5, **kwargs):
            super().__init__(learning_rate, **kwargs)

        def update(self, weight, gradient, *, rate, step, scratch):
            weight -= rate * gradient

    optimizer = Plain(weights, lr=0.25)
    loss_of(weights).backward()
    optimizer.step()
    np.testing.assert_array_equal(weights[1].numpy(), [1.5])
