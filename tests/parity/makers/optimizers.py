"""Weights after 1, 2, 5, 20 and 200 updates with stored gradients."""

import keras
import numpy as np

from .plain import case_name, config, draw, numbers

CHECKPOINTS = [1, 2, 5, 20, 200]
VARIABLES = ["kernel", "bias"]

BASES = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.1}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.5, "nesterov": True}),
    ("RMSprop", {}),
    ("RMSprop", {"learning_rate": 0.01, "rho": 0.8, "epsilon": 1e-4}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.9}),
    ("RMSprop", {"learning_rate": 0.01, "centered": True}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.05}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.05, "amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.1}),
    ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.1, "amsgrad": True}),
    ("Adagrad", {}),
    ("Adagrad", {"learning_rate": 0.1}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.0}),
    ("Adagrad", {"learning_rate": 0.1, "epsilon": 0.01}),
    ("Adadelta", {}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-4}),
    ("Adamax", {}),
    ("Adamax", {"learning_rate": 0.05}),
    ("Adamax", {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Nadam", {}),
    ("Nadam", {"learning_rate": 0.05}),
    ("Nadam", {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Lion", {}),
    ("Lion", {"learning_rate": 0.01, "beta_1": 0.5, "beta_2": 0.8}),
    ("Lamb", {}),
    ("Lamb", {"learning_rate": 0.02}),
    ("Lamb", {"learning_rate": 0.02, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Ftrl", {}),
    ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.5}),
    ("Ftrl", {"learning_rate": 0.1, "l2_regularization_strength": 0.5, "beta": 0.3}),
    ("Ftrl", {"learning_rate": 0.1, "l2_shrinkage_regularization_strength": 0.05}),
    ("Ftrl", {"learning_rate": 0.02, "learning_rate_power": 0.0}),
    (
        "Ftrl",
        {
            "learning_rate": 0.1,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 1.0,
        },
    ),
    ("Adafactor", {}),
    ("Adafactor", {"learning_rate": 0.1}),
    ("Adafactor", {"learning_rate": 0.1, "relative_step": False}),
    (
        "Adafactor",
        {
            "learning_rate": 0.1,
            "beta_2_decay": -0.5,
            "epsilon_1": 1e-6,
            "epsilon_2": 0.5,
            "clip_threshold": 0.5,
        },
    ),
    ("ScheduleFreeAdamW", {}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.05, "warmup_steps": 10}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9}),
    ("Muon", {}),
    ("Muon", {"learning_rate": 0.02, "weight_decay": 0.1, "adam_weight_decay": None}),
    ("Muon", {"learning_rate": 0.02, "nesterov": False, "rms_rate": None}),
    ("Muon", {"learning_rate": 0.02, "ns_steps": 2, "muon_a": 3.0, "momentum": 0.5}),
    ("Muon", {"learning_rate": 0.02, "exclude_layers": ["kernel"], "epsilon": 1e-3}),
    ("Muon", {"learning_rate": 0.02, "adam_lr_ratio": 0.5, "adam_beta_1": 0.5}),
]

# The formulas that take each argument of all optimizers, and the rates to see it at.
RATES = {
    "SGD": 0.1,
    "Adam": 0.05,
    "Adagrad": 0.1,
    "Nadam": 0.05,
    "Lamb": 0.02,
    "Adafactor": 0.1,
    "Muon": 0.02,
}

COMMON = [
    {"clipnorm": 0.5},
    {"clipvalue": 0.3},
    {"global_clipnorm": 0.7},
    {"weight_decay": 0.05},
    {"use_ema": True, "ema_momentum": 0.9},
    {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 2},
    {"weight_decay": 0.05, "clipnorm": 0.5},
]


def cases():
    """Every optimizer with the arguments whose updates are recorded."""
    yield from BASES
    for common in COMMON:
        for name, rate in RATES.items():
            yield name, {"learning_rate": rate, **common}
    yield "SGD", {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.05}
    yield "RMSprop", {"learning_rate": 0.01, "weight_decay": 0.05}
    yield "RMSprop", {"learning_rate": 0.01, "momentum": 0.9, "clipnorm": 0.5}
    yield "AdamW", {"learning_rate": 0.05, "global_clipnorm": 0.7}
    yield "Adadelta", {"learning_rate": 1.0, "weight_decay": 0.05, "clipvalue": 0.3}
    yield "Adamax", {"learning_rate": 0.05, "weight_decay": 0.05, "clipnorm": 0.5}
    yield "Lion", {"learning_rate": 0.01, "weight_decay": 0.05, "clipnorm": 0.5}
    yield "Ftrl", {"learning_rate": 0.1, "weight_decay": 0.05, "clipnorm": 0.5}
    yield "ScheduleFreeAdamW", {"learning_rate": 0.05, "weight_decay": 0.05}


def gradient_sequence(rng, count):
    """Gradients of two weights: mostly ordinary, some zero, some tiny, some huge.

    The last entry of the second weight is near `epsilon` throughout: it tells on
    which side of the square root an optimizer adds it.
    """
    steps = []
    for step in range(count):
        first, second = draw(rng, 2, 3), draw(rng, 2)
        if step % 10 == 4:
            first[0] = 0.0
        if step % 50 == 7:
            first *= 100.0
        steps.append([first, np.append(second, np.float32(second[0] * 1e-6))])
    return steps


class ScheduleFreeAdamW(keras.optimizers.ScheduleFreeAdamW):
    """Keras's, with the old momentum kept until it is used.

    On PyTorch, Keras 3.15 changes the array in place that it has taken for the old one;
    on JAX and TensorFlow, and in the paper, the update is made from the old one.
    """

    def assign_sub(self, variable, value):
        variable._value = variable.value - value


def make_optimizer(name, arguments):
    """The optimizer of a case."""
    if name == "ScheduleFreeAdamW":
        return ScheduleFreeAdamW(**arguments)
    return getattr(keras.optimizers, name)(**arguments)


def record(name, arguments, weights, gradients):
    """One optimizer's path over the stored gradients."""
    optimizer = make_optimizer(name, arguments)
    variables = [
        keras.Variable(weight, name=own)
        for weight, own in zip(weights, VARIABLES, strict=True)
    ]
    optimizer.build(variables)
    path = {}
    for step, gradient in enumerate(gradients, start=1):
        tensors = [keras.ops.convert_to_tensor(part) for part in gradient]
        optimizer.apply(tensors, variables)
        if step in CHECKPOINTS:
            path[str(step)] = [numbers(v.numpy()) for v in variables]
    case = {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "weights": path,
        "iterations": int(optimizer.iterations.numpy()),
    }
    optimizer.finalize_variable_values(variables)
    case["finalized"] = [numbers(v.numpy()) for v in variables]
    if (name, arguments) in BASES:
        case["config"] = config(optimizer.get_config())
    return case


WRAPPED = [
    (
        "LossScaleOptimizer",
        [["SGD", {"learning_rate": 0.1, "momentum": 0.9}]],
        {"initial_scale": 4.0, "dynamic_growth_steps": 3},
    ),
    ("LossScaleOptimizer", [["Adam", {"learning_rate": 0.05}]], {}),
    (
        "MultiOptimizer",
        [["SGD", {"learning_rate": 0.1}], ["Adam", {"learning_rate": 0.05}]],
        {},
    ),
    (
        "MultiOptimizer",
        [["Nadam", {"learning_rate": 0.05}], ["Lion", {"learning_rate": 0.01}]],
        {"loss_scale_factor": 2.0},
    ),
]


def record_wrapped(name, inner, arguments, weights, gradients):
    """Optimizers of optimizers: a NaN comes at step 6, and the state after all."""
    keras.backend.clear_session()
    library = keras.optimizers
    made = [getattr(library, one)(**options) for one, options in inner]
    if name == "MultiOptimizer":
        made = [library.OptimizerMap(made[0], {"bias": made[1]})]
    optimizer = getattr(library, name)(*made, **arguments)
    variables = [
        keras.Variable(weight, name=own)
        for weight, own in zip(weights, VARIABLES, strict=True)
    ]
    optimizer.build(variables)
    path, scales = [], []
    for step, gradient in enumerate(gradients[:20]):
        spoiled = step == 5 and name == "LossScaleOptimizer"
        tensors = [
            keras.ops.convert_to_tensor(part * np.float32("nan" if spoiled else 1))
            for part in gradient
        ]
        optimizer.apply(tensors, variables)
        path.append([numbers(v.numpy()) for v in variables])
        scales.append(float(optimizer.scale_loss(keras.ops.convert_to_tensor(1.0))))
    optimizer.finalize_variable_values(variables)
    return {
        "name": case_name(name, *[one for one, _ in inner], **arguments),
        "class": name,
        "inner": inner,
        "arguments": arguments,
        "path": path,
        "scales": scales,
        "iterations": int(optimizer.iterations.numpy()),
        "variables": [[v.path, list(v.shape)] for v in optimizer.variables],
        "config": without_modules(config(optimizer.get_config())),
    }


def without_modules(value):
    """A configuration without the modules of Keras's backend, which a class lies in."""
    if isinstance(value, dict):
        left_out = ("module", "registered_name")
        return {k: without_modules(v) for k, v in value.items() if k not in left_out}
    return value


# At a restart Keras's float32 may fall short of the new wave, as on PyTorch with
# first_decay_steps=10 and t_mul=1.5 at step 25. The cases here meet no such step.
SCHEDULES = [
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [5, 20], "values": [1.0, 0.5, 0.1]}),
    ("PolynomialDecay", {"decay_steps": 20}),
    ("PolynomialDecay", {"decay_steps": 20, "end_learning_rate": 0.2, "power": 2.0}),
    ("PolynomialDecay", {"decay_steps": 20, "cycle": True, "power": 0.5}),
    ("CosineDecay", {"decay_steps": 20}),
    ("CosineDecay", {"decay_steps": 20, "alpha": 0.2, "name": "mine"}),
    ("CosineDecay", {"decay_steps": 20, "warmup_target": 2.0, "warmup_steps": 7}),
    ("CosineDecayRestarts", {"first_decay_steps": 10}),
    ("CosineDecayRestarts", {"first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.9}),
    ("CosineDecayRestarts", {"first_decay_steps": 7, "t_mul": 1.5, "m_mul": 0.8}),
    (
        "CosineDecayRestarts",
        {"first_decay_steps": 4, "t_mul": 3.0, "alpha": 0.2, "name": "mine"},
    ),
]
STEPS = [0, 1, 4, 5, 6, 9, 10, 11, 15, 16, 20, 21, 25, 29, 30, 33, 52, 70, 71, 150, 400]


def record_schedule(name, arguments):
    """The rates at some steps, and the configuration."""
    if name != "PiecewiseConstantDecay":
        arguments = {"initial_learning_rate": 0.8, **arguments}
    schedule = getattr(keras.optimizers.schedules, name)(**arguments)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "rates": [numbers(np.float32(schedule(step))) for step in STEPS],
        "config": config(schedule.get_config()),
        "serialized": config(keras.optimizers.schedules.serialize(schedule)),
    }


