"""First values of weights: `get` finds an initializer by its name.

    layer = Dense(10, kernel_initializer="he_normal")
    layer = Dense(10, kernel_initializer=HeNormal(seed=1))

An initializer is called with a shape (and a dtype) and returns an ndarray.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from keratorch import graph, identifiers
from keratorch.core import GradArray
from keratorch.initializers.constant_initializers import Constant, Identity, Ones, Zeros
from keratorch.initializers.initializer import Initializer, weight_dtype
from keratorch.initializers.random_initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    Orthogonal,
    RandomInitializer,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    compute_fans,
)
from keratorch.initializers.stft import STFT
from keratorch.naming import to_snake_case

# Keras's lower-case names for the classes.
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = IdentityInitializer = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = OrthogonalInitializer = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
stft = STFTInitializer = STFT
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros

_CLASSES = (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Identity,
    LecunNormal,
    LecunUniform,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    STFT,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
)
INITIALIZERS: dict[str, type[Initializer]] = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
    "IdentityInitializer": Identity,
    "OrthogonalInitializer": Orthogonal,
    "STFTInitializer": STFT,
    "normal": RandomNormal,
    "one": Ones,
    "uniform": RandomUniform,
    "zero": Zeros,
}


def get(identifier: Any) -> Any:
    """Return the initializer that a name, class, configuration or array stands for.

    Parameters
    ----------
    identifier : str such as 'he_normal', an initializer, its class, its configuration,
        a function ``f(shape, dtype=None)``, an array with the values, or None.

    Returns
    -------
    An initializer or a function; None for None.

    Raises
    ------
    ValueError : a name or an object that stands for no initializer.

    Examples
    --------
    >>> get("zeros")
    Zeros()
    """
    if isinstance(identifier, (np.ndarray, np.generic, GradArray)):
        return _values(np.array(graph.plain(identifier)))
    return identifiers.resolve(identifier, INITIALIZERS, "initializer")


def serialize(initializer: Initializer | None) -> dict[str, Any] | None:
    """Return the configuration from which `deserialize` makes it; None for None."""
    if initializer is None:
        return None
    return identifiers.serialize(initializer, "keras.initializers")


def deserialize(
    config: dict[str, Any],
    custom_objects: Mapping[str, type[Initializer]] | None = None,
) -> Initializer:
    """Return the initializer that a configuration describes.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'.
    custom_objects : dict from names to classes that are found as well.

    Raises
    ------
    ValueError : no initializer of this name.
    """
    known = {**INITIALIZERS, **(custom_objects or {})}
    return identifiers.from_config(config, known, "initializer")


def _values(array: np.ndarray | np.generic) -> Callable[..., np.ndarray]:
    def given_values(shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        if tuple(shape) != array.shape:
            raise ValueError(
                f"the weight has shape {tuple(shape)}; the array given as its "
                f"initializer has shape {array.shape}."
            )
        return np.array(array, weight_dtype(dtype))

    return given_values


__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "INITIALIZERS",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFT",
    "STFTInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]
