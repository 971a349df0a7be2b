"""Layers that normalize, look up, disturb or bend: outputs, gradients, averages.

Each case has given weights, and says whether it is called as in training. What is
drawn at random, such as the mask of a Dropout, is recorded in inference alone.
"""

import keras
import numpy as np
import torch

from .plain import case_name, config, draw, numbers

# class, arguments, shape of the inputs, options: training, trainable, indices
# Not LayerNormalization and RMSNormalization along inner axes alone, where Keras on
# PyTorch fails; and not CategoryEncoding of more than two axes, where Keras does not
# give the shape that it announces.
CASES = [
    ("BatchNormalization", {}, (4, 3), {}),
    ("BatchNormalization", {}, (4, 3), {"training": True}),
    ("BatchNormalization", {}, (4, 3), {"training": True, "trainable": False}),
    ("BatchNormalization", {}, (2, 3, 2, 3), {"training": True}),
    ("BatchNormalization", {}, (2, 3, 2, 3), {}),
    ("BatchNormalization", {"axis": 1}, (2, 3, 2, 2), {"training": True}),
    ("BatchNormalization", {"axis": 1}, (2, 3, 2, 2), {}),
    ("BatchNormalization", {"axis": -2}, (2, 3, 4), {"training": True}),
    ("BatchNormalization", {"center": False}, (4, 3), {"training": True}),
    ("BatchNormalization", {"scale": False}, (4, 3), {"training": True}),
    ("BatchNormalization", {"scale": False}, (4, 3), {}),
    (
        "BatchNormalization",
        {"center": False, "scale": False, "momentum": 0.5},
        (4, 3),
        {"training": True},
    ),
    (
        "BatchNormalization",
        {"momentum": 0.8, "epsilon": 1e-2, "gamma_regularizer": "l2"},
        (3, 2, 3),
        {"training": True},
    ),
    ("BatchNormalization", {"beta_regularizer": "l1"}, (1, 3), {"training": True}),
    ("LayerNormalization", {}, (4, 3), {}),
    ("LayerNormalization", {}, (2, 3, 4), {"training": True}),
    ("LayerNormalization", {"axis": [1, 2]}, (2, 3, 4), {}),
    ("LayerNormalization", {"axis": [2, 1]}, (2, 3, 4), {}),
    ("LayerNormalization", {"axis": [-2, -1], "scale": False}, (2, 3, 4), {}),
    ("LayerNormalization", {"center": False, "epsilon": 1e-5}, (4, 3), {}),
    ("LayerNormalization", {"center": False, "scale": False}, (4, 3), {}),
    ("LayerNormalization", {"gamma_regularizer": "l2"}, (4, 3), {}),
    ("GroupNormalization", {"groups": 2}, (2, 6), {}),
    ("GroupNormalization", {"groups": 2}, (2, 3, 4), {}),
    ("GroupNormalization", {"groups": 3}, (2, 2, 2, 6), {"training": True}),
    ("GroupNormalization", {"groups": 2, "axis": 1}, (2, 4, 3), {}),
    ("GroupNormalization", {"groups": 2, "axis": -2}, (2, 2, 4, 3), {}),
    ("GroupNormalization", {"groups": -1}, (2, 3, 4), {}),
    ("GroupNormalization", {"groups": 1, "scale": False}, (2, 3, 4), {}),
    ("GroupNormalization", {"groups": 2, "center": False}, (2, 3, 4), {}),
    ("GroupNormalization", {"groups": 4, "beta_regularizer": "l1"}, (2, 2, 8), {}),
    ("RMSNormalization", {}, (4, 3), {}),
    ("RMSNormalization", {"axis": [1, 2], "epsilon": 1e-2}, (2, 3, 4), {}),
    ("UnitNormalization", {}, (4, 3), {}),
    ("UnitNormalization", {"axis": 1}, (2, 3, 4), {}),
    ("UnitNormalization", {"axis": [1, 2]}, (2, 3, 4), {}),
    ("Embedding", {"input_dim": 5, "output_dim": 3}, (2, 4), {"indices": 5}),
    ("Embedding", {"input_dim": 4, "output_dim": 2}, (6,), {"indices": 4}),
    ("Embedding", {"input_dim": 3, "output_dim": 2}, (2, 2, 3), {"indices": 3}),
    (
        "Embedding",
        {
            "input_dim": 6,
            "output_dim": 2,
            "embeddings_regularizer": "l2",
            "activity_regularizer": "l1",
        },
        (2, 3),
        {"indices": 6},
    ),
    ("Dropout", {"rate": 0.4, "noise_shape": [None, 1]}, (3, 4), {}),
    ("Dropout", {"rate": 0.0}, (3, 4), {"training": True}),
    ("SpatialDropout1D", {"rate": 0.4}, (2, 3, 4), {}),
    ("SpatialDropout1D", {"rate": 0.0}, (2, 3, 4), {"training": True}),
    ("SpatialDropout2D", {"rate": 0.4}, (2, 2, 3, 2), {}),
    ("SpatialDropout3D", {"rate": 0.4}, (1, 2, 2, 2, 2), {}),
    ("GaussianNoise", {"stddev": 0.4}, (3, 4), {}),
    ("GaussianNoise", {"stddev": 0.0}, (3, 4), {"training": True}),
    ("GaussianDropout", {"rate": 0.4}, (3, 4), {}),
    ("GaussianDropout", {"rate": 0.0}, (3, 4), {"training": True}),
    ("AlphaDropout", {"rate": 0.4}, (3, 4), {}),
    ("AlphaDropout", {"rate": 0.0}, (3, 4), {"training": True}),
    ("ActivityRegularization", {"l1": 0.3}, (3, 4), {}),
    ("ActivityRegularization", {"l1": 0.3, "l2": 0.2}, (2, 3, 4), {"training": True}),
    ("ActivityRegularization", {}, (3, 4), {}),
    ("Identity", {}, (3, 4), {}),
    ("ReLU", {}, (3, 4), {}),
    ("ReLU", {"max_value": 0.5}, (3, 4), {}),
    ("ReLU", {"negative_slope": 0.2}, (3, 4), {}),
    ("ReLU", {"threshold": 0.3}, (3, 4), {}),
    (
        "ReLU",
        {"max_value": 1.0, "negative_slope": 0.2, "threshold": 0.3},
        (3, 4),
        {"training": True},
    ),
    ("LeakyReLU", {}, (3, 4), {}),
    ("LeakyReLU", {"negative_slope": 0.05}, (2, 3, 2), {}),
    ("PReLU", {}, (3, 4), {}),
    ("PReLU", {"alpha_regularizer": "l2"}, (2, 3, 2), {"training": True}),
    ("PReLU", {"shared_axes": [1]}, (2, 3, 2), {}),
    ("PReLU", {"shared_axes": [1, 2]}, (2, 2, 2, 3), {}),
    ("PReLU", {"shared_axes": 1}, (3, 4), {}),
    ("ELU", {}, (3, 4), {}),
    ("ELU", {"alpha": 0.4}, (2, 3, 2), {}),
    ("Softmax", {}, (3, 4), {}),
    ("Softmax", {"axis": 1}, (2, 3, 4), {}),
    ("Softmax", {"axis": [1, 2]}, (2, 3, 4), {}),
    ("CategoryEncoding", {"num_tokens": 5}, (2, 4), {"indices": 5}),
    (
        "CategoryEncoding",
        {"num_tokens": 5, "output_mode": "count"},
        (2, 4),
        {"indices": 5},
    ),
    (
        "CategoryEncoding",
        {"num_tokens": 5, "output_mode": "one_hot"},
        (2, 4),
        {"indices": 5},
    ),
    (
        "CategoryEncoding",
        {"num_tokens": 5, "output_mode": "one_hot"},
        (4, 1),
        {"indices": 5},
    ),
    ("Rescaling", {"scale": 0.25}, (3, 4), {}),
    ("Rescaling", {"scale": 2.0, "offset": -1.0}, (2, 3, 4), {}),
    ("Rescaling", {"scale": [2.0, 0.5], "offset": [1.0, -1.0]}, (3, 2), {}),
]

