from collections import OrderedDict, defaultdict, deque
from typing import NamedTuple

import pytest

from keratorch import tree


class Point(NamedTuple):
    x: int
    y: int


class Other(NamedTuple):
    x: int
    y: int


NESTED = {"b": [1, (2,)], "a": Point(3, None)}


def test_leaves_come_in_the_order_of_sorted_keys_and_go_back():
    assert tree.flatten(NESTED) == [3, None, 1, 2]
    assert tree.flatten(7) == [7]
    assert tree.pack_sequence_as(NESTED, [3, None, 1, 2]) == NESTED
    assert tree.flatten_with_path([{"a": 5}]) == [((0, "a"), 5)]


@pytest.mark.parametrize("flat", [[1, 2], [1, 2, 3, 4, 5]])
def test_packing_counts_the_leaves(flat):
    with pytest.raises(ValueError, match="4 leaves"):
        tree.pack_sequence_as(NESTED, flat)
    with pytest.raises(TypeError):
        tree.pack_sequence_as(NESTED, 4)


def test_traversal_meets_parts_before_or_after_what_is_inside():
    met = []
    structure = [(1, 2), [3], {"a": 4}]
    assert tree.traverse(met.append, structure) == structure
    assert met == [structure, (1, 2), 1, 2, [3], 3, {"a": 4}, 4]
    met.clear()
    assert tree.traverse(met.append, structure, top_down=False) == structure
    assert met == [1, 2, (1, 2), 3, [3], 4, {"a": 4}, structure]


def test_traversal_replaces_parts_and_goes_no_deeper():
    def tuples_to_sum(x):
        return sum(x) if isinstance(x, tuple) else None

    assert tree.traverse(tuples_to_sum, [(1, 2), {"a": (3,)}]) == [3, {"a": 3}]

    def to_none(x):
        return tree.MAP_TO_NONE if x == 1 else None

    for top_down in (True, False):
        assert tree.traverse(to_none, [1, (1, 2)], top_down) == [None, (None, 2)]
    with pytest.raises(TypeError, match="must be a function"):
        tree.traverse(3, [])


def test_map_structure_keeps_containers():
    doubled = tree.map_structure(lambda x: 2 * x, {"b": (1, [2]), "a": Point(3, 4)})
    assert doubled == {"b": (2, [4]), "a": Point(6, 8)}
    assert type(doubled["a"]) is Point
    assert tree.map_structure(max, [1, (5,)], [2, (3,)]) == [2, (5,)]
    assert tree.map_structure(str, [1, None]) == ["1", "None"]
    assert tree.map_structure(str, [1, None], none_is_leaf=False) == ["1", None]


def test_map_structure_up_to_leaves_the_rest_whole():
    assert tree.map_structure_up_to([None, None], len, [[1, 1], [2]]) == [2, 1]
    both = tree.map_structure_up_to({"a": 0}, lambda x, y: (x, y), {"a": [1]}, {"a": 2})
    assert both == {"a": ([1], 2)}
    with pytest.raises(ValueError, match="the structures differ"):
        tree.map_structure_up_to([[0]], len, [1])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1], (1,)),
        ([1], [1, 2]),
        ([1], 1),
        ([[1]], [1]),
        ({"a": 1}, {"b": 1}),
        (Point(1, 2), Other(1, 2)),
        (Point(1, 2), (1, 2)),
    ],
)
def test_other_structures_differ(a, b):
    with pytest.raises(ValueError, match="the structures differ"):
        tree.assert_same_structure(a, b)
    with pytest.raises(ValueError, match="the structures differ"):
        tree.map_structure(lambda x, y: x, a, b)


def test_paths_ask_for_places_alone():
    tree.assert_same_paths([0, (1,)], (2, [3]))
    tree.assert_same_paths(Point(1, 2), Other(1, 2))
    with pytest.raises(ValueError, match=r"\[\(1,\)\] only the first"):
        tree.assert_same_paths([0, 1], [2])


def test_check_types_warns_that_it_changes_nothing():
    with pytest.warns(DeprecationWarning, match="changes nothing"):
        tree.assert_same_structure([1], [2], check_types=False)


def test_shapes_are_leaves_of_their_own():
    shapes = {"a": (None, 3), "b": [(1,), [2, 3, 4]], "c": Point(5, 6)}
    assert tree.map_shape_structure(len, shapes) == {"a": 2, "b": [1, 3], "c": 2}


def test_lists_become_tuples_at_every_depth():
    assert tree.lists_to_tuples([[1], {"a": [Point(2, [3])]}]) == (
        (1,),
        {"a": (Point(2, (3,)),)},
    )


def test_dicts_and_deques_stay_what_they_are():
    ordered = OrderedDict(b=deque([1, 2], maxlen=3), a=defaultdict(list, z=3, y=4))
    assert tree.flatten(ordered) == [1, 2, 4, 3]
    doubled = tree.map_structure(lambda x: 2 * x, ordered)
    assert doubled == OrderedDict(b=deque([2, 4]), a={"y": 8, "z": 6})
    assert list(doubled) == ["b", "a"]
    assert doubled["b"].maxlen == 3
    assert doubled["a"]["new"] == []
    assert [path for path, _ in tree.flatten_with_path(ordered)][:2] == [
        ("b", 0),
        ("b", 1),
    ]


def test_dicts_of_one_key_set_are_alike_in_whatever_order():
    first, other = OrderedDict(b=1, a=2), {"a": 10, "b": 20}
    assert tree.map_structure(lambda x, y: x + y, first, other) == {"b": 21, "a": 12}
    assert tree.map_structure_up_to(other, max, other, first) == {"a": 10, "b": 20}
    tree.assert_same_structure(first, other)
    for unlike in (deque([1, 2]), [1]):
        with pytest.raises(ValueError, match="structures differ"):
            tree.assert_same_structure([1, 2], unlike)