TRAINED = [
    ("Adagrad", {"learning_rate": 0.1}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adamax", {"learning_rate": 0.05}),
    ("Nadam", {"learning_rate": 0.05}),
    ("Lion", {"learning_rate": 0.01}),
    ("Lamb", {"learning_rate": 0.05}),
    ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.01}),
    ("Adafactor", {"learning_rate": 0.1}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.05}),
    ("Muon", {"learning_rate": 0.02}),
    ("Nadam", {"learning_rate": 0.05, "use_ema": True, "ema_momentum": 0.5}),
    ("Adagrad", {"learning_rate": 0.1, "gradient_accumulation_steps": 2}),
    ("Adamax", {"learning_rate": 0.05, "weight_decay": 0.1, "loss_scale_factor": 8.0}),
    ("Lion", {"learning_rate": 0.01, "global_clipnorm": 0.1}),
]


def network(library, weights):
    """A network of two layers with given weights."""
    layers = library.layers
    model = library.Sequential(
        [
            library.Input((4,)),
            layers.Dense(5, activation="tanh", name="hidden"),
            layers.Dense(2, name="answer"),
        ],
        name="network",
    )
    model.set_weights(weights)
    return model


def record_history(name, arguments, weights, x, y):
    """Three epochs of `fit`, and the names of the optimizer's variables."""
    keras.backend.clear_session()
    model = network(keras, weights)
    model.compile(make_optimizer(name, arguments), loss="mse")
    history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "loss": numbers(np.float32(history.history["loss"])),
        "variables": [[v.path, list(v.shape)] for v in model.optimizer.variables],
        "weights": [numbers(weight) for weight in model.get_weights()],
    }


def make():
    rng = np.random.default_rng(20)
    weights = [draw(rng, 2, 3), draw(rng, 3)]
    gradients = gradient_sequence(rng, CHECKPOINTS[-1])
    stored = [[numbers(part) for part in step] for step in gradients]
    exact = [[np.float32(part) for part in step] for step in stored]
    x, y = draw(rng, 10, 4), draw(rng, 10, 2)
    layers = [draw(rng, 4, 5), draw(rng, 5), draw(rng, 5, 2), draw(rng, 2)]
    return {
        "weights": [numbers(weight) for weight in weights],
        "gradients": stored,
        "cases": [record(*case, weights, exact) for case in cases()],
        "wrapped": [record_wrapped(*case, weights, exact) for case in WRAPPED],
        "steps": STEPS,
        "schedules": [record_schedule(*case) for case in SCHEDULES],
        "network": {
            "x": numbers(x),
            "y": numbers(y),
            "weights": [numbers(weight) for weight in layers],
        },
        "histories": [record_history(*case, layers, x, y) for case in TRAINED],
    }
