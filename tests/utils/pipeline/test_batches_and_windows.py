import numpy as np
import pytest

from keratorch.utils import Dataset


def listed(dataset):
    return [np.asarray(element).tolist() for element in dataset]


def lengths():
    return Dataset.range(1, 4).map(lambda n: np.full(int(n), n))


def windows(*arguments, **options):
    cut = Dataset.range(10).window(*arguments, **options)
    found = listed(cut.flat_map(lambda window: window.batch(9)))
    assert len(found) == len(cut)
    return found


def test_windows_shift_and_stride_as_keras():
    assert windows(4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert windows(2, 5) == [[0, 1], [5, 6]]
    assert windows(3, 2, 3) == [[0, 3, 6], [2, 5, 8], [4, 7], [6, 9], [8]]
    assert windows(3, 2, 3, drop_remainder=True) == [[0, 3, 6], [2, 5, 8]]
    assert windows(3, 4, drop_remainder=True) == [[0, 1, 2], [4, 5, 6]]
    assert len(windows(9, shift=1)) == 10


def test_windows_of_pairs_are_pairs_of_windows():
    x = np.arange(8).reshape(4, 2)
    both = Dataset.from_tensor_slices((x, np.arange(4)))
    for dataset in (both, both.map(lambda a, b: (a, b))):
        pairs = dataset.window(2, drop_remainder=True).flat_map(
            lambda a, b: Dataset.zip((a.batch(2), b.batch(2)))
        )
        (first, label), _ = pairs
        assert first.tolist() == [[0, 1], [2, 3]] and label.tolist() == [0, 1]
    with pytest.raises(TypeError, match="flat_map"):
        list(both.window(2).batch(2))


def test_padding_fills_up_to_the_longest_or_to_a_shape():
    assert listed(lengths().padded_batch(2)) == [[[1, 0], [2, 2]], [[3, 3, 3]]]
    filled = lengths().padded_batch(2, [5], padding_values=-1, drop_remainder=True)
    assert listed(filled) == [[[1, -1, -1, -1, -1], [2, 2, -1, -1, -1]]]
    both = lengths().map(lambda x: {"x": x, "n": len(x)})
    shapes = {"x": [None], "n": []}
    fills = {"x": 7, "n": 0}
    (batch,) = both.padded_batch(3, padded_shapes=shapes, padding_values=fills)
    assert batch["x"].tolist() == [[1, 7, 7], [2, 2, 7], [3, 3, 3]]
    assert batch["n"].tolist() == [1, 2, 3]
    texts = Dataset.from_generator(lambda: [np.array(["a"]), np.array(["b", "c"])])
    assert listed(texts.padded_batch(2)) == [[["a", ""], ["b", "c"]]]


def test_shapes_that_cannot_be_padded_are_told():
    with pytest.raises(ValueError, match=r"larger than padded_shapes=\(1,\)"):
        list(lengths().padded_batch(2, [1]))
    with pytest.raises(ValueError, match="of 2 axes"):
        list(lengths().padded_batch(2, [None, 3]))
    with pytest.raises(ValueError, match="must be nested like the elements"):
        list(Dataset.zip(lengths(), lengths()).padded_batch(2, [None]))


def test_batches_are_cut_anew():
    numbers = Dataset.range(7).batch(2)
    assert listed(numbers.rebatch(3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert len(Dataset.range(8).batch(2).batch(3)) == 2
