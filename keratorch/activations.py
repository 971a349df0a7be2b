"""Activations: functions of a layer's output, by their Keras names.

    layer = Dense(10, activation="relu")

They are those of `keratorch.ops`, where their formulas stand, with Keras's defaults.
`ACTIVATIONS` lists them all; `get` finds one by its name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch import identifiers, lazy, ops
from keratorch.custom_objects import known_objects
from keratorch.errors import suggest
from keratorch.grads.trigonometric import TanhGrad
from keratorch.ops import (
    celu,
    elu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    mish,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_shrink,
    softmax,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    tanh_shrink,
    threshold,
)
from keratorch.ops.arrays import as_floats
from keratorch.symbolic import lifted

_layers: Any = lazy.Postponed("keratorch.layers")  # which need activations

hard_swish = hard_silu
swish = silu


@lifted
def relu(
    x: Any,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Any:
    """max(x, 0), or a variant of it.

    x where threshold < x, at most max_value; else negative_slope * (x - threshold).

    Parameters
    ----------
    x : array_like.
    negative_slope : float, the slope below the threshold.
    max_value : float, the largest value, or None for no limit.
    threshold : float, below which values are damped.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.relu([-2.0, 1.0, 9.0]).numpy()
    array([0., 1., 9.], dtype=float32)
    >>> activations.relu([-2.0, 1.0, 9.0], negative_slope=0.5, max_value=6).numpy()
    array([-1.,  1.,  6.], dtype=float32)
    """
    if negative_slope == 0 and max_value is None and threshold == 0:
        return ops.relu(x)
    x = as_floats(x)
    out = ops.relu(x) if threshold == 0 else np.where(x > threshold, x, 0)
    if max_value is not None:
        out = np.clip(out, 0, max_value)
    if negative_slope != 0:
        out = out - negative_slope * ops.relu(threshold - x)
    return out


@lifted
def gelu(x: Any, approximate: bool = False) -> Any:
    """x * P(X <= x) for a standard normal X; see `keratorch.ops.gelu`.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.gelu([-1.0, 2.0]).numpy().round(4)
    array([-0.1587,  1.9545], dtype=float32)
    """
    return ops.gelu(x, approximate)


@lifted
def tanh(x: Any) -> Any:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)).

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.tanh([0.0, 1.0]).numpy().round(4)
    array([0.    , 0.7616], dtype=float32)
    """
    return TanhGrad.apply(as_floats(x))


@lifted
def exponential(x: Any) -> Any:
    """exp(x).

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.exponential([0.0, 1.0]).numpy().round(4)
    array([1.    , 2.7183], dtype=float32)
    """
    return np.exp(as_floats(x))


@lifted
def linear(x: Any) -> Any:
    """x itself, as it came.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.linear(3.0)
    3.0
    """
    return x


ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "celu": celu,
    "elu": elu,
    "exponential": exponential,
    "gelu": gelu,
    "glu": glu,
    "hard_shrink": hard_shrink,
    "hard_sigmoid": hard_sigmoid,
    "hard_silu": hard_silu,
    "hard_swish": hard_swish,
    "hard_tanh": hard_tanh,
    "leaky_relu": leaky_relu,
    "linear": linear,
    "log_sigmoid": log_sigmoid,
    "log_softmax": log_softmax,
    "mish": mish,
    "relu": relu,
    "relu6": relu6,
    "selu": selu,
    "sigmoid": sigmoid,
    "silu": silu,
    "soft_shrink": soft_shrink,
    "softmax": softmax,
    "softplus": softplus,
    "softsign": softsign,
    "sparse_plus": sparse_plus,
    "sparse_sigmoid": sparse_sigmoid,
    "sparsemax": sparsemax,
    "squareplus": squareplus,
    "swish": swish,
    "tanh": tanh,
    "tanh_shrink": tanh_shrink,
    "threshold": threshold,
}

#: Layers that serve as activations: ``Dense(3, activation=LeakyReLU(0.1))``.
_LAYERS = ("Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")


def get(identifier: Any) -> Callable[..., Any]:
    """Return the activation that a name, configuration or function stands for.

    Parameters
    ----------
    identifier : str such as 'relu', a function or other callable, what `serialize`
        returned, or None for `linear`.

    Raises
    ------
    ValueError : a name, or an object, that stands for no activation.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.get("relu") is activations.relu
    True
    """
    if identifier is None:
        return linear
    if isinstance(identifier, (str, Mapping)):
        return deserialize(identifier)
    if inspect.isclass(identifier):
        raise ValueError(
            f"activation must be a function; received the class {identifier.__name__}. "
            f"Pass an instance such as {identifier.__name__}(), or for a Grad "
            f"{identifier.__name__}.apply."
        )
    if callable(identifier):
        return identifier
    raise ValueError(
        "activation must be a name or a function; received a "
        f"{type(identifier).__name__}. {suggest(identifier, ACTIVATIONS)}"
    )


def serialize(activation: Any) -> Any:
    """Describe an activation, ready for JSON: by its name where it is one of Keras's.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.serialize(activations.relu)
    'relu'
    """
    name = getattr(activation, "__name__", None)
    if ACTIVATIONS.get(str(name)) is activation:
        return name
    if hasattr(activation, "get_config"):
        room = "layers" if isinstance(activation, _layers.Layer) else "activations"
        return identifiers.serialize(activation, f"keras.{room}")
    if name is None:
        raise ValueError(
            f"activation {type(activation).__name__} has neither a name nor "
            "get_config(), so no configuration can describe it. Use a function."
        )
    return identifiers.describe_function(activation)


def deserialize(
    config: str | Mapping[str, Any],
    custom_objects: Mapping[str, Callable[..., Any]] | None = None,
) -> Callable[..., Any]:
    """Return the activation that `serialize` described.

    Parameters
    ----------
    config : str, or dict with 'class_name' "function" and the name as 'config', or
        with the class and configuration of a layer such as `LeakyReLU`.
    custom_objects : dict from names to functions and classes that are found as well.

    Raises
    ------
    ValueError : no activation of this name.

    Examples
    --------
    >>> from keratorch import activations
    >>> activations.deserialize("mish") is activations.mish
    True
    """
    known = known_objects(ACTIVATIONS, custom_objects)
    name: Any = config
    if isinstance(config, Mapping):
        name = config.get("class_name")
        if name in _LAYERS:
            return _layers.deserialize(config, custom_objects)
        if name != "function":
            return identifiers.from_config(config, known, "activation")
        name = config.get("config")
    if name not in known:
        raise ValueError(f"unknown activation {name!r}. {suggest(name, known)}")
    return known[name]
