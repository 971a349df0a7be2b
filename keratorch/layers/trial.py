"""Trying a layer out, on made-up or on the first data, without a trace."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keratorch.layers.calls import building, map_shapes
from keratorch.nested import flatten
from keratorch.random import SeedGenerator
from keratorch.symbolic import KerasTensor, infer
from keratorch.variable import Variable


@contextmanager
def state_kept(layer: Any) -> Iterator[None]:
    """Within ``with``, a layer may be tried: afterwards its state is as it was.

    State is what calls change: weights that are not trained, states of recurrent
    layers, streams of random numbers, metrics, and losses that were added.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LSTM
    >>> layer, x = LSTM(2, stateful=True), np.ones((1, 3, 2))
    >>> before = layer(x)
    >>> with state_kept(layer):
    ...     during = layer(x)
    >>> bool(np.all(layer(x) == during))
    True
    """
    inside = list(layer._flat_layers())
    variables = [(v, v.numpy(), v._written) for v in _variables(layer, inside)]
    metrics = [(v, v.numpy()) for m in layer.metrics for v in m.variables]
    streams = [one.generator.bit_generator for one in _seed_generators(inside)]
    positions = [stream.state for stream in streams]
    losses = [(one, one._losses_of, one._call_losses) for one in inside]
    try:
        yield
    finally:
        for variable, value, written in variables:
            if variable._written != written:
                variable.assign(value)
        for metric_variable, value in metrics:
            metric_variable.assign(value)
        for stream, position in zip(streams, positions, strict=True):
            stream.state = position
        for one, call, added in losses:
            one._losses_of, one._call_losses = call, added


def build_by_trying(layer: Any, shape: Any, unbuilt: list[Any]) -> None:
    """Build the layers inside another by a call on made-up data of a shape."""
    arrays = map_shapes(lambda n: KerasTensor(n, layer.dtype), shape)
    scope = building.set((*building.get(), layer))
    try:
        infer(layer, (arrays,), {})
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        warnings.warn(
            f"build({shape}) of {type(layer).__name__} '{layer.name}' left "
            f"{', '.join(one.name for one in unbuilt)} unbuilt, since its call on such "
            f"data failed ({error}). Give it a build() of its own, or call it on data.",
            UserWarning,
            stacklevel=3,
        )
    finally:
        building.reset(scope)


def _variables(layer: Any, inside: list[Any]) -> list[Variable]:
    states = [state for one in inside for state in flatten(getattr(one, "states", ()))]
    kept = [*layer.non_trainable_weights, *states]
    return list({id(v): v for v in kept if isinstance(v, Variable)}.values())


def _seed_generators(inside: list[Any]) -> list[SeedGenerator]:
    held = [value for one in inside for value in vars(one).values()]
    return [value for value in held if isinstance(value, SeedGenerator)]
