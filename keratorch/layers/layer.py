"""Layer: a computation with weights."""

from __future__ import annotations

import functools
import inspect
import numbers
import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import constraints, initializers, regularizers
from keratorch.dtypes import is_float_dtype, standardize_dtype
from keratorch.errors import ArgumentError, suggest
from keratorch.layers.calling import IsCalled
from keratorch.layers.calls import (
    Call,
    Signature,
    building,
    current_call,
    map_shapes,
    shape_of,
)
from keratorch.layers.description import IsDescribed
from keratorch.layers.precision import HasPrecision
from keratorch.layers.rematerialization import remat_scopes
from keratorch.layers.stateless import IsFunction
from keratorch.layers.steps import IsStep
from keratorch.layers.trial import build_by_trying, state_kept
from keratorch.layers.weights import HoldsWeights
from keratorch.naming import auto_name
from keratorch.nested import flatten
from keratorch.symbolic import KerasTensor, Node, infer
from keratorch.variable import Variable


class Layer(IsCalled, IsStep, IsFunction, IsDescribed, HasPrecision, HoldsWeights):
    """The base of all layers: weights, and a `call` that uses them.

    A subclass defines ``__init__`` (its configuration), ``build(input_shape)`` (its
    weights, when the shape of the input is first known) and ``call(inputs)``.

    Parameters
    ----------
    activity_regularizer : regularizer of the output, averaged over the batch.
    trainable : bool, whether the weights are trained.
    dtype : str, float type of weights and inputs; by default that of
        `keratorch.config`. A layer of your own may have a type of integers.
    autocast : bool, whether inputs of another float type are cast to it.
    name : str, by default the class name, numbered.
    input_shape : tuple, the shape of one sample, for the first layer of a model; or
        input_dim : int, its length. `keratorch.Input` is the modern way.

    Raises
    ------
    ArgumentError : an argument that the layer does not know: a `TypeError` and a
        `ValueError`.
    ValueError : `trainable` is no bool, `dtype` no type of numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Layer
    >>> class Scale(Layer):
    ...     def build(self, input_shape):
    ...         self.scale = self.add_weight(name="scale", shape=input_shape[-1:])
    ...     def call(self, inputs):
    ...         return inputs * self.scale
    >>> Scale()(np.ones((2, 3))).shape
    (2, 3)
    """

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ):
        self.name = _checked_name(name) or auto_name(type(self).__name__)
        self._begin_precision(dtype, autocast)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.built = False
        self._batch_shape = _first_shape(kwargs)
        if kwargs:
            known = _parameters(type(self).__init__)
            raise ArgumentError(
                f"{type(self).__name__} does not know the argument "
                f"{', '.join(map(repr, kwargs))}. "
                f"{suggest(next(iter(kwargs)), known)}"
            )
        self._trainable = _checked_bool(trainable)
        self._trains: bool | None = None
        self._built_shape: Any = None
        self._nodes: list[Node] = []
        self._call_losses: list[Any] = []
        self._losses_of: Call | None = None
        for scope in remat_scopes.get()[-1:]:
            scope.mark(self)

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "call" in vars(cls) and "couples_samples" not in vars(cls):
            cls.couples_samples = True
        cls._signature = Signature(cls.call, cls.build)
        cls._makes_mask = cls.compute_mask is not Layer.compute_mask
        cls._tells_shape = cls.compute_output_shape is not Layer.compute_output_shape
        cls._describes_itself = (
            cls.get_config is Layer.get_config and cls.__init__ is not Layer.__init__
        )
        if "build" in vars(cls):
            cls.build = _marking_built(cls.build)  # type: ignore[method-assign]

    _path = ""  # known once it is built
    _is_building = False

    # What a subclass defines

    #: Whether the output of a sample may depend on other samples, or a call change the
    #: layer. Where False, training may cut a batch into micro-batches.
    couples_samples: Any = True

    def build(self, input_shape: Any) -> None:
        """Make the weights, for inputs of a shape with None for the batch.

        Where ``call`` takes several arrays, ``build(query_shape, value_shape)`` gets
        the shape of each by its name. Without a ``build`` of its own, a layer builds
        those inside it by trying ``call`` out.
        """
        self.built = True
        unbuilt = [layer for layer in self._sublayers() if not layer.built]
        if unbuilt and input_shape is not None and self._builds_nothing():
            build_by_trying(self, input_shape, unbuilt)

    def _builds_nothing(self) -> bool:
        return type(self).build is Layer.build

    def _build_at_init(self) -> None:
        """Be built from the start, unless a subclass has a ``build`` of its own."""
        self.built = self._builds_nothing()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call(self, inputs). Define it."
        )

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the output for inputs of a shape, None for the batch."""
        arrays = map_shapes(lambda n: KerasTensor(n, self.dtype, "input"), input_shape)
        with state_kept(self):
            return shape_of(infer(self, (arrays,), {}))

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return symbolic arrays like the outputs for symbolic arguments."""
        shapes = self._own_output_shapes(args, kwargs)
        if shapes is None:
            with state_kept(self):
                return infer(self, args, kwargs)
        first = flatten(args[0])[0]
        integer = self._keeps_integers and np.dtype(first.dtype).kind in "biu"
        dtype = first.dtype if integer else self.dtype
        return map_shapes(lambda shape: KerasTensor(shape, dtype), shapes)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the output; here that of the inputs."""
        return mask

    # What a subclass uses

    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Make a weight of this layer.

        Parameters
        ----------
        shape : tuple of int; by default (), one number.
        initializer : name, function or object; by default 'glorot_uniform', or zeros
            where `dtype` has no fractions.
        dtype : str, by default the layer's.
        trainable : bool.
        autocast : bool. Both say the same here: weights are used in their own type.
        regularizer : its value is added to the loss.
        constraint : function applied to the weight after each update.
        name : str, by default numbered.
        """
        shape = _lengths(shape)
        self._check_new_weight(shape, name)
        dtype = standardize_dtype(dtype or self.dtype)
        if initializer is None:
            initializer = "glorot_uniform" if is_float_dtype(dtype) else "zeros"
        variable = Variable(
            initializers.get(initializer),
            shape=shape,
            dtype=dtype,
            trainable=trainable,
            name=name,
        )
        scope = [layer.name for layer in building.get()] or [self.path]
        variable.path = "/".join([*scope, str(variable.name)])
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        if trainable and not self._trainable:
            variable.requires_grad = False
        self._own_weights.append(variable)
        return variable

    def _check_new_weight(self, shape: tuple, name: str | None) -> None:
        """Raise where a weight cannot be made: of unknown shape, or inside ``call``."""
        place = f"add_weight of {type(self).__name__} '{self.name}', weight {name!r}"
        if not all(isinstance(n, numbers.Integral) for n in shape):
            raise ValueError(
                f"{place}: shape must hold integers; received {shape}. Give the "
                "lengths in Input(shape=...), or use input_shape[-1] in build."
            )
        if self.built and current_call.get() is not None and not self._is_building:
            raise ValueError(
                f"{place}: weights are made in __init__ or build(input_shape), not in "
                "call, which runs at each step. Move add_weight there."
            )

    def _build_on(self, args: tuple, kwargs: dict) -> None:
        """Build the layer for the arguments of a call."""
        shapes = self._signature.build_shapes(args, kwargs)
        if shapes is None:
            self._signature.check_build(type(self).__name__)
            if self._builds_nothing():  # its call builds what is inside
                self.built, self._built_shape = True, shape_of(args[0])
            else:
                self.build_for(shape_of(args[0]))
        else:
            self._check_arguments(shapes)
            self.build(**shapes)

    def _check_arguments(self, shapes: dict[str, Any]) -> None:
        """Raise if the call lacks an array that ``build`` wants the shape of."""
        missing = [
            name.removesuffix("_shape")
            for name, parameter in inspect.signature(self.build).parameters.items()
            if parameter.default is parameter.empty and name not in shapes
        ]
        if missing:
            given = [name.removesuffix("_shape") for name in shapes]
            raise TypeError(
                f"{type(self).__name__} '{self.name}' was called without "
                f"{', '.join(missing)}: it received {', '.join(given)} alone. Call it "
                f"as layer({', '.join([*given, *missing])})."
            )

    def build_for(self, shape: Any) -> None:
        """Build the layer for inputs of a shape."""
        self.build(shape)
        self.built = True
        self._built_shape = shape

    @property
    def path(self) -> str:
        """The names of the layers around this one and its own, as in 'model/dense'."""
        return self._path or self.name

    def train(self, mode: bool = True) -> Layer:
        """Let later calls without ``training=`` behave as in training."""
        self._trains = bool(mode)
        return self

    def eval(self) -> Layer:
        """Let later calls without ``training=`` behave as in inference."""
        return self.train(False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


Layer._signature = Signature(Layer.call, Layer.build)


def _marking_built(build: Callable) -> Callable:
    """Wrap a ``build``: its weights get the layer's path, and the layer is built."""

    @functools.wraps(build)
    def marked(self: Layer, *args: Any, **kwargs: Any) -> None:
        around = building.get()
        inside = bool(around) and around[-1] is self  # of a subclass that called super
        token = building.set(around if inside else (*around, self))
        was_building, self._is_building = self._is_building, True
        self._path = "/".join(layer.name for layer in building.get())
        if self._dtype_policy._is_map:
            self._settle_policy()
        try:
            build(self, *args, **kwargs)
        finally:
            building.reset(token)
            self._is_building = was_building
        self.built = True
        if len(args) > 1:  # layer.build(query_shape, value_shape)
            names = [*inspect.signature(build).parameters][1:]
            kwargs = {**dict(zip(names, args, strict=False)), **kwargs}
            args = ()
        self._built_shape = args[0] if args else kwargs.get("input_shape", kwargs)

    return marked


def _lengths(shape: Any) -> tuple:
    """Return the lengths of a weight's axes; arrays that hold one are lengths too."""
    if shape is None:
        return ()
    several = isinstance(shape, (list, tuple)) or np.ndim(shape)
    return tuple(map(_length, shape if several else (shape,)))


def _length(value: Any) -> Any:
    try:
        return operator.index(value)
    except TypeError:  # the message of what asks for lengths is better
        return value


def _checked_name(name: Any) -> Any:
    if name is not None and (not isinstance(name, str) or "/" in name):
        raise ValueError(
            "name of a layer must be a str without '/', which separates the layers in "
            f"the paths of weights; received {name!r}."
        )
    return name


def _checked_bool(trainable: Any) -> bool:
    if not isinstance(trainable, (bool, np.bool_)):
        raise ValueError(
            "trainable of a layer must be True or False, whether training changes its "
            f"weights; received {trainable!r}."
        )
    return bool(trainable)


def _parameters(function: Callable) -> list[str]:
    return [
        name
        for name, parameter in [*inspect.signature(function).parameters.items()][1:]
        if parameter.kind is not parameter.VAR_KEYWORD
    ]


def _first_shape(kwargs: dict[str, Any]) -> tuple | None:
    """Take ``input_shape`` or ``input_dim`` out of a layer's arguments."""
    if "input_dim" in kwargs:
        shape = (kwargs.pop("input_dim"),)
    elif "input_shape" in kwargs:
        shape = kwargs.pop("input_shape")
    else:
        return None
    warnings.warn(
        "input_shape and input_dim of a layer are the old way to give a model its "
        "input: begin the model with keratorch.Input(shape) instead.",
        UserWarning,
        stacklevel=4,
    )
    return (None, *((shape,) if isinstance(shape, int) else shape))
