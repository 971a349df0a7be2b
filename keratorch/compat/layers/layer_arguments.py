"""Older arguments of layers."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np

from keratorch import compat, graph
from keratorch.compat import dialect
from keratorch.compat.layers.convolution_arguments import (
    RANKS,
    kernel_of_ints,
    padding_of_sides,
    two_initializers,
)
from keratorch.compat.layers.older_orders import named
from keratorch.compat.spoken import say_modern
from keratorch.compat.translation import (
    Afterwards,
    Left,
    Part,
    Renamed,
    Reordering,
    Table,
)


def initializer(value: Any) -> Any:
    """Return an initializer of today for one of Keras 1: ``f(shape, name=None)``."""
    known = inspect.signature(value).parameters if inspect.isroutine(value) else {}
    if "name" not in known or "dtype" in known:
        return value

    @functools.wraps(value)
    def today(shape: Any, dtype: Any = None) -> np.ndarray:
        return np.asarray(graph.plain(value(shape, name=None)), dtype)

    return today


def _give_batch_shape(layer: Any, shape: Any) -> None:
    layer._batch_shape = tuple(shape)


def _give_batch_size(layer: Any, size: int | None) -> None:
    """Say how many samples a batch has, beside the shape of one of them."""
    if layer._batch_shape:
        layer._batch_shape = (size, *layer._batch_shape[1:])


def _give_weights(layer: Any, weights: Any) -> None:
    """Let the layer set its first weights when it is built."""
    if weights is None:
        return
    build = layer.build

    @functools.wraps(build)
    def build_with_weights(*args: Any, **kwargs: Any) -> None:
        build(*args, **kwargs)
        del layer.build
        layer.set_weights(list(weights))

    layer.build = build_with_weights


LAYOUT = {"th": "channels_first", "tf": "channels_last", "default": None}
PADDING = {"half": "same", "full": "full"}

EVERY_LAYER: Table = {
    "batch_input_shape": Afterwards(_give_batch_shape, "keras.Input(batch_shape=...)"),
    "batch_size": Afterwards(_give_batch_size, "keras.Input(batch_size=...)"),
    "input_dtype": Left("is that of keras.Input(dtype=...)"),
    "input_length": Left("follows from the data"),
    "dynamic": Left("was TensorFlow's"),
    "weights": Afterwards(_give_weights, "layer.set_weights(...) after it is built"),
}

_WEIGHTS: Table = {
    "init": Renamed("kernel_initializer", initializer),
    "W_regularizer": Renamed("kernel_regularizer"),
    "b_regularizer": Renamed("bias_regularizer"),
    "W_constraint": Renamed("kernel_constraint"),
    "b_constraint": Renamed("bias_constraint"),
    "bias": Renamed("use_bias"),
}
_DENSE: Table = {"output_dim": Renamed("units"), **_WEIGHTS}
_SPACE: Table = {
    "border_mode": Renamed("padding", PADDING),
    "dim_ordering": Renamed("data_format", LAYOUT),
}
_CONV: Table = {
    **_WEIGHTS,
    **_SPACE,
    "nb_filter": Renamed("filters"),
    "subsample": Renamed("strides"),
    "atrous_rate": Renamed("dilation_rate"),
    "filter_size": Renamed("kernel_size"),
}
_CONV_1D: Table = {
    **_CONV,
    "filter_length": Renamed("kernel_size"),
    "subsample_length": Renamed("strides"),
}
_CONV_2D: Table = {
    **_CONV,
    "nb_row": Part("kernel_size", 0),
    "nb_col": Part("kernel_size", 1),
}
_TRANSPOSED: Table = {**_CONV_2D, "output_shape": Left("follows from the input's")}
#: Keras 2 took these for every convolution, and used them for those of one kernel.
_NO_KERNEL: Table = {
    f"kernel_{what}": Left(
        f"is depthwise_{what} and pointwise_{what}; it had no effect"
    )
    for what in ("initializer", "regularizer", "constraint")
}
_CONV_3D: Table = {
    **_CONV,
    "kernel_dim1": Part("kernel_size", 0),
    "kernel_dim2": Part("kernel_size", 1),
    "kernel_dim3": Part("kernel_size", 2),
}
_LOCAL: Table = {"implementation": Left("chose between programs of one result")}
_POOL: Table = {
    **_SPACE,
    "pool_length": Renamed("pool_size"),
    "stride": Renamed("strides"),
}
_RECURRENT: Table = {
    **_DENSE,
    "inner_init": Renamed("recurrent_initializer", initializer),
    "inner_activation": Renamed("recurrent_activation"),
    "forget_bias_init": Renamed(
        "unit_forget_bias", lambda init: init in ("one", "ones")
    ),
    "U_regularizer": Renamed("recurrent_regularizer"),
    "U_constraint": Renamed("recurrent_constraint"),
    "dropout_W": Renamed("dropout"),
    "dropout_U": Renamed("recurrent_dropout"),
    "consume_less": Left("chose between programs of one result"),
    "implementation": Left("chose between programs of one result"),
    "time_major": Left("has no place: batches come first"),
}
_NORMALIZATION: Table = {
    "mode": Left("is 0: each feature by its own moments"),
    "gamma_init": Renamed("gamma_initializer", initializer),
    "beta_init": Renamed("beta_initializer", initializer),
    "fused": Left("chose between programs of one result"),
    "virtual_batch_size": Left("was TensorFlow's"),
    "adjustment": Left("was TensorFlow's"),
}
_EMBEDDING: Table = {
    "init": Renamed("embeddings_initializer", initializer),
    "W_regularizer": Renamed("embeddings_regularizer"),
    "W_constraint": Renamed("embeddings_constraint"),
    "dropout": Left(
        "is SpatialDropout1D(rate) as the next layer today; here it is left out"
    ),
}
_RATE: Table = {"p": Renamed("rate")}
_LAYOUT: Table = {"dim_ordering": Renamed("data_format", LAYOUT)}

#: Layer -> its older arguments.
LAYERS: dict[str, Table] = {
    "Layer": EVERY_LAYER,
    "Dense": _DENSE,
    "EinsumDense": _WEIGHTS,
    "Conv1D": _CONV_1D,
    "Conv2D": _CONV_2D,
    "Conv3D": _CONV_3D,
    "Conv1DTranspose": _CONV_1D,
    "Conv2DTranspose": _TRANSPOSED,
    "Conv3DTranspose": _CONV_3D,
    "SeparableConv1D": {**_CONV_1D, **_NO_KERNEL},
    "SeparableConv2D": {**_CONV_2D, **_NO_KERNEL},
    "DepthwiseConv1D": {**_CONV_1D, **_NO_KERNEL},
    "DepthwiseConv2D": {**_CONV_2D, **_NO_KERNEL},
    "ConvLSTM2D": {**_RECURRENT, **_CONV_2D},
    "LocallyConnected1D": {**_CONV_1D, **_LOCAL},
    "LocallyConnected2D": {**_CONV_2D, **_LOCAL},
    **{f"{kind}Pooling{n}D": _POOL for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{
        f"Global{kind}Pooling{n}D": _LAYOUT
        for kind in ("Max", "Average")
        for n in (1, 2, 3)
    },
    "UpSampling1D": {"length": Renamed("size")},
    "UpSampling2D": _LAYOUT,
    "UpSampling3D": _LAYOUT,
    "ZeroPadding2D": _LAYOUT,
    "ZeroPadding3D": _LAYOUT,
    "Cropping2D": _LAYOUT,
    "Cropping3D": _LAYOUT,
    "Flatten": _LAYOUT,
    "SimpleRNN": _RECURRENT,
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "SimpleRNNCell": _RECURRENT,
    "LSTMCell": _RECURRENT,
    "GRUCell": _RECURRENT,
    "BatchNormalization": _NORMALIZATION,
    "Embedding": _EMBEDDING,
    "Dropout": _RATE,
    "GaussianDropout": _RATE,
    "AlphaDropout": _RATE,
    "SpatialDropout1D": _RATE,
    "SpatialDropout2D": {**_RATE, **_LAYOUT},
    "SpatialDropout3D": {**_RATE, **_LAYOUT},
    "CategoryEncoding": {"max_tokens": Renamed("num_tokens")},
    "Discretization": {"bins": Renamed("bin_boundaries")},
    "IntegerLookup": {
        "mask_value": Renamed("mask_token"),
        "max_values": Renamed("max_tokens"),
        "oov_value": Renamed("oov_token"),
    },
    "GaussianNoise": {"sigma": Renamed("stddev")},
    "LeakyReLU": {"alpha": Renamed("negative_slope")},
    "PReLU": {"init": Renamed("alpha_initializer", initializer)},
}

#: Layers whose `input_dim` is the length of the last of two axes.
_OF_SEQUENCES = ("SimpleRNN", "LSTM", "GRU", "Conv1D", "SeparableConv1D", "Dense")
_UNITS = ("Dense", "SimpleRNN", "LSTM", "GRU")


#: Layer -> what brings its arguments into the form of today.
_ORDERS: dict[str, Reordering] = {}


def reordering(layer: str, table: Table) -> Reordering:
    """Return what brings the arguments of a layer into the order of today."""
    rank = RANKS.get(layer)
    also = _ORDERS.get(layer)

    def reorder(args: tuple, kwargs: dict[str, Any]) -> tuple:
        # Conv2D(32, 3, 3) means strides today: only what else is older tells.
        if rank is not None and _says_sizes(table, kwargs):
            args = kernel_of_ints(args, kwargs, rank)
        if layer in _UNITS and len(args) >= 2 and type(args[1]) is int:
            say_modern(f"{layer}(input_dim, units)", f"{layer}(units)")
            kwargs["input_dim"], args = args[0], args[1:]
        args = named(layer, args, kwargs)
        if layer in _OF_SEQUENCES or layer == "Embedding":
            _give_sequence_shape(layer, kwargs)
        return args if also is None else also(args, kwargs)

    return reorder


def of_object(reorder: Reordering) -> Reordering:
    """Return the same change of arguments for a method, which gets the object first."""
    return lambda args, kwargs: (args[0], *reorder(args[1:], kwargs))


def _says_sizes(table: Table, kwargs: dict[str, Any]) -> bool:
    """Return whether integers behind the filters were written as sizes of a kernel."""
    if not table.keys().isdisjoint(kwargs):
        return True
    new = ("padding", "strides", "data_format")
    return dialect.is_before_2_4() and kwargs.keys().isdisjoint(new)


def _counting(*names: str) -> Reordering:
    """Return what makes an int of a count such as ``Dense(128 / 2)``, in scripts.

    A program that says keratorch gets the error that names the argument.
    """

    def whole(args: tuple, kwargs: dict[str, Any]) -> tuple:
        if not compat._finder.serves_keras:
            return args
        for name in names:
            if isinstance(kwargs.get(name), (float, np.floating)):
                kwargs[name] = int(kwargs[name])
        if args and isinstance(args[0], (float, np.floating)):
            args = (int(args[0]), *args[1:])
        return args

    return whole


def _halving(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the windows of a pooling layer be of 2 by default, as in Keras 1 and 2."""
    if not args and kwargs.keys().isdisjoint(("pool_size", "pool_length")):
        kwargs["pool_size"] = 2
    return args


