"""Optimizers written in Keras's way."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import Variable
from keratorch.optimizers import SGD, Optimizer


class Momentum(Optimizer):
    """SGD with momentum, as a user of Keras writes it."""

    def __init__(self, learning_rate=0.1, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)

    def build(self, variables):
        super().build(variables)
        self.velocities = [
            self.add_variable_from_reference(reference_variable=v, name="velocity")
            for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        self.assign(velocity, velocity * 0.9 - gradient * learning_rate)
        self.assign_add(variable, velocity)


def test_it_takes_the_path_of_the_same_formula_in_place():
    gradients = np.random.default_rng(0).normal(size=(10, 3, 2)).astype("float32")
    own, other = Variable(np.ones((3, 2))), Variable(np.ones((3, 2)))
    one = Momentum(weight_decay=0.1, clipnorm=1.0, use_ema=True)
    two = SGD(0.1, momentum=0.9, weight_decay=0.1, clipnorm=1.0, use_ema=True)
    for gradient in gradients:
        one.apply([gradient], [own])
        two.apply([gradient], [other])
    np.testing.assert_allclose(own.numpy(), other.numpy(), rtol=1e-6)
    assert len(one.variables) == len(two.variables)


def test_a_model_trains_with_it():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(Momentum(0.05), loss="mse")
    losses = model.fit(np.ones((8, 2)), np.ones(8), epochs=30, verbose=0).history[
        "loss"
    ]
    assert losses[-1] < 0.1 * losses[0]


def test_arrays_are_added_one_by_one_and_by_several_names():
    weights = [Variable(np.ones((2, 3)), path="a/kernel")]
    optimizer = SGD(name="mine")
    one = optimizer.add_variable((2,), "ones", name="count")
    (first,) = optimizer.add_optimizer_variables(weights, "first")
    (second,), (third,) = optimizer.add_optimizer_variables(
        weights, ["second", "third"], initializer=["ones", "zeros"]
    )
    assert one.numpy().tolist() == [1, 1]
    assert [x.path for x in (one, first, second)] == [
        "mine/count",
        "mine/a_kernel_first",
        "mine/a_kernel_second",
    ]
    assert first.shape == (2, 3)
    assert (second.numpy() - third.numpy()).tolist() == np.ones((2, 3)).tolist()
    assert optimizer.variables[-4:] == [one, first, second, third]
    with pytest.raises(ValueError, match="initializer must be one for all names"):
        optimizer.add_optimizer_variables(weights, ["a", "b"], initializer=["ones"])


def test_assignments_change_in_place():
    weight, optimizer = Variable([1.0, 2.0]), SGD()
    optimizer.assign_sub(weight, [0.5, 0.5])
    optimizer.assign_add(weight, Variable([1.0, 1.0]))
    assert weight.numpy().tolist() == [1.5, 2.5]


def test_a_subclass_without_a_formula_is_refused():
    class Nothing(Optimizer):
        pass

    with pytest.raises(TypeError, match="Nothing must define its formula, in update"):
        Nothing(0.1)


class Doubled(SGD):
    """A known optimizer, changed as a user of Keras changes it."""

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient * 2, variable, learning_rate)


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9, "weight_decay": 0.1}])
def test_a_known_optimizer_is_extended_by_its_update_step(options):
    mine, plain = Variable([1.0, -2.0]), Variable([1.0, -2.0])
    optimizers = Doubled(0.25, **options), SGD(0.25, **options)
    gradient = np.array([0.5, 3.0], np.float32)
    for _ in range(3):
        optimizers[0].apply([gradient], [mine])
        optimizers[1].apply([gradient * 2], [plain])
    np.testing.assert_array_equal(mine.numpy(), plain.numpy())


def test_update_step_of_a_class_between_is_called():
    class Halved:
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient / 2, variable, learning_rate)

    class Both(Halved, Doubled):
        pass

    weight = Variable([1.0])
    Both(1.0).apply([np.array([0.25])], [weight])
    assert weight.item() == 0.75


def test_the_formula_nearest_to_the_class_counts():
    class Still(Doubled):
        def update(self, weight, gradient, *, rate, step, scratch):
            weight[...] = 7

    weight = Variable([1.0])
    Still(1.0).apply([np.array([0.25])], [weight])
    assert weight.item() == 7


@pytest.mark.parametrize("name", ["sgd", "adam", "nadam", "muon", "ftrl", "lamb"])
def test_update_step_is_one_step_without_clipping_or_decay(name):
    weights = [Variable([[1.0, 2.0], [3.0, 4.0]]) for _ in range(2)]
    gradient = np.array([[0.5, -1.0], [2.0, 0.25]], np.float32)
    config = {"learning_rate": 0.125, "weight_decay": 0.0}
    first, second = (
        keras.optimizers.get({"class_name": name, "config": config}) for _ in range(2)
    )
    second.clipnorm, second.weight_decay = 0.01, 0.5
    second.build(weights[1:])
    first.apply([gradient], weights[:1])
    if name == "nadam":
        second.start(0.125, 1)
    second.update_step(gradient, weights[1], Variable(0.125))
    np.testing.assert_array_equal(weights[0].numpy(), weights[1].numpy())
    assert int(second.iterations) == 0


def test_update_step_wants_a_variable_of_the_build():
    with pytest.raises(ValueError, match="Unknown variable"):
        SGD().update_step(np.ones(1), Variable([1.0]), 0.1)


class Flipping(keras.optimizers.Adam):
    """Adam, but the variables that it is given turn their sign by the mean gradient."""

    def __init__(self, flipped=(), **kwargs):
        super().__init__(**kwargs)
        self.keys = [self._var_key(variable) for variable in flipped]

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        if index not in [self._trainable_variables_indices[key] for key in self.keys]:
            super().update_step(gradient, variable, learning_rate)
            return
        mean = self._momentums[index]
        self.assign(mean, 0.5 * mean + 0.5 * gradient)
        self.assign(variable, np.where(mean.numpy() > 0, -1.0, 1.0) * variable.numpy())


def test_a_subclass_finds_the_arrays_by_keras_names():
    kernel, bias = Variable([1.0, 2.0]), Variable([3.0])
    optimizer = Flipping([kernel], learning_rate=0.1)
    with pytest.raises(AttributeError, match="no attribute '_momentums'"):
        _ = optimizer._momentums
    optimizer.build([bias, kernel])
    optimizer.apply([np.array([2.0]), np.array([4.0, -4.0])], [bias, kernel])
    np.testing.assert_allclose(kernel.numpy(), [-1, 2])
    np.testing.assert_allclose(optimizer._momentums[1].numpy(), [2, -2])
    np.testing.assert_allclose(optimizer._velocities[1].numpy(), 0)
    np.testing.assert_allclose(bias.numpy(), [2.9], rtol=1e-5)
    assert optimizer._trainable_variables_indices == {id(bias): 0, id(kernel): 1}


@pytest.mark.parametrize(
    ("optimizer", "names"),
    [
        (SGD(momentum=0.9), ["momentums"]),
        (
            keras.optimizers.RMSprop(centered=True),
            ["_velocities", "_average_gradients"],
        ),
        (keras.optimizers.Adam(amsgrad=True), ["_velocity_hats"]),
        (keras.optimizers.Adagrad(), ["_accumulators"]),
        (keras.optimizers.Adamax(), ["_m", "_u"]),
        (keras.optimizers.Ftrl(), ["_accumulators", "_linears"]),
    ],
)
def test_each_optimizer_has_its_arrays_by_keras_names(optimizer, names):
    optimizer.build([Variable([1.0, 2.0])])
    for name in names:
        (array,) = getattr(optimizer, name)
        assert array.shape == (2,)
        assert any(array is variable for variable in optimizer.variables)
