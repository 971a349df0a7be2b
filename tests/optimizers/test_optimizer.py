"""What every optimizer does around its formula, seen from outside."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch import optimizers as rooms
from keratorch.naming import reset_names
from keratorch.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop

ALL = [SGD, RMSprop, Adam, AdamW]


@pytest.fixture
def kernel():
    return Variable([[1.0, 2.0]], name="kernel")


@pytest.fixture
def bias():
    return Variable([3.0], name="bias")


def ones(*variables):
    return [np.ones(v.shape, "float32") for v in variables]


# Names and configurations


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [("sgd", SGD), ("RMSprop", RMSprop), ("rmsprop", RMSprop), ("ADAM", Adam)],
)
def test_a_name_in_any_case_stands_for_an_optimizer(identifier, kind):
    assert type(rooms.get(identifier)) is kind


def test_get_takes_optimizers_classes_configurations_and_none():
    adam = Adam()
    assert rooms.get(adam) is adam
    assert type(rooms.get(AdamW)) is AdamW
    config = {"class_name": "sgd", "config": {"learning_rate": 0.5}}
    assert float(rooms.get(config).learning_rate) == 0.5
    assert rooms.get(None) is None


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'adamax' or 'adam'"):
        rooms.get("adma")


@pytest.mark.parametrize("thing", [7, print, object])
def test_what_is_no_optimizer_is_refused(thing):
    with pytest.raises(ValueError, match="optimizer must be"):
        rooms.get(thing)


@pytest.mark.parametrize("kind", ALL)
def test_a_configuration_makes_an_equal_optimizer(kind):
    optimizer = kind(learning_rate=0.5, clipnorm=1.0, use_ema=True, name="mine")
    described = rooms.serialize(optimizer)
    assert described["module"] == "keras.optimizers"
    assert described["class_name"] == kind.__name__
    before = copy.deepcopy(described)
    again = rooms.deserialize(described)
    assert described == before
    assert type(again) is kind
    assert again.get_config() == optimizer.get_config()


def test_names_are_snake_case_and_numbered_as_in_keras():
    reset_names()
    names = [kind().name for kind in (RMSprop, AdamW, SGD, SGD)]
    assert names == ["rm_sprop", "adam_w", "sgd", "sgd_1"]


def test_a_copy_goes_its_own_way(kernel):
    optimizer = Adam()
    optimizer.apply(ones(kernel), [kernel])
    twin, (other,) = pickle.loads(pickle.dumps((optimizer, [kernel])))
    for _ in range(3):
        optimizer.apply(ones(kernel), [kernel])
    before = other.numpy().copy()
    for _ in range(3):
        twin.apply(ones(other), [other])
    assert (before != kernel.numpy()).all()
    np.testing.assert_array_equal(other.numpy(), kernel.numpy())


# Arguments


def test_one_kind_of_clipping_is_enough():
    with pytest.raises(ValueError, match="Give only one of clipnorm"):
        SGD(clipnorm=1.0, clipvalue=1.0)


@pytest.mark.parametrize("argument", ["clipnorm", "clipvalue", "global_clipnorm"])
def test_limits_are_not_negative(argument):
    with pytest.raises(ValueError, match=f"{argument} must be"):
        SGD(**{argument: -1.0})


@pytest.mark.parametrize(
    "arguments",
    [
        {"weight_decay": -0.1},
        {"ema_momentum": 1.5},
        {"ema_overwrite_frequency": 0},
        {"loss_scale_factor": 0.0},
        {"gradient_accumulation_steps": 1},
    ],
)
def test_common_numbers_have_their_range(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"{name} must be"):
        Adam(**arguments)


def test_an_unknown_argument_is_refused():
    with pytest.raises(TypeError, match="speed"):
        SGD(speed=0.1)


def test_an_optimizer_without_a_formula_cannot_be_made():
    with pytest.raises(TypeError, match="update"):
        Optimizer(0.1)


# State


def test_variables_have_keras_order_and_names(kernel, bias):
    reset_names()
    optimizer = RMSprop(momentum=0.5, use_ema=True, gradient_accumulation_steps=2)
    optimizer.build([kernel, bias])
    assert [x.path for x in optimizer.variables] == [
        f"rm_sprop/{name}"
        for name in (
            "iteration",
            "learning_rate",
            "kernel_average",
            "bias_average",
            "kernel_gradient_accumulator",
            "bias_gradient_accumulator",
            "kernel_velocity",
            "bias_velocity",
            "kernel_momentum",
            "bias_momentum",
        )
    ]


def test_moments_stand_weight_by_weight_as_in_keras(kernel, bias):
    optimizer = Adam(amsgrad=True)
    optimizer.build([kernel, bias])
    assert [x.name for x in optimizer.variables[2:]] == [
        "kernel_momentum",
        "kernel_velocity",
        "bias_momentum",
        "bias_velocity",
        "kernel_velocity_hat",
        "bias_velocity_hat",
    ]


def test_iterations_count_updates(kernel):
    optimizer = Adam()
    assert int(optimizer.iterations) == 0
    for _ in range(3):
        optimizer.apply(ones(kernel), [kernel])
    assert int(optimizer.iterations) == 3
    assert optimizer.iterations.numpy() == 3


def test_iterations_count_updates_not_calls_under_accumulation(kernel):
    optimizer = SGD(gradient_accumulation_steps=2)
    for _ in range(5):
        optimizer.apply(ones(kernel), [kernel])
    assert int(optimizer.iterations) == 2


def test_an_assigned_iteration_is_where_adam_goes_on(kernel):
    optimizer = Adam(learning_rate=1.0, beta_1=0.0, beta_2=0.5)
    optimizer.build([kernel])
    optimizer.iterations.assign(1000)
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_allclose(kernel.numpy(), [[1 - 2**0.5, 2 - 2**0.5]], rtol=1e-6)


def test_building_twice_keeps_the_slots(kernel):
    optimizer = SGD(learning_rate=1.0, momentum=0.5)
    optimizer.apply(ones(kernel), [kernel])
    optimizer.build([kernel])
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-1.5, -0.5]])


def test_slots_follow_their_variable_in_any_order(kernel, bias):
    optimizer = SGD(learning_rate=1.0, momentum=0.5)
    optimizer.build([kernel, bias])
    optimizer.apply(ones(kernel), [kernel])
    optimizer.apply(ones(bias, kernel), [bias, kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-1.5, -0.5]])
    np.testing.assert_array_equal(bias.numpy(), [2.0])


def test_no_variables_can_be_built_where_a_model_is_frozen():
    optimizer = SGD()
    optimizer.build([])
    optimizer.apply([])
    assert optimizer.built


# Gradients


def test_apply_gradients_takes_pairs(kernel, bias):
    optimizer = SGD(learning_rate=1.0)
    gradients = zip(ones(kernel, bias), [kernel, bias], strict=True)
    assert int(optimizer.apply_gradients(gradients)) == 1
    np.testing.assert_array_equal(bias.numpy(), [2.0])


def test_apply_without_variables_takes_those_it_was_built_with(kernel, bias):
    optimizer = SGD(learning_rate=1.0)
    optimizer.build([kernel, bias])
    optimizer.apply(ones(kernel, bias))
    np.testing.assert_array_equal(kernel.numpy(), [[0.0, 1.0]])


def test_apply_needs_variables_once(kernel):
    with pytest.raises(ValueError, match=r"call build\(variables\)"):
        SGD().apply(ones(kernel))


def test_each_variable_needs_one_gradient(kernel, bias):
    optimizer = SGD()
    with pytest.raises(ValueError, match="received 1 gradients for 2 variables"):
        optimizer.apply(ones(kernel), [kernel, bias])
    optimizer.build([kernel, bias])
    with pytest.raises(ValueError, match="received 3 gradients for 2 variables"):
        optimizer.apply(ones(kernel, bias, bias))


def test_a_strange_variable_is_refused(kernel, bias):
    optimizer = SGD()
    optimizer.build([kernel])
    with pytest.raises(ValueError, match="Unknown variable 'bias'"):
        optimizer.apply(ones(bias), [bias])


def test_variables_without_a_gradient_stay_and_are_named_once(kernel, bias):
    optimizer = SGD(learning_rate=1.0, weight_decay=0.5)
    with pytest.warns(UserWarning, match=r"Gradients do not exist .*\['bias'\]"):
        optimizer.apply([*ones(kernel), None], [kernel, bias])
    optimizer.apply([*ones(kernel), None], [kernel, bias])
    np.testing.assert_array_equal(bias.numpy(), [3.0])
    assert int(optimizer.iterations) == 2


def test_without_any_gradient_there_is_no_update(kernel):
    optimizer = SGD()
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        optimizer.apply([None], [kernel])
    assert int(optimizer.iterations) == 0


@pytest.mark.parametrize("kind", ALL)
def test_a_wrong_gradient_changes_nothing(kind, kernel, bias):
    optimizer = kind(use_ema=True, gradient_accumulation_steps=2)
    optimizer.build([kernel, bias])
    before = [x.numpy().copy() for x in (kernel, bias, *optimizer.variables)]
    with pytest.raises(ValueError, match="The gradient of 'bias'"):
        optimizer.apply([*ones(kernel), np.ones(2)], [kernel, bias])
    for x, y in zip((kernel, bias, *optimizer.variables), before, strict=True):
        np.testing.assert_array_equal(x.numpy(), y)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_weights_and_slots_keep_their_dtype_and_memory(kind, dtype):
    array = np.ones((2, 3), dtype)
    weight = GradArray(array)
    optimizer = kind(weight_decay=0.1, use_ema=True, clipnorm=0.5)
    optimizer.apply([np.ones((2, 3))], [weight])
    assert weight._array is array
    assert {x.dtype for x in optimizer.variables[2:]} == {dtype}
    assert (array != 1).all()


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0, 3), (4, 5)])
def test_weights_have_any_shape(kind, shape):
    weight = Variable(np.ones(shape))
    kind(learning_rate=0.5).apply([np.ones(shape)], [weight])
    assert weight.shape == shape
    assert (weight.numpy() < 1).all()


@pytest.mark.parametrize("kind", ALL)
def test_large_strided_and_small_weights_are_updated_alike(kind):
    rng = np.random.default_rng(8)
    values = rng.normal(size=(500, 600)).astype("float32")
    gradients = rng.normal(size=(3, 500, 600)).astype("float32")
    whole = Variable(values)
    strided = GradArray(values.T.copy().T)
    rows = [Variable(row) for row in values]
    for weights, split in (([whole], False), ([strided], False), (rows, True)):
        optimizer = kind(weight_decay=0.01, use_ema=True)
        for gradient in gradients:
            optimizer.apply(list(gradient) if split else [gradient], weights)
    for found in (strided._array, np.stack([x.numpy() for x in rows])):
        np.testing.assert_allclose(found, whole.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ALL)
def test_overflowing_and_missing_numbers_arise_without_warnings(kind):
    weight = Variable([1.0, 1.0, 1.0])
    optimizer = kind(global_clipnorm=1.0)
    optimizer.apply([np.array([1e30, 1.0, np.nan], "float32")], [weight])
    assert int(optimizer.iterations) == 1


# Weight decay, averages, constraints, scaled losses


def test_weights_decay_by_the_rate_before_the_update(kernel):
    optimizer = SGD(learning_rate=0.5, weight_decay=0.5)
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[0.25, 1.0]])


def test_excluded_variables_do_not_decay(kernel, bias):
    beta = Variable([1.0], name="beta")
    optimizer = SGD(learning_rate=0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_list=[beta], var_names=["bias", "gamma"])
    zeros = [np.zeros(v.shape) for v in (kernel, bias, beta)]
    optimizer.apply(zeros, [kernel, bias, beta])
    np.testing.assert_array_equal(kernel.numpy(), [[0.75, 1.5]])
    assert (bias.numpy(), beta.numpy()) == (3.0, 1.0)


def test_exclusion_comes_too_late_for_a_built_optimizer(kernel):
    optimizer = AdamW()
    optimizer.build([kernel])
    with pytest.raises(ValueError, match="before the optimizer is built"):
        optimizer.exclude_from_weight_decay(var_names=["bias"])


def test_the_average_begins_with_the_first_weights(kernel):
    optimizer = SGD(learning_rate=1.0, use_ema=True, ema_momentum=0.75)
    optimizer.apply(ones(kernel), [kernel])
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-1.0, 0.0]])
    optimizer.finalize_variable_values([kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-0.25, 0.75]])


def test_the_average_replaces_the_weights_every_few_updates(kernel):
    optimizer = SGD(
        learning_rate=1.0, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    )
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[0.0, 1.0]])
    optimizer.apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-0.5, 0.5]])


def test_finalizing_changes_nothing_without_averages(kernel):
    for optimizer in (SGD(), SGD(use_ema=True)):
        optimizer.build([kernel])
        optimizer.finalize_variable_values([kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[1.0, 2.0]])


def test_a_constraint_follows_the_update(kernel):
    kernel.constraint = lambda w: np.maximum(w, 0.5)
    SGD(learning_rate=1.0).apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[0.5, 1.0]])


def test_gradients_of_a_scaled_loss_are_scaled_back(kernel):
    optimizer = SGD([kernel], lr=1.0, loss_scale_factor=1024.0)
    optimizer.scale_loss(kernel.sum()).backward()
    np.testing.assert_array_equal(kernel.grad, [[1024.0, 1024.0]])
    optimizer.step()
    np.testing.assert_array_equal(kernel.numpy(), [[0.0, 1.0]])
    assert SGD().scale_loss(3.0) == 3.0


def test_accumulated_gradients_are_averaged_clipped_and_forgotten(kernel):
    optimizer = SGD(learning_rate=1.0, gradient_accumulation_steps=2, clipvalue=1.5)
    for value in (1.0, 2.0, 0.0, 1.0):
        optimizer.apply([np.full((1, 2), value)], [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[-1.0, 0.0]])


def test_no_clipping_is_the_meaning_of_a_limit_of_zero(kernel):
    SGD(learning_rate=1.0, clipnorm=0.0).apply(ones(kernel), [kernel])
    np.testing.assert_array_equal(kernel.numpy(), [[0.0, 1.0]])
