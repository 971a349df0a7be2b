"""Losses that look at the layer behind the outputs, as in Keras 1 and 2.

    def crf_loss(y_true, y_pred):
        crf, index = y_pred._keras_history[:2]
        x = crf._inbound_nodes[index].input_tensors[0]

While such a loss or metric is called, its outputs know a copy of the layer, with the
same weights, whose inputs have the values of the latest run of the model.
"""

from __future__ import annotations

import copy
import functools
from contextvars import ContextVar
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from keratorch.compat.models import captured
from keratorch.compat.training.older_targets import Targets
from keratorch.core import GradArray
from keratorch.masks import get_mask
from keratorch.nested import flatten, map_structure
from keratorch.symbolic import is_symbolic

_looked_at: ContextVar[dict[int, Any]] = ContextVar("_looked_at")


def with_histories(model: Any, losses: Any) -> Any:
    """Return losses or metrics whose outputs know the layer that computed them.

    Parameters
    ----------
    model : a model of symbolic arrays with one output; others are left alone.
    losses : a function, or nested lists and dicts with functions among them.
    """
    network = getattr(model, "_network", None)
    if network is None or len(network.flat_outputs) != 1:
        return losses
    return map_structure(lambda loss: _looking(model, loss), losses)


def history_of(x: GradArray) -> tuple[Any, int, int]:
    """Return layer, call and output of what a loss looks at.

    Raises
    ------
    AttributeError : it is no output that a loss was called with.
    """
    try:
        return _looked_at.get({})[id(x)]
    except KeyError:
        raise AttributeError("GradArray has no attribute '_keras_history'.") from None


def _looking(model: Any, loss: Any) -> Any:
    if not (isinstance(loss, FunctionType) and _reads_history(loss.__code__)):
        return loss
    output = model._network.flat_outputs[0]
    symbols = [x for x in flatten(output.node.args) if is_symbolic(x)]
    if captured._watched(model, symbols, symbols) is None:
        return loss

    @functools.wraps(loss)
    def called(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        values = [captured.running(model).values[id(x)] for x in symbols]
        history = (_copied(output.node, values), output.node.place, output.index)
        if not isinstance(y_pred, GradArray):
            y_pred = np.asarray(y_pred).view(Targets)
            y_pred._keras_history = history
        token = _looked_at.set({id(y_pred): history})
        try:
            return loss(y_true, y_pred, *args, **kwargs)
        finally:
            _looked_at.reset(token)

    return called


def _copied(node: Any, values: list[Any]) -> Any:
    """Return a copy of a layer whose call, of that number, had these inputs."""
    layer = copy.copy(node.operation)
    masks = [get_mask(value) for value in values]
    seen = SimpleNamespace(input_tensors=values, input_masks=masks)
    nodes = [seen] * (node.place + 1)
    vars(layer).update(_inbound_nodes=nodes, inbound_nodes=nodes)
    return layer


def _reads_history(code: CodeType) -> bool:
    inside = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return "_keras_history" in code.co_names or any(map(_reads_history, inside))
