"""Nested structures are taken apart and put together in one order."""

from collections import OrderedDict, namedtuple

import numpy as np
import pytest

from keratorch import nested

Pair = namedtuple("Pair", "left right")


def test_flatten_walks_dicts_in_the_order_of_sorted_keys():
    assert nested.flatten({"b": 1, "a": [2, (3, None)]}) == [2, 3, None, 1]


def test_arrays_strings_and_none_are_leaves():
    array = np.arange(3)
    leaves = nested.flatten([array, "text", None])
    assert leaves[0] is array and leaves[1:] == ["text", None]


def test_empty_structures_have_no_leaves():
    assert nested.flatten([[], {}, ()]) == []
    assert nested.pack_like([[], {}], []) == [[], {}]


def test_map_structure_keeps_containers_and_the_order_of_keys():
    given = OrderedDict(b=Pair(1, [2]), a=(3,))
    doubled = nested.map_structure(lambda leaf: 2 * leaf, given)
    assert list(doubled) == ["b", "a"]
    assert isinstance(doubled["b"], Pair)
    assert doubled == {"b": Pair(2, [4]), "a": (6,)}


def test_map_structure_takes_leaves_of_several_structures_together():
    result = nested.map_structure(
        lambda a, b: a + b, {"x": 1, "y": 2}, {"y": 3, "x": 4}
    )
    assert result == {"x": 5, "y": 5}


@pytest.mark.parametrize("other", [[1], [1, 2, 3], {"a": 1, "b": 2}, 5, [1, [2]]])
def test_map_structure_refuses_structures_that_differ(other):
    with pytest.raises(ValueError, match="structures differ"):
        nested.map_structure(lambda a, b: a, [1, 2], other)


def test_pack_like_undoes_flatten():
    given = {"b": [1, Pair(2, 3)], "a": (4, {"c": 5})}
    assert nested.pack_like(given, nested.flatten(given)) == given


def test_pack_like_counts_the_leaves():
    with pytest.raises(ValueError, match="2 leaves; received 3"):
        nested.pack_like([0, 0], [1, 2, 3])


def test_paths_name_keys_and_positions():
    paths = [path for path, _ in nested.flatten_with_path({"b": 1, "a": [2, 3]})]
    assert paths == [("a", 0), ("a", 1), ("b",)]


def test_keys_of_several_kinds_keep_their_order():
    assert nested.flatten({1: "one", "a": "A"}) == ["one", "A"]
