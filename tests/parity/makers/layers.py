"""Layers with given weights: outputs, gradients, shapes, names and counts."""

import keras
import numpy as np
import torch

from .plain import case_name, config, draw, numbers

CASES = [
    ("Dense", {"units": 3}, (4, 5)),
    ("Dense", {"units": 3, "activation": "relu"}, (4, 5)),
    ("Dense", {"units": 3, "activation": "tanh", "use_bias": False}, (4, 5)),
    ("Dense", {"units": 2, "activation": "sigmoid"}, (4, 5)),
    ("Dense", {"units": 4, "activation": "softmax"}, (4, 5)),
    ("Dense", {"units": 3}, (2, 4, 5)),
    ("Dense", {"units": 3, "activation": "softmax"}, (2, 4, 5)),
    ("Dense", {"units": 2, "activation": "elu"}, (2, 2, 3, 4)),
    ("Dense", {"units": 3, "kernel_regularizer": "l2"}, (4, 5)),
    ("Activation", {"activation": "relu"}, (4, 5)),
    ("Activation", {"activation": "softmax"}, (2, 4, 5)),
    ("Activation", {"activation": "linear"}, (4, 5)),
    ("Flatten", {}, (4,)),
    ("Flatten", {}, (4, 5)),
    ("Flatten", {}, (2, 3, 4)),
    ("Flatten", {}, (2, 3, 4, 2)),
    ("Flatten", {"data_format": "channels_first"}, (2, 3, 4, 2)),
    ("Reshape", {"target_shape": [3, 4]}, (2, 12)),
    ("Reshape", {"target_shape": [-1, 3]}, (2, 4, 6)),
    ("Reshape", {"target_shape": [-1]}, (2, 3, 2)),
    ("Reshape", {"target_shape": [2, 1, -1]}, (2, 8)),
    ("Dropout", {"rate": 0.5}, (4, 5)),
    ("Dropout", {"rate": 0.0}, (4, 5)),
]

# (class, arguments, shape that statistics are taken from)
INITIALIZERS = [
    ("Zeros", {}),
    ("Ones", {}),
    ("Constant", {"value": 0.25}),
    ("RandomNormal", {}),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.2}),
    ("RandomUniform", {}),
    ("RandomUniform", {"minval": -1.0, "maxval": 3.0}),
    ("TruncatedNormal", {}),
    ("TruncatedNormal", {"mean": -1.0, "stddev": 0.5}),
    ("GlorotUniform", {}),
    ("GlorotNormal", {}),
    ("HeUniform", {}),
    ("HeNormal", {}),
    ("LecunUniform", {}),
    ("LecunNormal", {}),
    ("VarianceScaling", {}),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_out", "distribution": "uniform"}),
    (
        "VarianceScaling",
        {"scale": 0.5, "mode": "fan_avg", "distribution": "untruncated_normal"},
    ),
]
INITIALIZER_SHAPES = [(300, 200), (3, 3, 20, 400)]

REGULARIZERS = [
    ("L1", {}),
    ("L1", {"l1": 0.3}),
    ("L2", {}),
    ("L2", {"l2": 0.3}),
    ("L1L2", {}),
    ("L1L2", {"l1": 0.1, "l2": 0.2}),
]


def record(name, arguments, shape, rng):
    """A layer's outputs and all gradients for a drawn upstream gradient."""
    layer = getattr(keras.layers, name)(**arguments)
    inputs = draw(rng, *shape)
    layer.build(shape)
    weights = [draw(rng, *weight.shape) for weight in layer.weights]
    layer.set_weights(weights)
    leaf = torch.tensor(inputs, requires_grad=True)
    outputs = layer(leaf)
    upstream = draw(rng, *outputs.shape)
    torch.sum(outputs * torch.as_tensor(upstream)).backward()
    return {
        "name": case_name(name, shape, **arguments),
        "class": name,
        "arguments": arguments,
        "inputs": numbers(inputs),
        "weights": [numbers(weight) for weight in weights],
        "weight_names": [weight.name for weight in layer.weights],
        "weight_paths": [weight.path.split("/")[1:] for weight in layer.weights],
        "count_params": layer.count_params(),
        "outputs": numbers(outputs),
        "upstream": numbers(upstream),
        "input_gradient": numbers(leaf.grad),
        "weight_gradients": [numbers(weight.value.grad) for weight in layer.weights],
        "output_shape": config(layer.compute_output_shape((None, *shape[1:]))),
        "penalties": [numbers(loss) for loss in layer.losses],
    }


def record_initializer(name, arguments, shape):
    """How the values of an initializer are spread."""
    keras.utils.set_random_seed(50)
    values = getattr(keras.initializers, name)(**arguments)(shape).cpu().numpy()
    statistics = [values.mean(), values.std(), values.min(), values.max()]
    mean, std, low, high = (float(f"{statistic:.5g}") for statistic in statistics)
    return {
        "name": case_name(name, shape, **arguments),
        "class": name,
        "arguments": arguments,
        "shape": list(shape),
        "mean": mean,
        "std": std,
        "min": low,
        "max": high,
    }


def record_regularizer(name, arguments, weight):
    regularizer = getattr(keras.regularizers, name)(**arguments)
    leaf = torch.tensor(weight, requires_grad=True)
    value = regularizer(leaf)
    if not value.requires_grad:  # L1L2 of two zeros leaves the weight out
        value = value + 0 * leaf.sum()
    value.backward()
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "value": numbers(value),
        "gradient": numbers(leaf.grad),
    }


def automatic_names():
    """The names of layers and models that were given none, in order of creation."""
    keras.backend.clear_session()
    layers = keras.layers
    made = [layers.Dense(2), layers.Dense(2), layers.Dropout(0.5), layers.Flatten()]
    made += [layers.Dense(2), layers.Reshape((2,)), layers.Activation("relu")]
    made += [layers.Activation("tanh"), layers.Dropout(0.1)]
    made += [keras.Sequential(), keras.Sequential([layers.Dense(1)])]
    return [[type(one).__name__, one.name] for one in made]


def weights_of_a_model():
    """Names, paths, shapes and counts in a model of all layers of the slice."""
    keras.backend.clear_session()
    model = keras.Sequential(
        [
            keras.Input((2, 6)),
            keras.layers.Flatten(),
            keras.layers.Dense(4, activation="relu", name="first"),
            keras.layers.Dropout(0.2),
            keras.layers.Reshape((2, 2)),
            keras.layers.Dense(3, use_bias=False, name="second", trainable=False),
            keras.layers.Activation("softmax"),
        ],
        name="sample",
    )
    return {
        "weights": [[w.name, w.path, list(w.shape)] for w in model.weights],
        "trainable": [w.path for w in model.trainable_weights],
        "non_trainable": [w.path for w in model.non_trainable_weights],
        "count_params": model.count_params(),
        "input_shape": config(model.input_shape),
        "output_shape": config(model.output_shape),
        "layers": [layer.name for layer in model.layers],
    }


def make():
    rng = np.random.default_rng(50)
    weight = draw(rng, 3, 4)
    return {
        "cases": [record(*case, rng) for case in CASES],
        "initializers": [
            record_initializer(name, arguments, shape)
            for name, arguments in INITIALIZERS
            for shape in INITIALIZER_SHAPES
        ],
        "regularizers": [
            record_regularizer(name, arguments, weight)
            for name, arguments in REGULARIZERS
        ],
        "regularized_weight": numbers(weight),
        "automatic_names": automatic_names(),
        "model": weights_of_a_model(),
    }
