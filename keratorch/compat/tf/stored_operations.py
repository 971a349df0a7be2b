"""TensorFlow's functions that models in the files of Keras 2 hold as layers.

They compute numbers from numbers: nothing here reads, writes or draws.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keratorch.compat.resolving import resolve
from keratorch.compat.tf import lookup, plain
from keratorch.compat.tf.eager.signatures import EAGER_FUNCTIONS
from keratorch.compat.tf.signatures import FUNCTIONS

#: A model in a file calls them on its symbols, of which they make steps.
MAKES_STEPS = True

_ROOMS = ("math.", "linalg.")
#: These draw, or make as many numbers as they are told to.
_LEFT_OUT = (
    *("random", "nn.dropout", "bincount", "confusion_matrix", "constant", "dynamic"),
    *("scatter_nd", "sequence_mask", "signal", "unsorted_segment"),
)
_ACTIVATIONS = (
    *("elu", "relu", "relu6", "selu", "sigmoid", "silu", "softplus", "softsign"),
    *("swish", "tanh"),
)
_IMAGES = (
    *("adjust_brightness", "adjust_contrast", "adjust_gamma", "central_crop"),
    *("crop_to_bounding_box", "flip_left_right", "flip_up_down", "grayscale_to_rgb"),
    *("per_image_standardization", "resize", "rgb_to_grayscale", "rot90"),
    *("sobel_edges", "transpose"),
)
#: What TensorFlow writes besides, and means nothing where it has these values.
_SAYING_NOTHING = {
    "bad_indices_policy": "",
    "conjugate": False,
    "use_cudnn_on_gpu": True,
}


def _item(x: Any, slice_spec: Any) -> Any:
    """Return x[slice_spec]; JSON has lists where Python has tuples."""
    return x[tuple(slice_spec) if isinstance(slice_spec, list) else slice_spec]


_GET_ITEM = "__operators__.getitem"
_FLATTEN = "keras.backend.batch_flatten"
_OPERATORS = {
    "__operators__.add": "add",
    "__operators__.eq": "equal",
    "__operators__.ne": "not_equal",
}


class _Steps(Mapping[str, Callable[..., Any]]):
    """The functions by their paths below `tf`, those of TensorFlow 1 included."""

    def __getitem__(self, path: str) -> Callable[..., Any]:
        known = _known(path)
        if known is None:
            raise KeyError(path)
        return _item if known == _GET_ITEM else _function(known)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_FUNCTIONS))

    def __len__(self) -> int:
        return len(_FUNCTIONS)


def _known(path: str) -> str | None:
    """Return the path that a function has here, None for one that is not there."""
    path = plain(_OPERATORS.get(path, path))
    for room in _ROOMS:
        path = path.removeprefix(room)
    return path if path in _FUNCTIONS else None


_FUNCTIONS = {
    _GET_ITEM,
    *(x for x in (*FUNCTIONS, *EAGER_FUNCTIONS) if not x.startswith(_LEFT_OUT)),
    *(f"nn.{name}" for name in _ACTIVATIONS),
    *(f"image.{name}" for name in _IMAGES),
    _FLATTEN,
}
STEPS = _Steps()


def _says_nothing(key: str, value: Any) -> bool:
    """Return whether an argument may be left out."""
    return key in _SAYING_NOTHING and value == _SAYING_NOTHING[key]


@functools.cache
def _function(path: str) -> Callable[..., Any]:
    """Return a function that is called as TensorFlow writes it in a file."""
    own = resolve("backend.batch_flatten") if path == _FLATTEN else None
    function = own or lookup(path)

    @functools.wraps(function)
    def called(*args: Any, name: Any = None, **kwargs: Any) -> Any:
        given = {k: x for k, x in kwargs.items() if not _says_nothing(k, x)}
        found = function(*args, **given)
        lengths = path == "shape"
        return list(found) if isinstance(found, tuple) and not lengths else found

    called.__name__ = path.rpartition(".")[2]
    return called
