"""Layer: a computation with weights."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch import config, initializers, regularizers
from keratorch.core import GradArray
from keratorch.layers.weights import HoldsWeights
from keratorch.modes import no_grad
from keratorch.naming import auto_name
from keratorch.variable import Variable

_scope: ContextVar[tuple[str, ...]] = ContextVar("keratorch_scope", default=())


class _Call:
    """A call of a layer, which the calls of layers inside it belong to."""

    __slots__ = ("outermost", "training")

    def __init__(self, training: bool, around: _Call | None):
        self.training = training
        self.outermost: _Call = self if around is None else around.outermost


_call: ContextVar[_Call | None] = ContextVar("keratorch_call", default=None)


class Layer(HoldsWeights):
    """The base of all layers: weights, and a `call` that uses them.

    A subclass defines ``__init__`` (its configuration), ``build(input_shape)`` (its
    weights, when the shape of the input is first known) and ``call(inputs)``.

    Parameters
    ----------
    activity_regularizer : regularizer of the output, averaged over the batch.
    trainable : bool, whether the weights are trained.
    dtype : str, float type of weights and inputs; by default that of
        `keratorch.config`.
    name : str, by default the class name, numbered.
    input_shape : tuple, the shape of one sample, for the first layer of a model; or
        input_dim : int, its length. `keratorch.Input` is the modern way.

    Raises
    ------
    TypeError : an argument that the layer does not know.

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
        name: str | None = None,
        **kwargs: Any,
    ):
        self.name = name or auto_name(type(self).__name__)
        self.dtype = _float_type(dtype, self.name)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.built = False
        self._batch_shape = _first_shape(kwargs)
        if kwargs:
            raise TypeError(
                f"{type(self).__name__} does not know the argument "
                f"{', '.join(map(repr, kwargs))}. It takes: "
                f"{', '.join(_parameters(type(self).__init__))}."
            )
        self._trainable = bool(trainable)
        self._trains = False
        self._built_shape: tuple | None = None
        self._activity_losses: list[Any] = []
        self._penalized_call: _Call | None = None

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls._takes_training = "training" in _parameters(cls.call)
        if "build" in vars(cls):
            cls.build = _marking_built(cls.build)  # type: ignore[method-assign]

    _takes_training = False

    # What a subclass defines

    def build(self, input_shape: tuple) -> None:
        """Make the weights, for inputs of a shape with None for the batch."""
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call(self, inputs). Define it."
        )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the output for inputs of a shape, None for the batch."""
        empty = np.zeros([2 if n is None else n for n in input_shape], self.dtype)
        with no_grad():
            shape = self(empty).shape
        free = input_shape[0] is None and shape[:1] == (2,)
        return (None, *shape[1:]) if free else shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as Keras writes them into files."""
        policy = {
            "module": "keras",
            "class_name": "DTypePolicy",
            "config": {"name": self.dtype},
            "registered_name": None,
        }
        base = {"name": self.name, "trainable": self.trainable, "dtype": policy}
        if self.activity_regularizer is not None:
            base["activity_regularizer"] = regularizers.serialize(
                self.activity_regularizer
            )
        return base

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make the layer that `get_config` described."""
        arguments = dict(config)
        if isinstance(arguments.get("dtype"), dict):
            arguments["dtype"] = arguments["dtype"]["config"]["name"]
        return cls(**arguments)

    # What a subclass uses

    def add_weight(
        self,
        shape: Any = (),
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Make a weight of this layer.

        Parameters
        ----------
        shape : tuple of int.
        initializer : name, function or object; by default 'glorot_uniform'.
        dtype : str, by default the layer's.
        trainable : bool.
        regularizer : its value is added to the loss.
        constraint : function applied to the weight after each update.
        name : str, by default numbered.
        """
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        variable = Variable(
            initializers.get(initializer or "glorot_uniform"),
            shape=shape,
            dtype=dtype or self.dtype,
            trainable=trainable,
            name=name,
        )
        variable.path = "/".join((*(_scope.get() or (self.name,)), str(variable.name)))
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraint
        if trainable and not self._trainable:
            variable.requires_grad = False
        self._own_weights.append(variable)
        return variable

    # Calling

    def __call__(self, inputs: Any, **kwargs: Any) -> Any:
        inputs = self._at_the_door(inputs)
        if not self.built:
            self.build_for(inputs.shape)
        around = _call.get()
        training = kwargs.pop("training", None)
        if training is None:
            training = self._trains if around is None else around.training
        if self._takes_training:
            kwargs["training"] = training
        call = around
        if around is None or around.training != training:
            call = _Call(training, around)
        token = _call.set(call)
        try:
            outputs = self.call(inputs, **kwargs)
        finally:
            _call.reset(token)
        if not isinstance(outputs, GradArray):
            outputs = self._checked(inputs, outputs)
        if self.activity_regularizer is not None:
            self._add_activity_loss(outputs, call)
        return outputs

    def _checked(self, inputs: Any, outputs: Any) -> Any:
        """Return what `call` returned if it was no GradArray, or say what is wrong."""
        place = f"{type(self).__name__}.call of '{self.name}' returned"
        if outputs is None:
            raise TypeError(f"{place} None. Did you forget `return`?")
        if not isinstance(outputs, (np.ndarray, np.generic)):
            return outputs
        if inputs.requires_grad or self.trainable_weights:
            raise TypeError(
                f"{place} an ndarray, through which no gradient flows. Compute with "
                "the inputs by NumPy functions; leave out .numpy() and np.asarray."
            )
        return GradArray(outputs, requires_grad=False)

    def _add_activity_loss(self, outputs: Any, call: Any) -> None:
        """Keep the penalty of an output until the next call of the whole model."""
        if self._penalized_call is not call.outermost:
            self._penalized_call, self._activity_losses = call.outermost, []
        penalty = self.activity_regularizer(outputs)
        self._activity_losses.append(penalty / max(outputs.shape[0], 1))

    def _at_the_door(self, inputs: Any) -> Any:
        """Return the inputs as a GradArray of the layer's float type."""
        if isinstance(inputs, GradArray):
            same = inputs._array.dtype.name == self.dtype
            return inputs if same else inputs.astype(self.dtype)
        if isinstance(inputs, Layer):
            raise TypeError(
                f"{type(self).__name__} '{self.name}' was called on the layer "
                f"'{inputs.name}'. Models of the functional API are not supported; use "
                "keratorch.Sequential([...]) or a subclass of keratorch.Model."
            )
        array = np.asarray(inputs)
        if array.dtype.kind not in "biuf":
            raise TypeError(
                f"{type(self).__name__} '{self.name}' expects numbers; received "
                f"{type(inputs).__name__} of dtype {array.dtype}."
            )
        return GradArray(array.astype(self.dtype, copy=False), requires_grad=False)

    def build_for(self, shape: tuple) -> None:
        """Build the layer for inputs of a shape, under its name."""
        token = _scope.set((*_scope.get(), self.name))
        try:
            self._built_shape = shape
            self.build(shape)
            self.built = True
        finally:
            _scope.reset(token)

    def train(self, mode: bool = True) -> Layer:
        """Let later calls without ``training=`` behave as in training."""
        self._trains = bool(mode)
        return self

    def eval(self) -> Layer:
        """Let later calls without ``training=`` behave as in inference."""
        return self.train(False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _marking_built(build: Callable) -> Callable:
    """Wrap a subclass's ``build`` so that the layer knows that it ran."""

    def marked(self: Layer, input_shape: Any) -> None:
        build(self, input_shape)
        self.built = True
        self._built_shape = input_shape

    marked.__doc__ = build.__doc__
    return marked


def _parameters(function: Callable) -> list[str]:
    return [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if name != "self" and parameter.kind is not parameter.VAR_KEYWORD
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


def _float_type(dtype: Any, name: str) -> str:
    kind = np.dtype(config.floatx() if dtype is None else dtype)
    if kind.kind != "f":
        raise ValueError(
            f"dtype of layer '{name}' must be a float type; received {dtype!r}. "
            "Layers compute in floats: use 'float32'."
        )
    return kind.name
