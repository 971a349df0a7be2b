"""Configurations of Keras 1 and 2, translated into those of Keras 3."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from keratorch import optimizers
from keratorch.models import keras_operations
from keratorch.saving import legacy_operations
from keratorch.saving.legacy_lambda import modern_lambda
from keratorch.saving.legacy_operations import is_reference, modern_input

# Arguments by their names in Keras 1 (and some of 2), for layers of all kinds.
_RENAMED = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "alpha": "negative_slope",
    "atrous_rate": "dilation_rate",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "border_mode": "padding",
    "forget_bias_init": None,
    "init": "kernel_initializer",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "nb_filter": "filters",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "stride": "strides",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "p": "rate",
    "sigma": "stddev",
}
_CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "Deconvolution2D": "Conv2DTranspose",
    "GroupedQueryAttention": "GroupQueryAttention",
    "Model": "Functional",
    "ThresholdedReLU": "ReLU",
}
_KEEP_ALPHA = ("ELU", "AlphaDropout")
_KEEP_OUTPUT_DIM = ("Embedding",)
# Arguments that are gone; they say nothing where they have these values.
_GONE: dict[str, tuple[Any, ...]] = {
    "batch_input_shape": (),
    "consume_less": ("cpu", "gpu", "mem"),
    "input_dim": (),
    "input_dtype": ("float32", "int32", None),
    "input_length": (),
    "batch_size": (None,),
    "fused": (True, False, None),
    "ragged": (False, None),
    "mode": (0,),
    "time_major": (False,),
    "virtual_batch_size": (None,),
    "adjustment": (None,),
    "experimental_autocast": (True,),
    "autocast": (True,),
}
# And those that are gone from some layers: what a layer was built for, and defaults.
_ONE_GROUP = {"groups": (1,)}
# Of the layer that it inherited from; depth and points have kernels of their own.
_ONE_KERNEL: dict[str, tuple[Any, ...]] = {
    **_ONE_GROUP,
    "kernel_constraint": (),
    "kernel_initializer": (),
    "kernel_regularizer": (),
}
_GENERATOR = {"rng_type": ("stateful", "legacy_stateful")}
_SAME_FOR_ALL = {"noise_shape": (None,)}
_OF_INTEGERS = {"dtype": ("int32", "int64")}
_GONE_FROM: dict[str, dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(
        (
            *("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
            *("DepthwiseConv1D", "DepthwiseConv2D"),
        ),
        _ONE_GROUP,
    ),
    "SeparableConv1D": _ONE_KERNEL,
    "SeparableConv2D": _ONE_KERNEL,
    **dict.fromkeys(
        (
            *("RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip"),
            *("RandomHeight", "RandomRotation", "RandomTranslation", "RandomWidth"),
            "RandomZoom",
        ),
        _GENERATOR,
    ),
    **dict.fromkeys(
        ("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), _SAME_FOR_ALL
    ),
    **dict.fromkeys(("Discretization", "IntegerLookup"), _OF_INTEGERS),
    "MultiHeadAttention": {
        **{"query_shape": (), "key_shape": (), "value_shape": ()},
        "softmax_robust_masking": (False,),
    },
}


def modern_model(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a model in the form of Keras 3.

    Raises
    ------
    ValueError : a layer that only TensorFlow has.
    """
    if config.get("module"):  # Keras 3 wrote it
        return dict(config)
    name = _CLASSES.get(config["class_name"], config["class_name"])
    inner = config["config"]
    if name == "Sequential":
        return {"class_name": name, "config": _sequential(inner)}
    if name == "Functional" or "input_layers" in inner:
        return {"class_name": name, "config": _functional(inner)}
    return {**config, "class_name": name}


