import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf
from keratorch.utils import Dataset

pytestmark = pytest.mark.usefixtures("installed")


def test_rows_are_cut_stacked_and_mapped():
    rows = tf.RaggedTensor.from_row_lengths([1, 2, 3, 4], [3, 0, 1])
    assert rows.to_list() == [[1, 2, 3], [], [4]] and len(rows) == 3
    doubled = tf.ragged.map_flat_values(lambda values: values * 2, rows)
    assert doubled.to_list() == [[2, 4, 6], [], [8]]
    assert tf.ragged.stack([np.arange(2), np.arange(1)]).shape == (2, None)
    assert tf.cast(rows, tf.float32).dtype == np.float32
    assert [row.tolist() for row in rows] == rows.to_list()
    with pytest.raises(ValueError, match="no ragged_rank"):
        tf.ragged.constant([[1]], ragged_rank=1)


def test_rows_are_elements_of_datasets():
    words = tf.strings.split(["a b", "c", "d e f"])
    lengths = [len(row) for row in Dataset.from_tensor_slices(words)]
    assert lengths == [2, 1, 3]
    (batch,) = Dataset.from_tensor_slices(words).padded_batch(3)
    assert batch.numpy()[1].tolist() == [b"c", b"", b""]


def test_rows_are_put_one_behind_the_other():
    rows, more = tf.ragged.constant([[1, 2], [3]]), tf.ragged.constant([[4], [5, 6]])
    assert tf.concat([rows, more], axis=0).to_list() == [[1, 2], [3], [4], [5, 6]]
    assert tf.concat([rows, more], 1).to_list() == [[1, 2, 4], [3, 5, 6]]
    assert tf.concat([rows, [[7], [8]]], axis=-1).to_list() == [[1, 2, 7], [3, 8]]
    words = tf.strings.split(["a b", "c"])
    assert tf.concat([words, words], axis=1)[1].numpy().tolist() == [b"c", b"c"]
    deep = tf.ragged.constant([[[1], [2, 3]], [[4]]])
    assert tf.concat([deep, deep], axis=2).to_list() == [
        [[1, 1], [2, 3, 2, 3]],
        [[4, 4]],
    ]
    assert tf.concat([deep, deep], axis=1).to_list()[1] == [[4], [4]]
