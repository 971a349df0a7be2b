"""A layer as a function: of its weights and its inputs, without a trace in itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from keratorch.core import GradArray
from keratorch.nested import flatten, map_structure
from keratorch.variable import Variable, borrowed


class IsFunction:
    """What lets a layer be called on weights that are not its own."""

    name: str
    built: bool
    trainable_variables: Any
    non_trainable_variables: Any
    _flat_layers: Any
    __call__: Any

    def stateless_call(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple:
        """Call the layer on other weights, and leave its own as they are.

        Parameters
        ----------
        trainable_variables, non_trainable_variables : array_like in place of each of
            the layer's own. Gradients flow to the first.
        return_losses : bool, whether what the call adds to the loss is returned too.

        The others are those of the call.

        Returns
        -------
        The outputs, a list of what the call makes of `non_trainable_variables`, such as
        the statistics of a `BatchNormalization`, and the losses if they are asked for.

        Raises
        ------
        ValueError : the layer is not built, or there are other numbers of variables.

        Notes
        -----
        Streams of random numbers are no variables: they go on from call to call.

        Examples
        --------
        >>> import numpy as np
        >>> import keratorch as keras
        >>> layer, x = keras.layers.Dense(1), np.ones((2, 3))
        >>> layer.build((None, 3))
        >>> def loss(weights):
        ...     outputs, _ = layer.stateless_call(weights, [], x)
        ...     return (outputs**2).sum()
        >>> kernel, bias = keras.grad(loss)([np.ones((3, 1)), np.ones(1)])
        >>> bias
        array([16.])
        """
        if not self.built:
            raise ValueError(
                f"stateless_call: {type(self).__name__} '{self.name}' has no weights "
                "yet. Build it, or call it on data first."
            )
        own = self.trainable_variables
        others = self.non_trainable_variables
        values = _arrays_like(own, trainable_variables, "trainable_variables")
        stay = _arrays_like(others, non_trainable_variables, "non_trainable_variables")
        inside = list(self._flat_layers())
        with _standing_in(inside, own, values), borrowed(others, stay):
            outputs = self(*args, **kwargs)
            left = [variable.numpy() for variable in others]
            added = [x for one in inside for x in one._call_losses]
            losses = [x() if callable(x) else x for x in added]
        if not return_losses:
            return outputs, left
        for variable, value in zip(own, values, strict=True):
            if variable.regularizer is not None:
                losses.append(variable.regularizer(value))
        return outputs, left, losses


def _arrays_like(own: list[Variable], values: Sequence[Any], name: str) -> list[Any]:
    """Return a value for each variable, as an array of its type, or raise."""
    if len(values) != len(own):
        raise ValueError(
            f"stateless_call: {name} must hold a value for each of the {len(own)} "
            f"variables; received {len(values)}. They are layer.{name}, in order."
        )
    arrays = [
        x.astype(v.dtype)
        if isinstance(x, GradArray)
        else GradArray(x, v.dtype, requires_grad=False)
        for v, x in zip(own, values, strict=True)
    ]
    for variable, array in zip(own, arrays, strict=True):
        if array.shape != variable.shape:
            raise ValueError(
                f"stateless_call: '{variable.path}' among {name} has shape "
                f"{variable.shape}; received {array.shape}."
            )
    return arrays


@contextmanager
def _standing_in(
    layers: list[Any], variables: list[Variable], values: list[Any]
) -> Iterator[None]:
    """Within ``with``, the attributes of layers hold values in place of variables."""
    known = {id(v): x for v, x in zip(variables, values, strict=True)}
    before = [(one.__dict__, dict(one.__dict__)) for one in layers]
    try:
        for attributes, own in before:
            for name in own.get("_holders", ()):
                held = own.get(name)
                if any(id(leaf) in known for leaf in flatten(held)):
                    attributes[name] = map_structure(
                        lambda leaf: known.get(id(leaf), leaf), held
                    )
        yield
    finally:
        for attributes, own in before:
            for name in (*own.get("_holders", ()), "_call_losses", "_losses_of"):
                if name in own:
                    attributes[name] = own[name]
