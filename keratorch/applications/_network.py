"""What all networks have in common: their arguments, their image, their weights.

A network's function takes what Keras's takes, and hands it to its builder as `Wanted`:
the builder begins with `begin(wanted, ...)`, computes the features, and ends with
`classified` and `finish`.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from keratorch import activations, config, layers
from keratorch.applications.imagenet_utils import obtain_input_shape
from keratorch.errors import describe
from keratorch.models import Model
from keratorch.symbolic import KerasTensor, is_symbolic
from keratorch.utils import get_source_inputs

_Function = TypeVar("_Function", bound=Callable)

ARGUMENTS = """\
Parameters
----------
include_top : bool, whether the classifier is part of the network.
weights : None for random weights, or the path of a file of weights that Keras or
    KeraTorch saved. 'imagenet', Keras's default, raises: nothing is downloaded.
input_tensor : KerasTensor to begin with, by default a new `Input`.
input_shape : (height, width, channels) of an image, channels first where
    `keratorch.config.image_data_format()` says so. Without the classifier, height and
    width may be None.
pooling : None, 'avg' or 'max': how features without the classifier are pooled.
classes : int, number of classes.
classifier_activation : str or function; None for logits.
name : str, the model's name.

Returns
-------
Model.

Raises
------
ValueError : weights that cannot be had, or an image too small for the network."""


class Wanted(NamedTuple):
    """The arguments that all networks have, and the network's own name."""

    title: str
    include_top: bool
    weights: str | os.PathLike[str] | None
    input_tensor: Any
    input_shape: Any
    pooling: str | None
    classes: int
    classifier_activation: Any
    name: str | None


def network(name: str) -> Callable[[Callable[[Wanted], Model]], Callable[..., Model]]:
    """Return a decorator: a builder of a network becomes a function as Keras has it.

    Parameters
    ----------
    name : str, the default of the argument `name`.

    Examples
    --------
    >>> @network("tiny")
    ... def Tiny(wanted):
    ...     '''Tiny: nothing but a classifier.'''
    ...     image = begin(wanted, default_size=8, min_size=1)
    ...     return finish(wanted, image, classified(wanted, image))
    >>> Tiny(weights=None, classes=5).output_shape
    (None, 5)
    """
    default_name = name

    def decorate(build: Callable[[Wanted], Model]) -> Callable[..., Model]:
        def application(
            include_top: bool = True,
            weights: str | os.PathLike[str] | None = "imagenet",
            input_tensor: Any = None,
            input_shape: Any = None,
            pooling: str | None = None,
            classes: int = 1000,
            classifier_activation: Any = "softmax",
            name: str = default_name,
        ) -> Model:
            return build(
                Wanted(
                    build.__name__,
                    include_top,
                    weights,
                    input_tensor,
                    input_shape,
                    pooling,
                    classes,
                    classifier_activation,
                    name,
                )
            )

        return named_like(build, application)

    return decorate


def named_like(
    build: Callable, application: Callable[..., Model], arguments: str = ""
) -> Callable[..., Model]:
    """Return `application` with the name and the documentation of its builder."""
    for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(application, attribute, getattr(build, attribute))
    return documented(arguments)(application)


def documented(arguments: str = "") -> Callable[[_Function], _Function]:
    """Return a decorator that adds to a docstring what the arguments are.

    Parameters
    ----------
    arguments : str, documentation of those that other networks do not have.
    """

    def decorate(function: _Function) -> _Function:
        sentence, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        own = f"{inspect.cleandoc(arguments)}\nname : str".lstrip()
        common = ARGUMENTS.replace("name : str", own)
        function.__doc__ = f"{sentence}\n\n{common}\n\n{rest}"
        return function

    return decorate


def begin(wanted: Wanted, default_size: int, min_size: int = 32) -> KerasTensor:
    """Return the image that a network begins with, after a look at all arguments.

    Parameters
    ----------
    default_size : int, height and width where `input_shape` says nothing.
    min_size : int, the smallest height and width that it can take.
    """
    check(wanted)
    return image_of(wanted, image_shape(wanted, default_size, min_size))


def image_shape(wanted: Wanted, default_size: int, min_size: int = 32) -> tuple:
    """Return the shape of an image, as wanted or as usual."""
    return obtain_input_shape(
        wanted.input_shape,
        default_size,
        min_size,
        config.image_data_format(),
        wanted.include_top,
        wanted.weights,
    )


