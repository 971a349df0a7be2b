"""Names that objects get when their user gives none: 'dense', 'dense_1', ..."""

from __future__ import annotations

import itertools
import re

_counts: dict[str, itertools.count] = {}


def to_snake_case(name: str) -> str:
    """Return the snake_case of a class name.

    Examples
    --------
    >>> to_snake_case("SparseTopKCategoricalAccuracy")
    'sparse_top_k_categorical_accuracy'
    """
    word = re.sub(r"\W+", "", name)
    word = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", word)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()


def auto_name(prefix: str) -> str:
    """Return the snake_case of `prefix`, numbered from its second use on."""
    name = to_snake_case(prefix)
    # next() of a count is atomic: threads never get the same number.
    number = next(_counts.setdefault(name, itertools.count()))
    return f"{name}_{number}" if number else name


def reset_names() -> None:
    """Start the numbering of names anew."""
    _counts.clear()
