"""Classes drawn as negative samples, as of words by their rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from keratorch.compat.tf.pipeline.image_chance import chance_of
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


class Candidates(NamedTuple):
    """Classes, and how often each is expected among them."""

    sampled_candidates: Any
    true_expected_count: Any
    sampled_expected_count: Any


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Return classes drawn with P(c) = log((c + 2) / (c + 1)) / log(range_max + 1).

    Parameters
    ----------
    true_classes : (batch, num_true), whose expected counts come along.
    num_true : int, true classes of a row.
    num_sampled : int, how many classes.
    unique : bool, whether they differ.
    range_max : int, the number of all classes.
    seed : int that fixes the draws.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : more different classes than there are.
    """
    top = int(range_max)

    def rates(classes: np.ndarray) -> np.ndarray:
        return np.log((classes + 2.0) / (classes + 1.0)) / np.log(top + 1.0)

    def draw(generator: np.random.Generator) -> int:
        value = int(np.exp(generator.random() * np.log(top + 1.0))) - 1
        return min(value, top - 1)

    generator = chance_of("log_uniform_candidate_sampler", seed)
    return _drawn(true_classes, int(num_sampled), unique, top, rates, draw, generator)


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Return classes drawn with equal chances; else `log_uniform_candidate_sampler`."""
    top = int(range_max)
    generator = chance_of("uniform_candidate_sampler", seed)
    return _drawn(
        true_classes,
        int(num_sampled),
        unique,
        top,
        lambda classes: np.full(np.shape(classes), 1 / top),
        lambda generator: int(generator.integers(top)),
        generator,
    )


def _drawn(
    true_classes: Any,
    count: int,
    unique: bool,
    top: int,
    rates: Callable[[np.ndarray], np.ndarray],
    draw: Callable[[np.random.Generator], int],
    generator: np.random.Generator,
) -> Candidates:
    if unique and count > top:
        raise ValueError(
            f"num_sampled must be at most range_max={top} where unique=True; received "
            f"{count}."
        )
    classes: list[int] = []
    tries = 0
    while len(classes) < count:
        found, tries = draw(generator), tries + 1
        if not unique or found not in classes:
            classes.append(found)

    def expected(values: np.ndarray) -> Any:
        chance = rates(values.astype(float))
        often = -np.expm1(tries * np.log1p(-chance)) if unique else count * chance
        return as_element(often.astype(np.float32))

    sampled = np.array(classes, np.int64)
    true = np.asarray(as_value(true_classes))
    return Candidates(as_element(sampled), expected(true), expected(sampled))
