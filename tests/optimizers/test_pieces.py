"""Large arrays come in flat pieces that share their memory."""

import copy

import numpy as np
import pytest

from keratorch.optimizers.pieces import PIECE, Scratch, in_pieces


def test_small_arrays_are_not_touched():
    arrays = {"weight": np.ones((3, 4)), "gradient": np.ones((3, 4))}
    assert in_pieces(arrays) == [arrays]


@pytest.mark.parametrize("size", [2 * PIECE, 2 * PIECE + 1, 5 * PIECE - 1])
def test_pieces_cover_each_element_once(size):
    weight, gradient = np.zeros(size), np.arange(float(size))
    for piece in in_pieces({"weight": weight, "gradient": gradient}):
        assert piece["weight"].size <= PIECE
        piece["weight"] += piece["gradient"]
    np.testing.assert_array_equal(weight, gradient)


def test_gradients_in_another_order_meet_their_weights():
    weight = np.zeros((400, 500))
    gradient = np.arange(200_000.0).reshape(500, 400).T
    for piece in in_pieces({"weight": weight, "gradient": gradient}):
        piece["weight"] += piece["gradient"]
    np.testing.assert_array_equal(weight, gradient)


def test_a_weight_without_a_flat_view_comes_whole():
    weight = np.zeros((400, 500)).T
    (piece,) = in_pieces({"weight": weight})
    assert piece["weight"] is weight


def test_scratch_memory_is_used_again():
    scratch = Scratch()
    large = scratch.like(np.ones((4, 5), "float32"))
    small = scratch.like(np.ones(3, "float32"))
    assert np.shares_memory(large, small)
    assert scratch.like(np.ones((4, 5), "float32")) is large


def test_scratch_memory_has_the_dtype_asked_for():
    scratch = Scratch()
    single, double = (scratch.like(np.ones((2, 2), d)) for d in ("f4", "f8"))
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    assert not np.shares_memory(single, double)


def test_a_copy_of_scratch_memory_is_empty():
    scratch = Scratch()
    first = scratch.like(np.ones(3))
    assert not np.shares_memory(copy.deepcopy(scratch).like(np.ones(3)), first)
