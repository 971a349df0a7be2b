"""Images as networks for ImageNet want them, and the names of its 1,000 classes."""

from __future__ import annotations

import functools
import json
import warnings
from typing import Any

import numpy as np

from keratorch import config, lazy
from keratorch.core import GradArray
from keratorch.symbolic import is_symbolic

__all__ = ["decode_predictions", "preprocess_input"]

# Networks are built without a download.
downloads: Any = lazy.Postponed("keratorch.utils.downloads")

_CLASS_INDEX = {
    "address": "https://storage.googleapis.com/download.tensorflow.org/data/"
    "imagenet_class_index.json",
    "digest": "c2c37ea517e94d9795004a39431a14cb",
    "max_bytes": 200_000,
    "algorithm": "md5",
}
_CLASSES = 1000
_MEANS = {"caffe": (103.939, 116.779, 123.68), "torch": (0.485, 0.456, 0.406)}
_DEVIATIONS = (0.229, 0.224, 0.225)


def preprocess_input(
    x: Any, data_format: str | None = None, mode: str = "caffe"
) -> Any:
    """Return images of 0..255 in the range that networks for ImageNet are trained on.

    'tf':    x / 127.5 - 1
    'torch': (x / 255 - mean) / deviation, per channel
    'caffe': x - mean, per channel, with red and blue exchanged

    Parameters
    ----------
    x : images with 3 channels, one or a batch. As in Keras, an ndarray of floats is
        overwritten: pass a copy to keep it. GradArrays and symbolic arrays stay.
    data_format : 'channels_last' or 'channels_first', by default what
        `keratorch.config.image_data_format` says.
    mode : 'caffe', 'tf' or 'torch'.

    Returns
    -------
    Array of the same shape, of floats.

    Raises
    ------
    ValueError : another mode or data format, or no 3 channels.

    Examples
    --------
    >>> import numpy as np
    >>> preprocess_input(np.array([[[0, 255, 51]]]), mode="tf")
    array([[[-1. ,  1. , -0.6]]], dtype=float32)
    """
    if mode not in ("caffe", "tf", "torch"):
        raise ValueError(
            "preprocess_input: mode must be 'caffe', 'tf' or 'torch'; received "
            f"{mode!r}."
        )
    known = is_symbolic(x) or isinstance(x, GradArray)
    x = x if known else np.asarray(x)
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(config.floatx())
    axis = _channel_axis(x.ndim, data_format)
    if mode != "tf" and x.shape[axis] != 3:
        raise ValueError(
            f"preprocess_input: mode {mode!r} is for images with 3 channels; received "
            f"shape {x.shape}. Repeat a grey channel, as np.repeat(x, 3, axis=-1) does."
        )
    if known:
        return _preprocessed(x, axis, mode)
    return _overwritten(x if x.flags.writeable else x.copy(), axis, mode)


def decode_predictions(preds: Any, top: int = 5) -> list[list[tuple[str, str, Any]]]:
    """Return the likeliest classes of ImageNet for each prediction, best first.

    The names are read from ``models/imagenet_class_index.json`` in the cache folder
    (``KERAS_HOME`` or ``~/.keras``), which is downloaded (35 KB) if it is not there.

    Parameters
    ----------
    preds : (batch, 1000), scores.
    top : int > 0, how many classes.

    Returns
    -------
    List of lists of tuples: WordNet's identifier, name, score.

    Raises
    ------
    ValueError : another shape, or no class is wanted.
    ConnectionError : the file is not in the cache and cannot be downloaded.

    Examples
    --------
    >>> import numpy as np
    >>> decode_predictions(np.eye(1000)[:1], top=1)  # doctest: +SKIP
    [[('n01440764', 'tench', 1.0)]]
    """
    shape = np.shape(preds)
    if len(shape) != 2 or shape[1] != _CLASSES:
        raise ValueError(
            "decode_predictions: preds must be scores of ImageNet's classes, of shape "
            f"(batch, {_CLASSES}); received shape {shape}. Name classes of your own "
            "by preds.argmax(axis=1)."
        )
    if top < 1:
        raise ValueError(f"decode_predictions: top must be at least 1; received {top}.")
    names = _class_index()
    scores = preds.numpy() if isinstance(preds, GradArray) else np.asarray(preds)
    return [
        [(*names[str(i)], row[i]) for i in row.argsort()[-top:][::-1]] for row in scores
    ]


@functools.lru_cache(maxsize=1)
def _class_index() -> dict[str, list[str]]:
    """Return the identifier and the name of each class, by its number as text."""
    path = downloads.cached_path("imagenet_class_index.json", "models")
    remote = downloads.RemoteFile(**_CLASS_INDEX)
    file = downloads.fetch_verified(remote, path)
    return json.loads(file.read_text(encoding="utf-8"))


