"""Large arrays come in flat pieces that share their memory."""

import copy
import threading

import numpy as np
import pytest

from keratorch import threads
from keratorch.optimizers import pieces
from keratorch.optimizers.pieces import PIECE, Scratch, do, in_pieces


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
    weight = np.zeros((900, 700))
    gradient = np.arange(630_000.0).reshape(700, 900).T
    for piece in in_pieces({"weight": weight, "gradient": gradient}):
        piece["weight"] += piece["gradient"]
    np.testing.assert_array_equal(weight, gradient)


def test_a_weight_without_a_flat_view_comes_whole():
    weight = np.zeros((900, 700)).T
    (piece,) = in_pieces({"weight": weight})
    assert piece["weight"] is weight


def test_a_slot_without_a_flat_view_lets_all_come_whole():
    arrays = {"weight": np.zeros((700, 900)), "momentum": np.zeros((900, 700)).T}
    assert in_pieces(arrays) == [arrays]


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


def test_each_thread_has_scratch_memory_of_its_own():
    scratch, found = Scratch(), []
    worker = threading.Thread(target=lambda: found.append(scratch.like(np.ones(3))))
    worker.start()
    worker.join()
    assert not np.shares_memory(scratch.like(np.ones(3)), found[0])


def test_scratch_memory_for_another_use_is_another():
    scratch, x = Scratch(), np.ones(3)
    assert not np.shares_memory(scratch.like(x), scratch.like(x, "other"))
    assert scratch.like(x, "other") is scratch.like(x, "other")


@pytest.fixture
def two_threads():
    threads.set_num_threads(2)
    yield
    threads.set_num_threads(None)


@pytest.mark.parametrize(
    ("size", "in_order", "is_shared"),
    [
        (pieces.WORTH_THREADS, False, True),
        (pieces.WORTH_THREADS, True, False),
        (pieces.WORTH_THREADS // 20, False, False),
    ],
)
def test_jobs_are_shared_out_where_that_pays(
    two_threads, monkeypatch, size, in_order, is_shared
):
    runs, done = [], []
    run = lambda f, parts: runs.append([f(part) for part in parts])  # noqa: E731
    monkeypatch.setattr(threads, "run", run)
    jobs = [(size // 8, lambda i=i: done.append(i)) for i in range(8)]
    do(jobs, passes=2, in_order=in_order)
    assert done == list(range(8))
    assert bool(runs) == is_shared
    assert all(len(parts) == 8 for parts in runs)