def _dropping_nothing(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Leave the shape of the noise out where the rate is 0: there is no noise."""
    given = {**dict(zip(("rate", "noise_shape"), args, strict=False)), **kwargs}
    if given.get("rate", given.get("p")) == 0:
        kwargs.pop("noise_shape", None)
        kwargs.update(zip(("seed",), args[2:], strict=False))
        return args[:1]
    return args


def _several_hot(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let 'binary' be a mode of output, which is 'multi_hot' today."""
    if kwargs.get("output_mode") == "binary":
        kwargs["output_mode"] = "multi_hot"
    return args


def _in_turn(*orders: Reordering) -> Reordering:
    """Return what brings arguments into order by one function after the other."""

    def reorder(args: tuple, kwargs: dict[str, Any]) -> tuple:
        for order in orders:
            args = order(args, kwargs)
        return args

    return reorder


_CONVOLUTIONS = [
    f"{kind}{n}D{end}"
    for kind, end in (("Conv", ""), ("Conv", "Transpose"), ("SeparableConv", ""))
    for n in (1, 2, 3)
]
_ORDERS.update(
    {
        **dict.fromkeys([*_UNITS], _counting("units", "output_dim")),
        **dict.fromkeys(_CONVOLUTIONS, _counting("filters", "nb_filter")),
        "SeparableConv2D": _in_turn(
            _counting("filters", "nb_filter"), two_initializers
        ),
        "ZeroPadding2D": padding_of_sides,
        **{f"AveragePooling{n}D": _halving for n in (1, 2, 3)},
        "Dropout": _dropping_nothing,
        "CategoryEncoding": _several_hot,
    }
)


def _give_sequence_shape(layer: str, kwargs: dict[str, Any]) -> None:
    """Replace `input_length`, with or without `input_dim`, by `input_shape`."""
    length = kwargs.get("input_length")
    if isinstance(length, (list, tuple)):
        length = length[0]
    if length is not None:
        say_modern(f"{layer}(input_length=...)", "keras.Input(shape=(length, ...))")
    if layer == "Embedding":
        if length is not None:
            kwargs.setdefault("input_shape", (length,))
    elif "input_dim" in kwargs and (layer != "Dense" or length is not None):
        kwargs["input_shape"] = (length, kwargs.pop("input_dim"))
    kwargs.pop("input_length", None)
