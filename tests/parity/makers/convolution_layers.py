"""Layers that convolve, pool, pad, crop and enlarge, and models of them."""

import inspect

import keras
import numpy as np

from .layers import record as record_layer
from .plain import case_name, config, draw, numbers

FIRST = {"data_format": "channels_first"}

# (class, arguments, shape of the inputs)
CASES = [
    ("Conv1D", {"filters": 3, "kernel_size": 3}, (2, 6, 2)),
    ("Conv1D", {"filters": 2, "kernel_size": 2, "padding": "same"}, (2, 5, 3)),
    (
        "Conv1D",
        {"filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 2},
        (2, 7, 2),
    ),
    (
        "Conv1D",
        {"filters": 2, "kernel_size": 3, "padding": "causal", "strides": 2},
        (2, 7, 2),
    ),
    (
        "Conv1D",
        {"filters": 4, "kernel_size": 2, "groups": 2, "activation": "tanh", **FIRST},
        (2, 4, 5),
    ),
    ("Conv2D", {"filters": 3, "kernel_size": 3}, (2, 5, 6, 2)),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": [2, 3], "padding": "same", "activation": "relu"},
        (2, 4, 5, 3),
    ),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
        (1, 6, 5, 2),
    ),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": 2, "strides": [2, 1], "use_bias": False},
        (1, 5, 5, 2),
    ),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": 2, "dilation_rate": [2, 1], "padding": "same"},
        (1, 5, 4, 2),
    ),
    ("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2}, (1, 4, 4, 4)),
    (
        "Conv2D",
        {"filters": 3, "kernel_size": 2, "padding": "same", **FIRST},
        (2, 2, 4, 5),
    ),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": 2, "kernel_regularizer": "l2"}
        | {"bias_regularizer": "l1"},
        (1, 3, 3, 2),
    ),
    ("Conv3D", {"filters": 2, "kernel_size": 2}, (1, 3, 4, 3, 2)),
    (
        "Conv3D",
        {"filters": 2, "kernel_size": [1, 2, 2], "strides": [1, 2, 2]}
        | {"padding": "same", "activation": "elu"},
        (1, 2, 4, 5, 2),
    ),
    ("Conv3D", {"filters": 2, "kernel_size": 2, **FIRST}, (1, 2, 3, 3, 3)),
    ("DepthwiseConv1D", {"kernel_size": 3}, (2, 6, 2)),
    (
        "DepthwiseConv1D",
        {"kernel_size": 2, "depth_multiplier": 2, "padding": "same", "strides": 2},
        (2, 5, 2),
    ),
    ("DepthwiseConv2D", {"kernel_size": 3}, (1, 5, 5, 2)),
    (
        "DepthwiseConv2D",
        {"kernel_size": 2, "depth_multiplier": 2, "padding": "same"}
        | {"activation": "relu"},
        (1, 4, 5, 2),
    ),
    (
        "DepthwiseConv2D",
        {"kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False},
        (1, 5, 6, 3),
    ),
    ("DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": 2, **FIRST}, (1, 2, 5, 4)),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3}, (2, 6, 2)),
    (
        "SeparableConv1D",
        {"filters": 2, "kernel_size": 2, "padding": "same", "strides": 2}
        | {"depth_multiplier": 2, "activation": "tanh"},
        (2, 5, 2),
    ),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 3}, (1, 5, 5, 2)),
    (
        "SeparableConv2D",
        {"filters": 2, "kernel_size": 2, "depth_multiplier": 2, "padding": "same"}
        | {"activation": "relu"},
        (1, 4, 5, 2),
    ),
    (
        "SeparableConv2D",
        {"filters": 2, "kernel_size": 2, "strides": 2, "use_bias": False, **FIRST},
        (1, 3, 5, 4),
    ),
    ("Conv1DTranspose", {"filters": 3, "kernel_size": 3}, (2, 4, 2)),
    (
        "Conv1DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
        (2, 4, 2),
    ),
    (
        "Conv1DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1},
        (1, 3, 2),
    ),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3}, (1, 3, 4, 2)),
    (
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}
        | {"activation": "relu"},
        (1, 3, 4, 2),
    ),
    (
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 2, "strides": [2, 3], "use_bias": False},
        (1, 2, 3, 2),
    ),
    (
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same", **FIRST},
        (1, 2, 3, 3),
    ),
    (
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 2, "dilation_rate": 2},
        (1, 3, 3, 2),
    ),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2}, (1, 2, 2, 3, 2)),
    (
        "Conv3DTranspose",
        {"filters": 1, "kernel_size": 3, "strides": 2, "padding": "same"},
        (1, 2, 2, 2, 2),
    ),
    ("MaxPooling1D", {}, (2, 5, 2)),
    ("MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 6, 2)),
    ("MaxPooling1D", {"pool_size": 2, **FIRST}, (2, 2, 6)),
    ("MaxPooling2D", {}, (1, 5, 4, 2)),
    ("MaxPooling2D", {"pool_size": [2, 3], "strides": 1}, (1, 4, 5, 2)),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, (1, 5, 6, 2)),
    ("MaxPooling2D", {"pool_size": 2, **FIRST}, (1, 2, 4, 5)),
    ("MaxPooling3D", {}, (1, 3, 4, 5, 2)),
    ("MaxPooling3D", {"pool_size": [1, 2, 2], "padding": "same"}, (1, 2, 3, 3, 2)),
    ("AveragePooling1D", {"pool_size": 2}, (2, 5, 2)),
    ("AveragePooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 5, 2)),
    ("AveragePooling2D", {"pool_size": 2}, (1, 5, 4, 2)),
    (
        "AveragePooling2D",
        {"pool_size": 3, "strides": 2, "padding": "same"},
        (1, 5, 7, 2),
    ),
    ("AveragePooling2D", {"pool_size": [1, 2], "strides": 1, **FIRST}, (1, 2, 3, 4)),
    ("AveragePooling3D", {"pool_size": 2}, (1, 3, 4, 5, 2)),
    ("AveragePooling3D", {"pool_size": 2, "strides": 1, **FIRST}, (1, 2, 3, 3, 3)),
    ("GlobalMaxPooling1D", {}, (2, 4, 3)),
    ("GlobalMaxPooling1D", {"keepdims": True, **FIRST}, (2, 3, 4)),
    ("GlobalMaxPooling2D", {}, (2, 3, 2, 3)),
    ("GlobalMaxPooling2D", {"keepdims": True}, (2, 3, 2, 3)),
    ("GlobalMaxPooling3D", {}, (1, 2, 3, 2, 3)),
    ("GlobalMaxPooling3D", {"keepdims": True, **FIRST}, (1, 2, 3, 2, 3)),
    ("GlobalAveragePooling1D", {}, (2, 4, 3)),
    ("GlobalAveragePooling1D", {"keepdims": True, **FIRST}, (2, 3, 4)),
    ("GlobalAveragePooling2D", {}, (2, 3, 2, 3)),
    ("GlobalAveragePooling2D", {"keepdims": True, **FIRST}, (2, 3, 2, 3)),
    ("GlobalAveragePooling3D", {}, (1, 2, 3, 2, 3)),
    ("GlobalAveragePooling3D", {"keepdims": True}, (1, 2, 3, 2, 3)),
    ("AdaptiveAveragePooling1D", {"output_size": 3}, (2, 7, 2)),
    ("AdaptiveAveragePooling2D", {"output_size": 2}, (1, 5, 4, 2)),
    ("AdaptiveAveragePooling2D", {"output_size": [3, 1], **FIRST}, (1, 2, 4, 3)),
    ("AdaptiveAveragePooling3D", {"output_size": 2}, (1, 3, 4, 3, 2)),
    ("AdaptiveMaxPooling1D", {"output_size": 3}, (2, 7, 2)),
    ("AdaptiveMaxPooling2D", {"output_size": [2, 3]}, (1, 5, 4, 2)),
    ("AdaptiveMaxPooling3D", {"output_size": 2, **FIRST}, (1, 2, 3, 4, 3)),
    ("ZeroPadding1D", {}, (2, 3, 2)),
    ("ZeroPadding1D", {"padding": [2, 0], **FIRST}, (2, 2, 3)),
    ("ZeroPadding2D", {}, (1, 2, 3, 2)),
    ("ZeroPadding2D", {"padding": [1, 2]}, (1, 2, 3, 2)),
    ("ZeroPadding2D", {"padding": [[1, 0], [0, 2]], **FIRST}, (1, 2, 2, 3)),
    ("ZeroPadding3D", {}, (1, 2, 2, 1, 2)),
    ("ZeroPadding3D", {"padding": [0, [1, 0], [0, 2]], **FIRST}, (1, 2, 2, 2, 1)),
    ("Cropping1D", {}, (2, 5, 2)),
    ("Cropping1D", {"cropping": [0, 2]}, (2, 5, 2)),
    ("Cropping2D", {}, (1, 3, 2, 2)),
    ("Cropping2D", {"cropping": 1}, (1, 4, 5, 2)),
    ("Cropping2D", {"cropping": [[1, 0], [0, 2]], **FIRST}, (1, 2, 4, 5)),
    ("Cropping3D", {}, (1, 3, 4, 4, 2)),
    ("Cropping3D", {"cropping": [0, [1, 0], [0, 2]], **FIRST}, (1, 2, 3, 3, 4)),
    ("UpSampling1D", {}, (2, 3, 2)),
    ("UpSampling1D", {"size": 3}, (1, 2, 2)),
    ("UpSampling2D", {}, (1, 2, 3, 2)),
    ("UpSampling2D", {"size": [1, 3], **FIRST}, (1, 2, 2, 3)),
    ("UpSampling2D", {"interpolation": "bilinear"}, (1, 3, 4, 2)),
    (
        "UpSampling2D",
        {"size": [3, 2], "interpolation": "bilinear", **FIRST},
        (1, 2, 2, 3),
    ),
    ("UpSampling3D", {}, (1, 2, 1, 2, 2)),
    ("UpSampling3D", {"size": [1, 2, 3], **FIRST}, (1, 2, 2, 2, 1)),
    ("Permute", {"dims": [2, 1]}, (2, 3, 4)),
    ("Permute", {"dims": [3, 1, 2]}, (2, 3, 4, 2)),
    ("RepeatVector", {"n": 3}, (2, 4)),
    ("RepeatVector", {"n": 1}, (2, 4)),
]
# Not average pooling with as odd a 'same' padding that one end gets more than the
# other: there Keras on PyTorch counts copies of the last element, and on JAX and
# TensorFlow the elements inside alone.