def image_of(wanted: Wanted, shape: tuple) -> KerasTensor:
    """Return the symbolic image that was given, or a new one."""
    if wanted.input_tensor is None:
        return layers.Input(shape=shape)
    if not is_symbolic(wanted.input_tensor):
        raise ValueError(
            f"{wanted.title}: input_tensor must be a symbolic array, such as "
            f"keratorch.Input(shape={shape}); received "
            f"{describe(wanted.input_tensor)}."
        )
    return wanted.input_tensor


def check(wanted: Wanted) -> None:
    """Raise a ValueError for weights, pooling or an activation that cannot be had."""
    title, weights = wanted.title, wanted.weights
    if weights == "imagenet":
        raise ValueError(
            f"{title}: weights='imagenet', the default, cannot be had: KeraTorch "
            f"downloads no pretrained weights. Write {title}(weights=None) for random "
            "ones, or weights='path.weights.h5', a file of them that Keras saved. "
            f"Where Keras 3 is installed, keras.applications.{title}()"
            ".save('file.keras') writes the whole pretrained network, and "
            "keratorch.models.load_model('file.keras') reads it."
        )
    if not (weights is None or _is_file(weights)):
        raise ValueError(
            f"{title}: weights must be None or the path of a file of weights, and "
            f"there is no file {weights!r}."
        )
    if not wanted.include_top and wanted.pooling not in (None, "avg", "max"):
        raise ValueError(
            f"{title}: pooling must be None, 'avg' or 'max'; received "
            f"{wanted.pooling!r}."
        )
    function = wanted.classifier_activation
    if weights is not None and wanted.include_top and not _is_usual(function):
        raise ValueError(
            f"{title}: with weights from a file, classifier_activation must be "
            f"'softmax' or None; received {function!r}. Load them with None, and add "
            "an Activation layer."
        )


def _is_file(path: Any) -> bool:
    return isinstance(path, (str, os.PathLike)) and os.path.isfile(path)


def _is_usual(function: Any) -> bool:
    usual = [activations.get("softmax"), activations.get(None)]
    return activations.get(function) in usual


def channel_axis(last: int = 3) -> int:
    """Return the axis of the channels; where they are the last ones, `last`."""
    return last if config.image_data_format() == "channels_last" else 1


def channels_of(x: KerasTensor) -> int:
    """Return the number of channels of an image."""
    channels: Any = x.shape[channel_axis()]
    return channels


def channels_last_only(title: str) -> None:
    """Raise a ValueError if images have their channels first."""
    if config.image_data_format() != "channels_last":
        raise ValueError(
            f"{title} takes images with channels last only. Call "
            "keratorch.config.set_image_data_format('channels_last')."
        )


def classified(
    wanted: Wanted,
    x: KerasTensor,
    avg: str | None = "avg_pool",
    max: str | None = "max_pool",
    avg_alone: str | None = "avg_pool",
) -> KerasTensor:
    """Return the classes of pooled features, or the features as `pooling` wants them.

    Parameters
    ----------
    avg, max, avg_alone : str or None, the names of the pooling layers: before the
        classifier, and without it.
    """
    if not wanted.include_top:
        return pooled(wanted, x, avg_alone, max)
    x = layers.GlobalAveragePooling2D(name=avg)(x)
    return predictions(wanted, x)


def predictions(wanted: Wanted, x: KerasTensor, **options: Any) -> KerasTensor:
    """Return the probabilities of the classes, by a Dense layer 'predictions'."""
    return layers.Dense(
        wanted.classes,
        activation=wanted.classifier_activation,
        name="predictions",
        **options,
    )(x)


def pooled(
    wanted: Wanted, x: KerasTensor, avg: str | None = None, max: str | None = None
) -> KerasTensor:
    """Return features averaged, or their maxima, over height and width; or as is."""
    if wanted.pooling == "avg":
        return layers.GlobalAveragePooling2D(name=avg)(x)
    if wanted.pooling == "max":
        return layers.GlobalMaxPooling2D(name=max)(x)
    return x


def finish(wanted: Wanted, image: KerasTensor, outputs: KerasTensor) -> Model:
    """Return the model from the image to the outputs, with the weights of the file."""
    inputs: Any = image
    if wanted.input_tensor is not None:
        inputs = get_source_inputs(wanted.input_tensor)
    model = Model(inputs, outputs, name=wanted.name)
    if wanted.weights is not None:
        model.load_weights(wanted.weights)
    return model
