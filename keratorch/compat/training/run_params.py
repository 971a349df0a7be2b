"""What callbacks knew of a run in Keras 1 and 2: `self.params`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import compat
from keratorch.nested import flatten


class Params(dict):
    """What a run told its callbacks in Keras 1 and 2, found when it is asked for.

    Examples
    --------
    >>> Params({"epochs": 3, "steps": 2}, None)["nb_epoch"]
    3
    """

    def __init__(self, known: dict[str, Any], model: Any):
        super().__init__(known)
        self._model = model

    def __missing__(self, name: str) -> Any:
        sizes = getattr(self._model, "_sizes_given", None) or {}
        if name in sizes:
            return sizes[name]
        if name not in _FOUND:
            raise KeyError(name)
        return _FOUND[name](self, self._model)

    def get(self, name: Any, default: Any = None) -> Any:
        """Return what a name stands for, or the default."""
        try:
            return self[name]
        except KeyError:
            return default


def _metrics(params: Params, model: Any) -> list[str]:
    names: list[str] = []
    for name in () if model is None else model.metrics_names:
        names += _not_made_yet(model) if name == "compile_metrics" else [name]
    return [*names, *(f"val_{name}" for name in names)]


def _not_made_yet(model: Any) -> list[str]:
    """Return the names of metrics that the first batch will make, of one output."""
    given = [
        part for leaves in model._compiled.metrics._given for part in flatten(leaves)
    ]
    return [_name(entry) for entry in given if entry is not None]


def _name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    return str(getattr(metric, "name", None) or getattr(metric, "__name__", metric))


_FOUND: dict[str, Callable[[Params, Any], Any]] = {
    "do_validation": lambda params, model: True,
    "metrics": _metrics,
    "nb_epoch": lambda params, model: params["epochs"],
}


def telling_more(set_params: Callable[..., None]) -> Callable[..., None]:
    """Return the method of a list of callbacks by which they learn more of a run."""

    @functools.wraps(set_params)
    def told(self: Any, params: dict[str, Any]) -> None:
        if params and compat._finder.serves_keras:
            params = Params(params, getattr(self, "model", None))
        set_params(self, params)

    return told