KERNEL_OPTIONS = {
    "kernel_initializer": "he_normal",
    "kernel_regularizer": "l2",
    "kernel_constraint": "max_norm",
}
DEPTHWISE_OPTIONS = {
    key.replace("kernel", "depthwise"): value for key, value in KERNEL_OPTIONS.items()
}
COMMON_OPTIONS = {
    "bias_initializer": "ones",
    "bias_regularizer": "l1",
    "bias_constraint": "non_neg",
    "activity_regularizer": "l1",
    "name": "mine",
    "trainable": False,
    "dtype": "float64",
}
# Configurations beyond those of the cases above.
CONFIGS = [
    ("Conv2D", {"filters": 2, "kernel_size": 3, **KERNEL_OPTIONS, **COMMON_OPTIONS}),
    ("DepthwiseConv2D", {"kernel_size": 3, **DEPTHWISE_OPTIONS, **COMMON_OPTIONS}),
    (
        "SeparableConv2D",
        {"filters": 2, "kernel_size": 3, "pointwise_initializer": "he_normal"}
        | {"pointwise_regularizer": "l1", "pointwise_constraint": "unit_norm"}
        | DEPTHWISE_OPTIONS
        | COMMON_OPTIONS,
    ),
    (
        "Conv3DTranspose",
        {"filters": 2, "kernel_size": 3, **KERNEL_OPTIONS, **COMMON_OPTIONS},
    ),
]

