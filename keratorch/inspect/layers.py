"""Order in a diagram: which boxes lie in one layer, and in which sequence there.

The method of Sugiyama et al. (1981): layers by longest paths, places for arrows that
pass a layer, and sequences by the mean place of neighbours, which avoids crossings.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

_SWEEPS = 12

Pairs = Sequence[tuple[Any, Any]]
Neighbours = dict[Any, list[Any]]


class Passage:
    """The place of an arrow in a layer that it only passes."""


def topological(keys: Iterable[Hashable], arrows: Pairs) -> list[Any] | None:
    """Return the keys so that all arrows go forward, or None where they run in circles.

    >>> topological("abc", [("c", "a"), ("a", "b")])
    ['c', 'a', 'b']
    """
    behind, ahead = neighbours(keys, arrows)
    missing = {key: len(found) for key, found in behind.items()}
    ready = [key for key, count in missing.items() if not count]
    order = []
    while ready:
        key = ready.pop(0)
        order.append(key)
        for other in ahead[key]:
            missing[other] -= 1
            if not missing[other]:
                ready.append(other)
    return order if len(order) == len(missing) else None


def neighbours(
    keys: Iterable[Hashable], arrows: Pairs
) -> tuple[Neighbours, Neighbours]:
    """Return for each key those before it and those after it."""
    behind: Neighbours = {key: [] for key in keys}
    ahead: Neighbours = {key: [] for key in behind}
    for start, end in arrows:
        behind[end].append(start)
        ahead[start].append(end)
    return behind, ahead


def layered(keys: Sequence[Any], arrows: Pairs) -> tuple[list[list[Any]], Pairs]:
    """Return layers of keys and passages, and the arrows from one to the next.

    Raises
    ------
    ValueError : the arrows run in circles.
    """
    rank = _ranks(keys, arrows)
    rows: list[list[Any]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for key in keys:
        rows[rank[key]].append(key)
    steps: list[tuple[Any, Any]] = []
    for start, end in arrows:
        before = start
        for row in range(rank[start] + 1, rank[end]):
            passage = Passage()
            rows[row].append(passage)
            steps.append((before, passage))
            before = passage
        steps.append((before, end))
    return _ordered(rows, steps), steps


def _ranks(keys: Sequence[Any], arrows: Pairs) -> dict[Any, int]:
    """Return the layer of each key: the length of the longest path that leads there."""
    order = topological(keys, arrows)
    if order is None:
        raise ValueError("the arrows of a diagram must not run in circles.")
    behind, ahead = neighbours(keys, arrows)
    rank: dict[Any, int] = {}
    for key in order:
        rank[key] = max((rank[other] + 1 for other in behind[key]), default=0)
    for key in order:  # where nothing leads to, as near as may be to its use
        if not behind[key] and ahead[key]:
            rank[key] = min(rank[other] for other in ahead[key]) - 1
    return rank


def _ordered(rows: list[list[Any]], steps: Pairs) -> list[list[Any]]:
    """Return the layers in the sequence with the fewest crossings that was found."""
    behind, ahead = neighbours([key for row in rows for key in row], steps)
    best, fewest = rows, _crossings(rows, ahead)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        downward = sweep % 2 == 0
        rows = _swept(rows, behind if downward else ahead, downward)
        count = _crossings(rows, ahead)
        if count < fewest:
            best, fewest = rows, count
    return best


def _swept(rows: list[list[Any]], near: Neighbours, downward: bool) -> list[list[Any]]:
    """Return each layer sorted by the mean place of neighbours in the one before."""
    result: list[list[Any]] = []
    places: dict[Any, int] = {}
    for row in rows if downward else rows[::-1]:
        current = {key: i for i, key in enumerate(row)}

        def mean(key: Any, current: dict[Any, int] = current) -> float:
            found = [places[other] for other in near[key]]
            return sum(found) / len(found) if found else current[key]

        ordered = sorted(row, key=mean)
        places.update({key: i for i, key in enumerate(ordered)})
        result.append(ordered)
    return result if downward else result[::-1]


def _crossings(rows: list[list[Any]], ahead: Neighbours) -> int:
    count = 0
    for upper, lower in itertools.pairwise(rows):
        place = {key: i for i, key in enumerate(lower)}
        ends = [
            place[end]
            for key in upper
            for end in sorted(ahead[key], key=place.__getitem__)
        ]
        count += sum(
            one > other for i, one in enumerate(ends) for other in ends[i + 1 :]
        )
    return count