# class and arguments whose configuration, before any call, is recorded
RULES = {
    f"{weight}_{rule}": value
    for weight in ("beta", "gamma")
    for rule, value in (
        ("initializer", "random_normal"),
        ("regularizer", "l2"),
        ("constraint", "non_neg"),
    )
}
CONFIGS = [
    ("BatchNormalization", {}),
    (
        "BatchNormalization",
        {
            "axis": 1,
            "momentum": 0.9,
            "epsilon": 1e-5,
            "center": False,
            "scale": False,
            "moving_mean_initializer": "ones",
            "moving_variance_initializer": "he_normal",
            "name": "mine",
            "trainable": False,
            **RULES,
        },
    ),
    ("LayerNormalization", {}),
    ("LayerNormalization", {"axis": [1, 2], "epsilon": 1e-5, **RULES}),
    ("GroupNormalization", {}),
    ("GroupNormalization", {"groups": -1, "axis": 1, "epsilon": 1e-5, **RULES}),
    ("RMSNormalization", {}),
    ("RMSNormalization", {"axis": [2, 1], "epsilon": 1e-5}),
    ("UnitNormalization", {}),
    ("UnitNormalization", {"axis": [1, 2], "name": "mine"}),
    ("Embedding", {"input_dim": 5, "output_dim": 3}),
    (
        "Embedding",
        {
            "input_dim": 5,
            "output_dim": 3,
            "embeddings_initializer": "ones",
            "embeddings_regularizer": "l1",
            "embeddings_constraint": "max_norm",
            "activity_regularizer": "l2",
        },
    ),
    ("Dropout", {"rate": 0.5, "noise_shape": [None, 1, 1]}),
    ("SpatialDropout1D", {"rate": 0.5}),
    ("SpatialDropout1D", {"rate": 0.5, "seed": 3, "name": "mine"}),
    ("SpatialDropout2D", {"rate": 0.5, "data_format": "channels_first"}),
    ("SpatialDropout3D", {"rate": 0.5, "dtype": "float64"}),
    ("GaussianNoise", {"stddev": 0.5, "seed": 3}),
    ("GaussianDropout", {"rate": 0.5, "seed": 3}),
    ("AlphaDropout", {"rate": 0.5, "noise_shape": [None, 1], "seed": 3}),
    ("ActivityRegularization", {}),
    ("ActivityRegularization", {"l1": 0.1, "l2": 0.2}),
    ("Identity", {"name": "mine"}),
    ("ReLU", {}),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.2, "threshold": 0.3}),
    ("LeakyReLU", {}),
    ("LeakyReLU", {"negative_slope": 0.1}),
    ("PReLU", {}),
    (
        "PReLU",
        {
            "alpha_initializer": "ones",
            "alpha_regularizer": "l1",
            "alpha_constraint": "non_neg",
            "shared_axes": 1,
        },
    ),
    ("ELU", {}),
    ("ELU", {"alpha": 0.5}),
    ("Softmax", {}),
    ("Softmax", {"axis": [1, 2]}),
    ("CategoryEncoding", {"num_tokens": 5}),
    ("CategoryEncoding", {"num_tokens": 5, "output_mode": "count"}),
    ("Normalization", {}),
    ("Normalization", {"axis": [1, 2], "invert": True}),
    ("Normalization", {"axis": None, "mean": 1.5, "variance": 2.5}),
    ("Normalization", {"mean": [1.0, 2.0], "variance": [0.5, 2.0]}),
    ("Rescaling", {"scale": 0.25}),
    ("Rescaling", {"scale": [1.0, 2.0], "offset": 0.5}),
]

