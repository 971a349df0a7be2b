"""Class weights as Keras 2 took them: for each of several outputs, or anything.

model.fit(x, [age, sex], class_weight={"sex": {0: 1.0, 1: 3.0}})
model.fit(x, y, class_weight="auto")  # at which it did not look

Keras 3 takes a dict, for models with one output.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern, warn_once
from keratorch.errors import suggest
from keratorch.nested import flatten


class OfOutputs(dict[int, Any]):
    """Class weights by the place of their output; and the names of all outputs."""

    names: list[str]


def give(args: tuple, kwargs: dict[str, Any]) -> None:
    """Bring the class weights of a call, by an older script, into a form of today."""
    given = kwargs.get("class_weight")
    if isinstance(given, Mapping):
        nested = any(isinstance(own, Mapping) for own in given.values())
        if nested and dialect.is_older():
            kwargs["class_weight"] = _of_outputs(given, list(args[0].output_names))
    elif given is not None and compat._finder.serves_keras:
        del kwargs["class_weight"]
        warn_once(
            "class_weight must be a dict from classes to weights; received a "
            f"{type(given).__name__}, which Keras 2 left out, and so does this script."
        )


def _of_outputs(given: Mapping[Any, Any], names: list[str]) -> OfOutputs:
    say_modern("class_weight={'output': {...}}", "sample_weight={'output': weights}")
    unknown = [name for name in given if name not in names]
    if unknown:
        raise ValueError(
            f"class_weight names the output {unknown[0]!r}, which the model has not. "
            f"{suggest(str(unknown[0]), names)}"
        )
    made = OfOutputs({names.index(name): own for name, own in given.items() if own})
    made.names = names
    return made


def checking_each(check: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return the check of class weights that goes through those of several outputs."""

    @functools.wraps(check)
    def checked(class_weight: Any) -> None:
        several = isinstance(class_weight, OfOutputs)
        for own in class_weight.values() if several else [class_weight]:
            check(own)

    return checked


def weighting_each(weigh: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function from class weights to sample weights, of each output."""

    @functools.wraps(weigh)
    def weighted(
        y: Any, sample_weight: Any, class_weight: Any, in_batch: bool = False
    ) -> Any:
        if not isinstance(class_weight, OfOutputs):
            return weigh(y, sample_weight, class_weight, in_batch)
        names = class_weight.names
        targets = _in_order(y, names)
        given = _in_order(sample_weight, names)
        weights = [
            weigh(targets[i], given[i], class_weight[i], in_batch)
            if i in class_weight
            else given[i]
            for i in range(len(targets))
        ]
        if isinstance(y, Mapping):
            return {name: weights[names.index(name)] for name in y}
        return weights

    return weighted


def _in_order(structure: Any, names: list[str]) -> list[Any]:
    """Return what belongs to each output, None where nothing does."""
    if structure is None:
        return [None] * len(names)
    if isinstance(structure, Mapping):
        return [structure.get(name) for name in names]
    return flatten(structure)