def modern_layer(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of a layer in the form of Keras 3."""
    if config.get("module"):
        return dict(config)
    name = str(config["class_name"])
    if name in legacy_operations.CLASSES:
        return legacy_operations.modern_operation(config)
    if name == "TensorFlowOpLayer":
        raise ValueError(
            f"the model holds an operation of TensorFlow's graphs ({name}), which no "
            "other library knows. Make the model in code and use load_weights()."
        )
    inner = config["config"]
    is_model = name in ("Sequential", "Model", "Functional") and "layers" in inner
    if is_model or isinstance(inner, list):
        return {**config, **modern_model(config)}
    if _is_function(name, inner):
        return {**config, "module": "keras.src.ops", "registered_name": name}
    modern = _CLASSES.get(name, name)
    arguments = _arguments(name, dict(inner))
    return {**config, "class_name": modern, "config": arguments}


def _is_function(name: str, inner: Any) -> bool:
    """Return whether Keras 3 wrote a function of arrays: most layers are trainable."""
    no_layer = isinstance(inner, Mapping) and "trainable" not in inner
    return no_layer and keras_operations.is_known(name)


def modern_training(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the training configuration as the arguments of `compile`."""
    return {
        "optimizer": _optimizer(config["optimizer_config"]),
        "loss": _mapped(_loss, config.get("loss")),
        "loss_weights": config.get("loss_weights"),
        "metrics": _mapped(_metric, config.get("metrics")),
        "weighted_metrics": _mapped(_metric, config.get("weighted_metrics")),
    }


def _sequential(inner: Any) -> dict[str, Any]:
    if isinstance(inner, list):  # Keras 1 and 2.0 gave no name
        inner = {"name": "sequential", "layers": inner}
    described = [dict(layer) for layer in inner["layers"]]
    layers = [modern_layer(layer) for layer in described]
    first = described[0] if described else {"class_name": "InputLayer"}
    shape = _input_shape(first)
    if first["class_name"] != "InputLayer" and shape is not None:
        name = f"{layers[0]['config'].get('name', 'first')}_input"
        arguments = {"batch_shape": shape, "name": name}
        layers.insert(0, {"class_name": "InputLayer", "config": arguments})
    kept = {key: inner[key] for key in ("name", "trainable") if key in inner}
    return {**kept, "layers": layers}


def _functional(inner: Mapping[str, Any]) -> dict[str, Any]:
    layers = []
    for layer in inner["layers"]:
        modern = modern_layer(layer)
        is_operation = layer["class_name"] in legacy_operations.CLASSES
        call = legacy_operations.modern_call if is_operation else _node
        modern["inbound_nodes"] = [call(node) for node in _nodes(layer)]
        modern.setdefault("name", modern["config"].get("name"))
        layers.append(modern)
    ends = {}
    for key in ("input_layers", "output_layers"):
        nested = inner[key]
        ends[key] = nested
        single = isinstance(nested, list) and len(nested) == 1
        if single and isinstance(nested[0], list):
            ends[key] = nested[0]
    if not any(_is_of_keras_3(node) for x in inner["layers"] for node in _nodes(x)):
        ends["output_layers"] = _calls_from_0(layers, ends["output_layers"])
    return {
        "name": inner.get("name", "model"),
        "trainable": inner.get("trainable", True),
        "layers": layers,
        **ends,
    }


def _nodes(layer: Mapping[str, Any]) -> Any:
    return layer.get("inbound_nodes", [])


def _calls_from_0(layers: list[dict[str, Any]], outputs: Any) -> Any:
    """Number the calls of models inside a model from 0, and return the outputs so.

    Keras 2 counts from 1, because a model that was made with inputs calls itself once.
    Keras 3 does so where it lists outputs, and not for a Sequential.
    """
    outputs = copy.deepcopy(outputs)
    inside = [layer["inbound_nodes"] for layer in layers]
    places = [*_references(inside), *_references(outputs)]
    for layer in layers:
        if "layers" not in layer["config"]:
            continue
        calls = [place for place in places if place[0] == layer["name"]]
        first = min((place[1] for place in calls), default=0)
        for place in calls:
            place[1] -= first
    models = {x["name"] for x in layers if x["class_name"] == "Functional"}
    for place in _references(outputs):
        place[1] += place[0] in models
    return outputs


def _references(structure: Any) -> Iterator[list[Any]]:
    """Yield the places ``[name, call, result]`` of results."""
    if is_reference(structure):
        yield structure
    elif isinstance(structure, (list, Mapping)):
        parts = structure.values() if isinstance(structure, Mapping) else structure
        for part in parts:
            yield from _references(part)


def _is_of_keras_3(node: Any) -> bool:
    return isinstance(node, Mapping) and "args" in node


def _node(node: Any) -> dict[str, Any]:
    """Return a call of a layer: ``[[name, call, result, kwargs], ...]`` in Keras 2."""
    if _is_of_keras_3(node):
        return dict(node)
    if isinstance(node, list) and node and isinstance(node[0], str):
        node = [node]
    tensors = [modern_input(where) for where in node]
    kwargs = node[0][3] if len(node[0]) > 3 else {}
    kwargs = {
        key: modern_input(value) if is_reference(value) else value
        for key, value in kwargs.items()
        if value is not None
    }
    return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": kwargs}


def _input_shape(layer: Mapping[str, Any]) -> Any:
    """Return the shape that the first layer of a model was given."""
    config = layer.get("config", {})
    if isinstance(config, list):
        return _input_shape(config[0]) if config else None
    if "layers" in config:
        return _input_shape(config["layers"][0]) if config["layers"] else None
    shape = config.get("batch_input_shape", config.get("batch_shape"))
    if shape is None and layer["class_name"] != "Embedding" and config.get("input_dim"):
        return [None, config["input_dim"]]
    return shape


def _arguments(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a layer by their names of today."""
    if name == "InputLayer":
        shape = given.get("batch_shape", given.get("batch_input_shape"))
        kept = {key: given[key] for key in ("name", "dtype") if given.get(key)}
        return {"batch_shape": shape, **kept}
    if name == "Lambda":
        given = modern_lambda(given)
    given = _sizes_joined(name, given)
    arguments: dict[str, Any] = {}
    for key, value in given.items():
        if _is_gone(name, key, value):
            continue
        modern = _modern_name(name, key)
        if modern is not None:
            arguments[modern] = _value(key, value)
    if name.startswith("CuDNN"):
        arguments["recurrent_activation"] = "sigmoid"
    if name in ("CuDNNGRU", "GRU"):
        arguments.setdefault("reset_after", name == "CuDNNGRU")
    if isinstance(arguments.get("axis"), list) and len(arguments["axis"]) == 1:
        (arguments["axis"],) = arguments["axis"]
    return arguments


def _is_gone(name: str, key: str, value: Any) -> bool:
    """Return whether an argument is gone, and had a value that says nothing."""
    if name == "Embedding" and key == "input_dim":
        return False
    gone = {**_GONE, **_GONE_FROM.get(name, {})}
    return key in gone and (not gone[key] or value in gone[key])


def _modern_name(name: str, key: str) -> str | None:
    if key == "alpha" and name in _KEEP_ALPHA:
        return key
    if key == "theta" and name == "ThresholdedReLU":
        return "threshold"
    if key == "output_dim" and name not in _KEEP_OUTPUT_DIM:
        return "units"
    return _RENAMED.get(key, key)


def _sizes_joined(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Join the sizes that Keras 1 gave one by one: nb_row and nb_col."""
    axes = ("kernel_dim1", "kernel_dim2", "kernel_dim3")
    for names in (("nb_row", "nb_col"), axes):
        if all(key in given for key in names):
            given["kernel_size"] = [given.pop(key) for key in names]
    order = given.pop("dim_ordering", None)
    if order is not None:
        given["data_format"] = {"th": "channels_first"}.get(order, "channels_last")
    return given


def _value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping) and "class_name" in value:
        if key in ("layer", "cell", "forward_layer", "backward_layer"):
            return modern_layer(value)
        inner = value.get("config")
        if key.endswith("initializer") and isinstance(inner, Mapping):
            kept = {k: v for k, v in inner.items() if k != "dtype"}
            return {**value, "config": kept}
        return dict(value)
    if key == "cells" and isinstance(value, list):
        return [modern_layer(cell) for cell in value]
    if key == "dtype" and isinstance(value, Mapping):
        return value.get("config", {}).get("name", "float32")
    return value


def _optimizer(config: Any) -> Any:
    """Return the configuration of an optimizer without what Keras 3 dropped."""
    if isinstance(config, str):
        return config
    name = str(config["class_name"]).rpartition(">")[2]
    arguments = dict(config["config"])
    for key in ("jit_compile", "is_legacy_optimizer"):
        arguments.pop(key, None)
    if not hasattr(optimizers, name):  # one of the user's, who knows its arguments
        return {"class_name": name, "config": arguments}
    if "lr" in arguments:
        arguments["learning_rate"] = arguments.pop("lr")
    decay = arguments.pop("decay", 0.0)
    if decay and name != "Nadam":  # whose decay is that of its factors
        schedule = {
            "initial_learning_rate": arguments["learning_rate"],
            "decay_steps": 1,
            "decay_rate": decay,
        }
        arguments["learning_rate"] = {
            "module": "keras.optimizers.schedules",
            "class_name": "InverseTimeDecay",
            "config": schedule,
        }
    if arguments.get("epsilon", 1) is None:
        arguments["epsilon"] = 1e-7
    arguments.pop("schedule_decay", None)
    return {"class_name": name, "config": arguments}


def _loss(described: Any) -> Any:
    if isinstance(described, Mapping) and isinstance(described.get("config"), Mapping):
        inner = dict(described["config"])
        if inner.get("reduction") == "auto":
            inner["reduction"] = "sum_over_batch_size"
        inner.pop("fn", None)
        return {**described, "config": inner}
    return described


def _metric(described: Any) -> Any:
    if not isinstance(described, Mapping):
        return described
    inner = described.get("config") or {}
    if described.get("class_name") in (
        "MeanMetricWrapper",
        "SumOverBatchSizeMetricWrapper",
    ):
        return _wrapped(inner)
    return described


def _wrapped(inner: Mapping[str, Any]) -> Any:
    """Return the metric of a function, whose name a user gave or Keras shortened."""
    name, function = inner.get("name"), inner.get("fn")
    if name in ("accuracy", "acc") or function is None:
        return name
    if name in (None, function) or not isinstance(function, str):
        return function
    by_name = {"class_name": "function", "config": function}
    return {"class_name": "MeanMetricWrapper", "config": {**inner, "fn": by_name}}


def _mapped(function: Any, structure: Any) -> Any:
    if isinstance(structure, Mapping) and "class_name" not in structure:
        return {key: _mapped(function, part) for key, part in structure.items()}
    if isinstance(structure, list):
        return [_mapped(function, part) for part in structure]
    return None if structure is None else function(structure)