# arguments of a Normalization, and the shape of the data that it adapts to
ADAPTED = [
    ({}, (5, 3)),
    ({}, (3, 2, 3)),
    ({"axis": 1}, (3, 2, 3)),
    ({"axis": [1, 2]}, (4, 2, 3)),
    ({"axis": None}, (5, 3)),
    ({"invert": True}, (5, 3)),
    ({"mean": [0.5, -1.0], "variance": [4.0, 0.25]}, (3, 2)),
    ({"axis": None, "mean": 0.5, "variance": 4.0}, (3, 2)),
    ({"axis": [1, 2], "mean": [0.5, -1.0], "variance": [4.0, 0.25]}, (3, 2, 2)),
]

# No layer here moves or scales what the next one normalizes away: such gradients are
# rounding alone, which Adam would scale up.
MODELS = {
    "normalized": {
        "input": [5],
        "layers": [
            ["Dense", {"units": 6, "use_bias": False}],
            ["BatchNormalization", {"momentum": 0.9}],
            ["ReLU", {}],
            ["Dense", {"units": 1}],
        ],
    },
    "frozen": {
        "input": [5],
        "layers": [
            ["BatchNormalization", {"momentum": 0.5, "trainable": False}],
            ["Dense", {"units": 4, "activation": "tanh"}],
            ["BatchNormalization", {"momentum": 0.5, "scale": False}],
            ["Dense", {"units": 1}],
        ],
    },
    "channels": {
        "input": [4, 3],
        "layers": [
            ["BatchNormalization", {}],
            ["PReLU", {"shared_axes": [1]}],
            ["LayerNormalization", {}],
            ["GroupNormalization", {"groups": 1}],
            ["Flatten", {}],
            ["Dense", {"units": 1}],
        ],
    },
    "embedded": {
        "input": [4],
        "indices": 7,
        "layers": [
            ["Embedding", {"input_dim": 7, "output_dim": 3}],
            ["Flatten", {}],
            ["Dense", {"units": 5, "activation": "tanh"}],
            ["Dense", {"units": 1}],
        ],
    },
}
OPTIMIZERS = [("SGD", {"learning_rate": 0.05}), ("Adam", {"learning_rate": 0.02})]