def _channel_axis(ndim: int, data_format: str | None) -> int:
    data_format = data_format or config.image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(
            "preprocess_input: data_format must be 'channels_first' or "
            f"'channels_last'; received {data_format!r}."
        )
    if data_format == "channels_last":
        return ndim - 1
    return 0 if ndim == 3 else 1


def _overwritten(x: np.ndarray, axis: int, mode: str) -> np.ndarray:
    if mode == "tf":
        x /= 127.5
        x -= 1.0
        return x
    if mode == "torch":
        x /= 255.0
    else:
        x = np.flip(x, axis)
    x -= _along(_MEANS[mode], axis, x)
    if mode == "torch":
        x /= _along(_DEVIATIONS, axis, x)
    return x


def _preprocessed(x: Any, axis: int, mode: str) -> Any:
    if mode == "tf":
        return x / 127.5 - 1.0
    if mode == "torch":
        scaled = x / 255.0 + -_along(_MEANS[mode], axis, x)
        return scaled / _along(_DEVIATIONS, axis, x)
    before = (...,) if axis == x.ndim - 1 else (slice(None),) * axis
    x = np.stack([x[(*before, i)] for i in (2, 1, 0)], axis=axis)
    return x + -_along(_MEANS[mode], axis, x)


def _along(values: tuple[float, ...], axis: int, x: Any) -> np.ndarray:
    """Return one value a channel, in a shape to compute with `x`."""
    shape = [1] * x.ndim
    shape[axis] = len(values)
    return np.array(values, x.dtype).reshape(shape)


def obtain_input_shape(
    input_shape: Any,
    default_size: int,
    min_size: int,
    data_format: str | None,
    require_flatten: bool,
    weights: Any = None,
) -> tuple[int | None, ...]:
    """Return the shape of an image for a network, as given or as usual.

    Parameters
    ----------
    input_shape : (height, width, channels), channels first with that `data_format`;
        or None.
    default_size : int, the usual height and width.
    min_size : int, the smallest height and width.
    data_format : 'channels_last' or 'channels_first'; None: as in the settings.
    require_flatten : bool, whether height and width must be known.
    weights : 'imagenet' for pretrained weights, which want 3 channels, and with
        `require_flatten` the usual size.

    Raises
    ------
    ValueError : a shape that the network cannot take.

    Examples
    --------
    >>> obtain_input_shape(None, 224, 32, "channels_last", require_flatten=True)
    (224, 224, 3)
    >>> obtain_input_shape(None, 224, 32, "channels_last", require_flatten=False)
    (None, None, 3)
    """
    data_format = data_format or config.image_data_format()
    if not input_shape:
        size = default_size if require_flatten else None
        return _ordered(size, size, 3, data_format)
    shape = tuple(input_shape)
    if len(shape) != 3:
        raise ValueError(
            "input_shape must be the height, width and channels of one image, such as "
            f"(224, 224, 3); received {shape}."
        )
    channels = shape[-1 if data_format == "channels_last" else 0]
    sizes = shape[:2] if data_format == "channels_last" else shape[1:]
    if any(size is not None and size < min_size for size in sizes):
        raise ValueError(
            f"input_shape: height and width must be at least {min_size} for this "
            f"network; received {shape}. Enlarge the images, for instance with a "
            "Resizing layer."
        )
    if require_flatten and None in shape:
        raise ValueError(
            "input_shape: with include_top=True height and width must be numbers; "
            f"received {shape}."
        )
    usual = _ordered(default_size, default_size, 3, data_format)
    if weights == "imagenet":
        if channels != 3 or (require_flatten and shape != usual):
            raise ValueError(
                f"input_shape: weights='imagenet' are for images of shape {usual}; "
                f"received {shape}."
            )
    elif channels not in (1, 3):
        warnings.warn(
            "This network usually has images with 1 or 3 channels; input_shape is "
            f"{shape}, in the format {data_format!r}.",
            stacklevel=2,
        )
    return shape


def _ordered(
    height: int | None, width: int | None, channels: int, data_format: str
) -> tuple[int | None, ...]:
    if data_format == "channels_last":
        return height, width, channels
    return channels, height, width


def correct_pad(inputs: Any, kernel_size: int) -> tuple[tuple[int, int], ...]:
    """Return the padding before a convolution of stride 2, for each side.

    With it an unpadded convolution computes what 'same' padding does in TensorFlow.

    Examples
    --------
    >>> import keratorch as keras
    >>> correct_pad(keras.Input((32, 33, 3)), 3)
    ((0, 1), (1, 1))
    """
    first = 1 if config.image_data_format() == "channels_last" else 2
    height, width = inputs.shape[first : first + 2]
    even = (1, 1) if height is None else (1 - height % 2, 1 - width % 2)
    half = kernel_size // 2
    return (half - even[0], half), (half - even[1], half)