# Whole models: layers, shape of a sample, loss, optimizer, what the labels are.
MODELS = {
    "images": {
        "layers": [
            ["Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}],
            ["MaxPooling2D", {}],
            ["Conv2D", {"filters": 3, "kernel_size": 2, "padding": "same"}],
            ["Flatten", {}],
            ["Dense", {"units": 3, "activation": "softmax"}],
        ],
        "shape": [8, 8, 2],
        "loss": "sparse_categorical_crossentropy",
        "optimizer": "adam",
        "metrics": ["accuracy"],
        "labels": "classes",
    },
    "separable": {
        "layers": [
            ["ZeroPadding2D", {}],
            ["SeparableConv2D", {"filters": 4, "kernel_size": 3, "activation": "tanh"}],
            ["AveragePooling2D", {"pool_size": 2}],
            ["DepthwiseConv2D", {"kernel_size": 2, "padding": "same"}],
            ["GlobalAveragePooling2D", {}],
            ["Dense", {"units": 3, "activation": "softmax"}],
        ],
        "shape": [6, 6, 2],
        "loss": "sparse_categorical_crossentropy",
        "optimizer": "rmsprop",
        "metrics": ["accuracy"],
        "labels": "classes",
    },
    "sequences": {
        "layers": [
            ["Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal"}],
            ["MaxPooling1D", {}],
            ["Conv1D", {"filters": 3, "kernel_size": 2, "activation": "tanh"}],
            ["GlobalMaxPooling1D", {}],
            ["Dense", {"units": 1}],
        ],
        "shape": [9, 2],
        "loss": "mse",
        "optimizer": "sgd",
        "metrics": ["mae"],
        "labels": "targets",
    },
    "autoencoder": {
        "layers": [
            [
                "Conv2D",
                {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"},
            ],
            ["Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}],
            ["Cropping2D", {"cropping": [[0, 1], [1, 0]]}],
            ["Conv2D", {"filters": 1, "kernel_size": 3, "padding": "same"}],
        ],
        "shape": [6, 6, 1],
        "loss": "mse",
        "optimizer": "adam",
        "metrics": ["mae"],
        "labels": "x",
    },
}
SAMPLES = 12


def record(name, arguments, shape, rng):
    """A layer's numbers, its shapes where lengths are not known, and its config."""
    case = record_layer(name, arguments, shape, rng)
    layer = getattr(keras.layers, name)(**arguments)
    if name not in ("RepeatVector", "Permute"):
        first = arguments.get("data_format") == "channels_first"
        place = 1 if first else -1
        free = [None] * len(shape)
        free[place] = shape[place]
        case["free_shape"] = free
        case["free_output_shape"] = config(layer.compute_output_shape(tuple(free)))
    return case


def record_config(name, arguments):
    keras.backend.clear_session()
    layer = getattr(keras.layers, name)(**arguments)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "config": config(layer.get_config()),
    }


def automatic_names():
    """The names of two layers of each class."""
    keras.backend.clear_session()
    smallest = {}
    for name, arguments, _ in CASES:
        smallest.setdefault(name, arguments)
    return [
        [
            name,
            arguments,
            *(getattr(keras.layers, name)(**arguments).name for _ in "ab"),
        ]
        for name, arguments in smallest.items()
    ]


def aliases():
    """The other names under which Keras exports these classes."""
    ours = {name for name, _, _ in CASES}
    found = {}
    for name in dir(keras.layers):
        cls = getattr(keras.layers, name)
        if isinstance(cls, type) and cls.__name__ in ours and cls.__name__ != name:
            found[name] = cls.__name__
    return found


def signatures():
    """The names of each constructor's arguments, in order."""
    ours = sorted({name for name, _, _ in CASES})
    return {
        name: list(inspect.signature(getattr(keras.layers, name)).parameters)
        for name in ours
    }


def record_model(name, rng):
    """The history of three epochs from given weights, without shuffling."""
    keras.backend.clear_session()
    task = MODELS[name]
    layers = [getattr(keras.layers, cls)(**options) for cls, options in task["layers"]]
    model = keras.Sequential([keras.Input(tuple(task["shape"])), *layers])
    weights = [draw(rng, *weight.shape, scale=0.4) for weight in model.weights]
    model.set_weights(weights)
    x = np.round(rng.normal(size=(SAMPLES, *task["shape"])), 1).astype("float32")
    classes = rng.integers(0, 3, SAMPLES)
    targets = draw(rng, SAMPLES, 1)
    y = {"classes": classes, "targets": targets, "x": x}[task["labels"]]
    model.compile(task["optimizer"], task["loss"], metrics=list(task["metrics"]))
    history = model.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0)
    return {
        "name": name,
        **task,
        "x": numbers(x),
        "y": numbers(y),
        "initial_weights": [numbers(weight) for weight in weights],
        "weight_names": [[weight.path, list(weight.shape)] for weight in model.weights],
        "output_shapes": [
            config(keras.Sequential([model.inputs[0], *layers[: i + 1]]).output_shape)
            for i in range(len(layers))
        ],
        "counts": [layer.count_params() for layer in model.layers],
        "history": {key: numbers(np.float32(v)) for key, v in history.history.items()},
        "predict": numbers(model.predict(x[:3], verbose=0)),
    }


def make():
    rng = np.random.default_rng(80)
    configs = [case[:2] for case in CASES] + CONFIGS
    return {
        "cases": [record(*case, rng) for case in CASES],
        "configs": [record_config(*case) for case in configs],
        "automatic_names": automatic_names(),
        "aliases": aliases(),
        "signatures": signatures(),
        "models": [record_model(name, rng) for name in MODELS],
    }
