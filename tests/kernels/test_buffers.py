"""Memory that is used again, but never while anybody looks at it."""

import threading

import numpy as np

from keratorch.kernels import buffers
from keratorch.kernels.buffers import take

SHAPE = (64, 1000)


def place(array):
    return array.__array_interface__["data"][0]


def test_memory_is_used_again_once_nobody_has_it():
    one = take(SHAPE, np.float32)
    first = place(one)
    del one
    assert place(take(SHAPE, np.float32)) == first


def test_memory_that_a_view_still_shows_is_not_used_again():
    one = take(SHAPE, np.float32)
    one[...] = 1
    view = one[3:5].T
    del one
    others = [take(SHAPE, np.float32) for _ in range(3)]
    for other in others:
        other[...] = 2
    assert (view == 1).all()


def test_arrays_have_the_shape_and_dtype_asked_for():
    for shape in ((), (0, 3), (2, 3), (300, 100), (2**14,)):
        for dtype in (np.float32, np.float64):
            array = take(shape, dtype)
            assert array.shape == shape and array.dtype == dtype
            assert array.flags.c_contiguous and array.flags.writeable


def test_a_small_array_does_not_keep_a_large_block():
    large = take((2**20,), np.uint8)
    first = place(large)
    del large
    assert place(take((2**15,), np.uint8)) != first


def test_threads_have_blocks_of_their_own():
    one = take(SHAPE, np.float32)
    places = []
    del one
    threads = [
        threading.Thread(target=lambda: places.append(place(take(SHAPE, "f"))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
        thread.join()
    mine = take(SHAPE, np.float32)
    assert place(mine) not in places


def test_blocks_do_not_pile_up():
    def fill():
        held = [take((2**22 + i,), np.uint8) for i in range(40)]
        kept = buffers._kept.blocks
        sizes.append(sum(block.size for block in kept))
        assert len(held) == 40

    sizes = []
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    assert 0 < sizes[0] <= buffers._LARGEST
