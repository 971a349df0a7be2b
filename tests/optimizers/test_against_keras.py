"""Optimizers and schedules give Keras's numbers, names and configurations."""

import re

import numpy as np
import pytest

import keratorch as keras

from ..references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("optimizers")
CASES = REFERENCES["cases"]
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "optimizers"]
CONFIGS += [{**c, "name": f"{c['name']} again"} for c in CASES if "config" in c]
GRADIENTS = [[float32(part) for part in step] for step in REFERENCES["gradients"]]


def start_weights():
    return [
        keras.Variable(float32(weight), name=name)
        for weight, name in zip(REFERENCES["weights"], ["kernel", "bias"], strict=True)
    ]


def build(case):
    """A built optimizer and the two weights at their start."""
    variables = start_weights()
    optimizer = getattr(keras.optimizers, case["class"])(**case["arguments"])
    optimizer.build(variables)
    return optimizer, variables


@each(CASES)
def test_weights_after_1_2_5_20_and_200_updates_are_those_of_keras(case):
    optimizer, variables = build(case)
    # Its weights are differences of others: rounding adds up.
    atol = 1e-5 if case["class"] == "ScheduleFreeAdamW" else 2e-6
    for step, gradients in enumerate(GRADIENTS, start=1):
        optimizer.apply(gradients, variables)
        for variable, stored in zip(
            variables, case["weights"].get(str(step), variables), strict=True
        ):
            if stored is not variable:
                assert variable.numpy().dtype == np.float32
                assert_close(variable.numpy(), stored, rtol=2e-5, atol=atol)
    assert int(optimizer.iterations) == case["iterations"]
    optimizer.finalize_variable_values(variables)
    for variable, stored in zip(variables, case["finalized"], strict=True):
        assert_close(variable.numpy(), stored, rtol=2e-5, atol=atol)


@each(CASES)
def test_apply_leaves_the_gradients_as_they_were(case):
    optimizer, variables = build(case)
    gradients = [gradient.copy() for gradient in GRADIENTS[0]]
    optimizer.apply(gradients, variables)
    for gradient, stored in zip(gradients, GRADIENTS[0], strict=True):
        np.testing.assert_array_equal(gradient, stored)


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_optimizer_again(case):
    cls = getattr(keras.optimizers, case["class"])
    optimizer = cls(**case["arguments"])
    assert_same_config(optimizer.get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])


def wrapped(case):
    """The optimizer of optimizers of a case."""
    library = keras.optimizers
    made = [getattr(library, name)(**arguments) for name, arguments in case["inner"]]
    if case["class"] == "MultiOptimizer":
        made = [library.OptimizerMap(made[0], {"bias": made[1]})]
    return getattr(library, case["class"])(*made, **case["arguments"])


@each(REFERENCES["wrapped"])
def test_optimizers_of_optimizers_take_the_path_of_keras(case):
    optimizer, variables = wrapped(case), start_weights()
    for step, gradients in enumerate(GRADIENTS[:20]):
        spoiled = step == 5 and case["class"] == "LossScaleOptimizer"
        factor = np.float32("nan" if spoiled else 1)
        optimizer.apply([part * factor for part in gradients], variables)
        for variable, stored in zip(variables, case["path"][step], strict=True):
            assert_close(variable.numpy(), stored, rtol=2e-5, atol=2e-6)
        assert float(optimizer.scale_loss(1.0)) == case["scales"][step]
    assert int(optimizer.iterations) == case["iterations"]
    assert_same_variables(optimizer, case["variables"])


@each(REFERENCES["wrapped"])
def test_config_of_optimizers_of_optimizers_is_that_of_keras(case):
    optimizer = wrapped(case)
    config = without_modules(optimizer.get_config())
    assert_same_config(config, case["config"])
    again = type(optimizer).from_config(optimizer.get_config())
    assert_same_config(without_modules(again.get_config()), case["config"])


def without_modules(value):
    if isinstance(value, dict):
        left_out = ("module", "registered_name")
        return {k: without_modules(v) for k, v in value.items() if k not in left_out}
    return value


def numberless(path):
    """A path without the counters of automatic names, which differ by session."""
    return re.sub(r"_\d+", "", path)


def assert_same_variables(optimizer, stored):
    found = [(variable.path, list(variable.shape)) for variable in optimizer.variables]
    assert [shape for _, shape in found] == [shape for _, shape in stored]
    for (path, _), (other, _) in zip(found, stored, strict=True):
        # Keras gives Adafactor's averages, and Nadam's product, no name of their own.
        if other not in ("variable", "bias", "adafactor/kernel"):
            assert numberless(path) == numberless(other)


def train(case):
    """The network after three epochs, and their losses."""
    data = REFERENCES["network"]
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, activation="tanh", name="hidden"),
            layers.Dense(2, name="answer"),
        ],
        name="network",
    )
    model.set_weights([float32(weight) for weight in data["weights"]])
    optimizer = getattr(keras.optimizers, case["class"])(**case["arguments"])
    model.compile(optimizer, loss="mse")
    x, y = float32(data["x"]), float32(data["y"])
    history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    return model, history.history["loss"]


@each(REFERENCES["histories"])
def test_losses_and_weights_of_three_epochs_are_those_of_keras(case):
    model, losses = train(case)
    assert_close(losses, case["loss"], rtol=1e-5, atol=1e-7)
    for weight, stored in zip(model.get_weights(), case["weights"], strict=True):
        assert_close(weight, stored, rtol=2e-5, atol=2e-6)


@each(REFERENCES["histories"])
def test_variables_are_counted_shaped_and_named_as_in_keras(case):
    model, _ = train(case)
    assert_same_variables(model.optimizer, case["variables"])


@each(REFERENCES["schedules"])
def test_rates_of_schedules_are_those_of_keras(case):
    schedule = getattr(keras.optimizers.schedules, case["class"])(**case["arguments"])
    rates = [schedule(step) for step in REFERENCES["steps"]]
    assert_close(rates, case["rates"], rtol=2e-5, atol=2e-6)


@each(REFERENCES["schedules"])
def test_config_of_schedules_is_that_of_keras_and_makes_them_again(case):
    schedules = keras.optimizers.schedules
    schedule = getattr(schedules, case["class"])(**case["arguments"])
    assert_same_config(schedule.get_config(), case["config"])
    assert_same_config(schedules.serialize(schedule), case["serialized"])
    again = schedules.deserialize(case["serialized"])
    assert_same_config(again.get_config(), case["config"])


@pytest.mark.parametrize("case", CASES[-3:], ids=lambda case: case["name"])
def test_a_saved_state_goes_on_where_it_was(case):
    optimizer, variables = build(case)
    for gradients in GRADIENTS[:10]:
        optimizer.apply(gradients, variables)
    store = {}
    optimizer.save_own_variables(store)
    other, copies = build(case)
    for copy, variable in zip(copies, variables, strict=True):
        copy.assign(variable)
    other.load_own_variables(store)
    for gradients in GRADIENTS[10:20]:
        optimizer.apply(gradients, variables)
        other.apply(gradients, copies)
    for copy, variable in zip(copies, variables, strict=True):
        np.testing.assert_array_equal(copy.numpy(), variable.numpy())