def drawn(rng, shape, options):
    """Inputs: indices below a bound, or normal values."""
    if "indices" in options:
        return rng.integers(0, options["indices"], shape).astype("int32")
    return draw(rng, *shape)


def given_weights(layer, rng):
    """Values for all weights of a layer; variances are positive."""
    values = [draw(rng, *weight.shape, scale=0.7) for weight in layer.weights]
    return [
        np.abs(value) + np.float32(0.5) if "variance" in weight.name else value
        for weight, value in zip(layer.weights, values, strict=True)
    ]


def record(name, arguments, shape, options, rng):
    """A layer's outputs, its gradients, and its weights after the call."""
    layer = getattr(keras.layers, name)(**arguments)
    layer.trainable = options.get("trainable", True)
    before = config(layer.get_config())
    layer.build(shape)
    weights = given_weights(layer, rng)
    layer.set_weights(weights)
    inputs = drawn(rng, shape, options)
    leaf = torch.tensor(inputs, requires_grad=inputs.dtype.kind == "f")
    training = options.get("training", False)
    outputs = layer(leaf, training=training)
    upstream = draw(rng, *outputs.shape)
    total = torch.sum(outputs * torch.as_tensor(upstream))
    if total.requires_grad:
        total.backward()
    gradients = {
        weight.name: numbers(weight.value.grad) for weight in layer.trainable_weights
    }
    return {
        "name": case_name(name, shape, **arguments, **options),
        "class": name,
        "arguments": config(arguments),
        "options": options,
        "inputs": numbers(inputs),
        "weights": [numbers(weight) for weight in weights],
        "weight_names": [weight.name for weight in layer.weights],
        "trainable": [weight.name for weight in layer.trainable_weights],
        "count_params": layer.count_params(),
        "outputs": numbers(outputs),
        "upstream": numbers(upstream),
        "input_gradient": None if leaf.grad is None else numbers(leaf.grad),
        "weight_gradients": gradients,
        "weights_after": [numbers(weight) for weight in layer.get_weights()],
        "output_shape": config(layer.compute_output_shape((None, *shape[1:]))),
        "penalties": [numbers(loss) for loss in layer.losses],
        "config_changes": {
            key: value
            for key, value in config(layer.get_config()).items()
            if before[key] != value
        },
    }


