"""Older arguments of layers."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.compat import dialect
from keratorch.compat.layers import dropped_words
from keratorch.compat.layers.argument_changes import (
    counting,
    dims_by_place,
    dropping_nothing,
    halving,
    in_turn,
    several_hot,
    shape_first,
)
from keratorch.compat.layers.convolution_arguments import (
    RANKS,
    is_size,
    kernel_of_ints,
    ordering_by_place,
    padding_of_ends,
    padding_of_sides,
    two_initializers,
)
from keratorch.compat.layers.older_orders import named
from keratorch.compat.layers.told_outputs import give_output_shape
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
    """Return an initializer of today for ``f(shape, name=None)``, as in Keras 1.

    In Keras 0 it was ``f(shape)``.
    """
    known = inspect.signature(value).parameters if inspect.isroutine(value) else {}
    named = "name" in known and "dtype" not in known
    if not named and list(known) != ["shape"]:
        return value

    @functools.wraps(value)
    def today(shape: Any, dtype: Any = None) -> np.ndarray:
        drawn = value(shape, name=None) if named else value(shape)
        return np.asarray(graph.plain(drawn), dtype)

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
        layer.__dict__.pop("build", None)
        # Keras 0 took as many as were given: W alone left b as it was.
        left = layer.get_weights()[len(weights) :] if dialect.is_before_1() else []
        layer.set_weights([*weights, *left])

    layer.build = build_with_weights


def _batches_first(layer: Any, time_major: bool) -> None:
    """Refuse sequences whose first axis is time."""
    if time_major:
        raise NotImplementedError(
            f"{type(layer).__name__}(time_major=True): batches come first here. Leave "
            "it out, and swap the first two axes of the inputs and of the outputs: "
            "tf.transpose(x, [1, 0, 2])."
        )


def _border(ignored: bool) -> str:
    """Return the padding of windows that leave the rest at an end out, or refuse."""
    if not ignored:
        raise ValueError(
            "ignore_border=False was Theano's: a last window of what is left. Use "
            "padding='same'."
        )
    return "valid"


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
    "stack_size": Left("follows from the inputs"),
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
_TRANSPOSED: Table = {"output_shape": Afterwards(give_output_shape, "output_padding")}
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
    "poolsize": Renamed("pool_size"),
    "ignore_border": Renamed("padding", _border),
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
    "time_major": Afterwards(_batches_first, "tf.transpose(x, [1, 0, 2]) before it"),
    "truncate_gradient": Left("cut the gradient off; it comes from all steps here"),
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
    "dropout": Afterwards(dropped_words.drop, "SpatialDropout1D(rate) behind it"),
    "sparse": Left("chose between programs of one result"),
}
_RATE: Table = {"p": Renamed("rate")}
_LAYOUT: Table = {"dim_ordering": Renamed("data_format", LAYOUT)}

_MASKED = Left("is so in any case: what is masked is 0")
#: Layer -> its older arguments.
LAYERS: dict[str, Table] = {
    "Layer": EVERY_LAYER,
    "Dense": _DENSE,
    "EinsumDense": _WEIGHTS,
    "Conv1D": _CONV_1D,
    "Conv2D": _CONV_2D,
    "Conv3D": _CONV_3D,
    "Conv1DTranspose": _CONV_1D,
    "Conv2DTranspose": {**_CONV_2D, **_TRANSPOSED},
    "Conv3DTranspose": {**_CONV_3D, **_TRANSPOSED},
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
    "Reshape": {"dims": Renamed("target_shape")},
    "ZeroPadding1D": {},
    "ZeroPadding2D": _LAYOUT,
    "ZeroPadding3D": _LAYOUT,
    "Cropping2D": _LAYOUT,
    "Cropping3D": _LAYOUT,
    "Flatten": _LAYOUT,
    "RNN": {"time_major": _RECURRENT["time_major"]},
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
    "MultiHeadAttention": {"softmax_robust_masking": _MASKED},
    "Softmax": {"robust_masking": _MASKED},
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
        if layer in _UNITS and len(args) >= 2 and is_size(args[1]):
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
    older = dialect.has_keras_1() or dialect.is_keras_before_2_4()
    return older and kwargs.keys().isdisjoint(new)


_CONVOLUTIONS = [
    f"{kind}{n}D{end}"
    for kind, end in (("Conv", ""), ("Conv", "Transpose"), ("SeparableConv", ""))
    for n in (1, 2, 3)
]
_ORDERS.update(
    {
        **dict.fromkeys([*_UNITS], counting("units", "output_dim")),
        **dict.fromkeys(_CONVOLUTIONS, counting("filters", "nb_filter")),
        "SeparableConv2D": in_turn(counting("filters", "nb_filter"), two_initializers),
        "ZeroPadding1D": padding_of_ends,
        "ZeroPadding2D": padding_of_sides,
        **{f"MaxPooling{n}D": ordering_by_place for n in (1, 2, 3)},
        **{
            f"AveragePooling{n}D": in_turn(ordering_by_place, halving)
            for n in (1, 2, 3)
        },
        "BatchNormalization": shape_first("BatchNormalization"),
        "PReLU": shape_first("PReLU"),
        "Reshape": dims_by_place,
        "Dropout": dropping_nothing,
        "CategoryEncoding": several_hot,
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
