"""Layers that Keras had under other names or with other arguments."""

from __future__ import annotations

from typing import Any

from keratorch.compat.layers.convolution_arguments import kernel_of_ints
from keratorch.compat.spoken import say_modern
from keratorch.layers import (
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    ReLU,
    SeparableConv2D,
)
from keratorch.layers.convolution import Convolution
from keratorch.layers.convolution_transpose import ConvolutionTranspose
from keratorch.layers.global_pooling import GlobalPooling
from keratorch.layers.pooling import Pooling


class _Modern(type):
    """The type of a class whose objects are those of its modern class."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "modern" not in vars(cls):  # a user's subclass
            return super().__call__(*args, **kwargs)
        args = kernel_of_ints(args, kwargs, cls.rank)  # type: ignore[attr-defined]
        return cls.modern(*args, **kwargs)  # type: ignore[attr-defined]

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, vars(cls).get("modern", cls.__mro__[1]))


def _older(name: str, modern: type, rank: int) -> Any:
    """Return a class of Keras 1, made as Name(filters, rows, columns)."""
    contents = {"modern": modern, "rank": rank, "__doc__": modern.__doc__}
    return _Modern(name, (modern,), {**contents, "__module__": __name__})


Convolution1D = _older("Convolution1D", Conv1D, 1)
Convolution2D = _older("Convolution2D", Conv2D, 2)
Convolution3D = _older("Convolution3D", Conv3D, 3)
Deconvolution2D = _older("Deconvolution2D", Conv2DTranspose, 2)
SeparableConvolution2D = _older("SeparableConvolution2D", SeparableConv2D, 2)


def ThresholdedReLU(theta: float = 1.0, **kwargs: Any) -> ReLU:  # noqa: N802
    """Return the layer max(x, 0) where x > theta, 0 elsewhere."""
    say_modern("ThresholdedReLU(theta)", "ReLU(threshold=theta)")
    return ReLU(threshold=theta, **kwargs)


def _ranked(base: Any, name: str) -> Any:
    """Return the base of convolutions whose first argument is the rank."""

    def __init__(self: Any, rank: int, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        base.__init__(self, *args, rank=rank, **kwargs)

    contents = {"__init__": __init__, "__doc__": base.__doc__, "__module__": __name__}
    return type(name, (base,), contents)


BaseConv = _ranked(Convolution, "BaseConv")
BaseConvTranspose = _ranked(ConvolutionTranspose, "BaseConvTranspose")


class _OwnPooling(Pooling):
    """The base of pooling that defines `_pooling_function`, in Keras up to 2.3."""

    def __init__(self, pool_size: Any = 2, *args: Any, **kwargs: Any):
        super().__init__(pool_size, *args, **kwargs)

    def _pool(self, *arguments: Any) -> Any:
        names = ("inputs", "pool_size", "strides", "padding", "data_format")
        return self._pooling_function(**dict(zip(names, arguments, strict=True)))

    def _pooling_function(self, **arguments: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no _pooling_function(self, inputs, pool_size, "
            "strides, padding, data_format). Define it."
        )


def _of_rank(base: Any, name: str, rank: int) -> Any:
    """Return the base of pooling over a number of axes."""
    contents = {"rank": rank, "__doc__": base.__doc__, "__module__": __name__}
    return type(name, (base,), contents)


GlobalPooling1D = _of_rank(GlobalPooling, "GlobalPooling1D", 1)
GlobalPooling2D = _of_rank(GlobalPooling, "GlobalPooling2D", 2)
GlobalPooling3D = _of_rank(GlobalPooling, "GlobalPooling3D", 3)
Pooling1D = _of_rank(_OwnPooling, "Pooling1D", 1)
Pooling2D = _of_rank(_OwnPooling, "Pooling2D", 2)
Pooling3D = _of_rank(_OwnPooling, "Pooling3D", 3)