def record_adapted(arguments, shape, rng):
    """A Normalization after its data, called on them."""
    layer = keras.layers.Normalization(**arguments)
    data = draw(rng, *shape, scale=2) + np.float32(1)
    if "mean" not in arguments:
        layer.adapt(data)
    outputs = layer(torch.tensor(data))
    return {
        "name": case_name(shape, **arguments),
        "arguments": arguments,
        "data": numbers(data),
        "weights": [numbers(weight) for weight in layer.get_weights()],
        "weight_names": [weight.name for weight in layer.weights],
        "count_params": layer.count_params(),
        "mean": numbers(layer.mean),
        "variance": numbers(layer.variance),
        "outputs": numbers(outputs),
        "config": config(layer.get_config()),
    }


def record_config(name, arguments):
    layer = getattr(keras.layers, name)(**arguments)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "config": config(layer.get_config()),
    }


def automatic_names():
    keras.backend.clear_session()
    first = {}
    for name, arguments in CONFIGS:
        if "name" not in arguments and name not in first:
            first[name] = getattr(keras.layers, name)(**arguments).name
    return first


def build(description):
    model = keras.Sequential([keras.Input(description["input"])])
    for name, arguments in description["layers"]:
        model.add(getattr(keras.layers, name)(**arguments))
    return model


def record_model(name, optimizer, arguments):
    """The history, the weights and the predictions of three epochs."""
    description = MODELS[name]
    rng = np.random.default_rng(62)
    model = build(description)
    weights = [value for layer in model.layers for value in given_weights(layer, rng)]
    model.set_weights(weights)
    train, validation = (
        drawn(rng, (count, *description["input"]), description) for count in (15, 6)
    )
    targets, validation_targets = draw(rng, 15, 1), draw(rng, 6, 1)
    made = getattr(keras.optimizers, optimizer)(**arguments)
    model.compile(made, loss="mse", metrics=["mae"])
    history = model.fit(
        train,
        targets,
        batch_size=4,
        epochs=3,
        shuffle=False,
        validation_data=(validation, validation_targets),
        verbose=0,
    )
    lines = []
    model.summary(line_length=88, print_fn=lines.append)
    return {
        "name": case_name(name, optimizer, **arguments),
        "model": description,
        "optimizer": optimizer,
        "arguments": arguments,
        "weights": [numbers(weight) for weight in weights],
        "train": [numbers(train), numbers(targets)],
        "validation": [numbers(validation), numbers(validation_targets)],
        "history": {key: list(map(float, v)) for key, v in history.history.items()},
        "weights_after": [numbers(weight) for weight in model.get_weights()],
        "trainable": [weight.name for weight in model.trainable_weights],
        "non_trainable": [weight.name for weight in model.non_trainable_weights],
        "predictions": numbers(model.predict(validation, verbose=0)),
        "counts": [
            line.strip() for line in "".join(lines).splitlines() if "params:" in line
        ],
    }


def masked_softmax():
    rng = np.random.default_rng(63)
    inputs = draw(rng, 3, 4)
    mask = rng.random((3, 4)) > 0.4
    mask[1] = False
    layer = keras.layers.Softmax()
    outputs = layer(torch.tensor(inputs), mask=torch.tensor(mask))
    return {
        "inputs": numbers(inputs),
        "mask": mask.tolist(),
        "outputs": numbers(outputs),
    }


def make():
    rng = np.random.default_rng(61)
    return {
        "cases": [record(*case, rng) for case in CASES],
        "configs": [record_config(*case) for case in CONFIGS],
        "automatic_names": automatic_names(),
        "models": [
            record_model(name, *optimizer)
            for name in MODELS
            for optimizer in OPTIMIZERS
        ],
        "adapted": [record_adapted(*case, rng) for case in ADAPTED],
        "masked_softmax": masked_softmax(),
    }
