"""Weights after 1, 2, 5, 20 and 200 updates with stored gradients."""

import keras
import numpy as np

from .plain import case_name, draw, numbers

CHECKPOINTS = [1, 2, 5, 20, 200]

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
]

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
        yield "SGD", {"learning_rate": 0.1, **common}
        yield "Adam", {"learning_rate": 0.05, **common}
    yield "SGD", {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.05}
    yield "RMSprop", {"learning_rate": 0.01, "weight_decay": 0.05}
    yield "RMSprop", {"learning_rate": 0.01, "momentum": 0.9, "clipnorm": 0.5}
    yield "AdamW", {"learning_rate": 0.05, "global_clipnorm": 0.7}


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


def record(name, arguments, weights, gradients):
    """One optimizer's path over the stored gradients."""
    optimizer = getattr(keras.optimizers, name)(**arguments)
    variables = [keras.Variable(weight) for weight in weights]
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
    return case


def make():
    rng = np.random.default_rng(20)
    weights = [draw(rng, 2, 3), draw(rng, 3)]
    gradients = gradient_sequence(rng, CHECKPOINTS[-1])
    stored = [[numbers(part) for part in step] for step in gradients]
    exact = [[np.float32(part) for part in step] for step in stored]
    return {
        "weights": [numbers(weight) for weight in weights],
        "gradients": stored,
        "cases": [record(*case, weights, exact) for case in cases()],
    }
