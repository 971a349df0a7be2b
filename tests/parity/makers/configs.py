"""Config dictionaries, with default and with other arguments."""

import keras

from .plain import case_name, config

OPTIMIZER_COMMON = {
    "learning_rate": 0.02,
    "weight_decay": 0.1,
    "clipnorm": 1.5,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 4,
    "name": "mine",
}

OBJECTS = {
    "layers": [
        ("Dense", {"units": 3}),
        (
            "Dense",
            {
                "units": 4,
                "activation": "relu",
                "use_bias": False,
                "kernel_initializer": "he_normal",
                "bias_initializer": "ones",
                "kernel_regularizer": "l1",
                "bias_regularizer": "l2",
                "activity_regularizer": "l1",
                "name": "mine",
                "trainable": False,
            },
        ),
        ("Activation", {"activation": "tanh"}),
        ("Activation", {"activation": "softmax", "name": "mine"}),
        ("Dropout", {"rate": 0.25}),
        ("Dropout", {"rate": 0.5, "noise_shape": [None, 1], "seed": 7}),
        ("Flatten", {}),
        ("Flatten", {"data_format": "channels_first"}),
        ("Reshape", {"target_shape": [2, -1]}),
        ("InputLayer", {"shape": [4]}),
        ("InputLayer", {"shape": [4, 2], "batch_size": 8, "dtype": "float64"}),
    ],
    "optimizers": [
        ("SGD", {}),
        ("SGD", {"momentum": 0.9, "nesterov": True, **OPTIMIZER_COMMON}),
        ("RMSprop", {}),
        (
            "RMSprop",
            {"rho": 0.8, "momentum": 0.1, "epsilon": 1e-5, "centered": True}
            | OPTIMIZER_COMMON,
        ),
        ("Adam", {}),
        (
            "Adam",
            {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5, "amsgrad": True}
            | OPTIMIZER_COMMON,
        ),
        ("AdamW", {}),
        ("AdamW", {"beta_1": 0.8, "amsgrad": True, **OPTIMIZER_COMMON}),
        ("SGD", {"global_clipnorm": 2.0}),
        ("SGD", {"clipvalue": 0.5}),
    ],
    "losses": [
        ("MeanSquaredError", {}),
        ("MeanSquaredError", {"reduction": "sum", "name": "mine"}),
        ("MeanAbsoluteError", {}),
        ("BinaryCrossentropy", {}),
        (
            "BinaryCrossentropy",
            {"from_logits": True, "label_smoothing": 0.1, "axis": 1},
        ),
        ("CategoricalCrossentropy", {}),
        (
            "CategoricalCrossentropy",
            {"from_logits": True, "label_smoothing": 0.1, "reduction": "none"},
        ),
        ("SparseCategoricalCrossentropy", {}),
        (
            "SparseCategoricalCrossentropy",
            {"from_logits": True, "ignore_class": 3, "name": "mine"},
        ),
    ],
    "metrics": [
        ("Mean", {}),
        ("Mean", {"name": "mine"}),
        ("Accuracy", {}),
        ("BinaryAccuracy", {}),
        ("BinaryAccuracy", {"threshold": 0.7}),
        ("CategoricalAccuracy", {}),
        ("SparseCategoricalAccuracy", {}),
        ("MeanSquaredError", {}),
        ("MeanAbsoluteError", {"name": "mine"}),
    ],
    "initializers": [
        ("Zeros", {}),
        ("Ones", {}),
        ("Constant", {}),
        ("Constant", {"value": 0.5}),
        ("RandomNormal", {}),
        ("RandomNormal", {"mean": 1.0, "stddev": 0.1, "seed": 3}),
        ("RandomUniform", {}),
        ("RandomUniform", {"minval": -1.0, "maxval": 1.0, "seed": 3}),
        ("TruncatedNormal", {}),
        ("GlorotUniform", {}),
        ("GlorotUniform", {"seed": 3}),
        ("GlorotNormal", {}),
        ("HeUniform", {}),
        ("HeNormal", {}),
        ("LecunUniform", {}),
        ("LecunNormal", {}),
        ("VarianceScaling", {}),
        ("VarianceScaling", {"scale": 2.0, "mode": "fan_out", "seed": 3}),
    ],
    "regularizers": [
        ("L1", {}),
        ("L1", {"l1": 0.1}),
        ("L2", {}),
        ("L2", {"l2": 0.1}),
        ("L1L2", {}),
        ("L1L2", {"l1": 0.1, "l2": 0.2}),
    ],
}


def record(module, name, arguments):
    keras.backend.clear_session()
    made = getattr(getattr(keras, module), name)(**arguments)
    return {
        "name": case_name(module, name, **arguments),
        "module": module,
        "class": name,
        "arguments": arguments,
        "config": config(made.get_config()),
    }


def models():
    """`Sequential.get_config()` of built, unbuilt and nested models."""
    keras.backend.clear_session()
    layers = keras.layers
    built = keras.Sequential(
        [
            keras.Input((2, 3), name="entry"),
            layers.Flatten(name="flat"),
            layers.Dense(4, activation="relu", kernel_regularizer="l2", name="hidden"),
            layers.Dropout(0.2, name="drop"),
            layers.Dense(2, activation="softmax", name="answer"),
        ],
        name="built",
    )
    unbuilt = keras.Sequential([layers.Dense(3, name="one")], name="unbuilt")
    empty = keras.Sequential(name="empty")
    return {model.name: config(model.get_config()) for model in (built, unbuilt, empty)}


def make():
    return {
        "cases": [
            record(module, name, arguments)
            for module, objects in OBJECTS.items()
            for name, arguments in objects
        ],
        "models": models(),
    }
