"""`tensorflow.examples.tutorials.mnist.input_data` of TensorFlow 1."""

import gzip

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")
RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 28, 28), dtype=np.uint8)
Y = np.arange(12, dtype=np.uint8) % 10


@pytest.fixture
def read(monkeypatch):
    def load_data(path=None):
        return (X[:9], Y[:9]), (X[9:], Y[9:])

    monkeypatch.setattr(keras.datasets.mnist, "load_data", load_data)
    from tensorflow.examples.tutorials.mnist import input_data

    return input_data.read_data_sets


def write(path, magic, values):
    header = b"".join(n.to_bytes(4, "big") for n in (magic, *values.shape))
    path.write_bytes(gzip.compress(header + values.tobytes()))


def test_digits_come_in_three_sets(read, tmp_path):
    digits = read(str(tmp_path), one_hot=True, validation_size=4)
    sizes = [part.num_examples for part in digits]
    assert sizes == [5, 4, 3]
    np.testing.assert_allclose(digits.train.images, X[4:9].reshape(5, 784) / 255)
    assert digits.test.labels.tolist() == np.eye(10)[Y[9:]].tolist()
    plain = read("", validation_size=0, reshape=False, dtype=np.uint8)
    np.testing.assert_array_equal(plain.train.images, X[:9, ..., None])
    np.testing.assert_array_equal(plain.train.labels, Y[:9])


def test_batches_go_round(read):
    train = read("", validation_size=1, seed=3).train
    labels = [train.next_batch(3)[1] for _ in range(8)]
    assert train.epochs_completed == 3
    for i in range(0, 24, 8):
        rounds = np.concatenate(labels)[i : i + 8]
        assert sorted(rounds) == sorted(Y[1:9])
    images, labels = read("", validation_size=1).train.next_batch(8, shuffle=False)
    np.testing.assert_array_equal(labels, Y[1:9])
    assert images.shape == (8, 784)


def test_files_of_the_folder_are_read(read, tmp_path):
    for part, x, y in [("train", X[:2], Y[:2]), ("t10k", X[2:3], Y[2:3])]:
        write(tmp_path / f"{part}-images-idx3-ubyte.gz", 2051, x)
        write(tmp_path / f"{part}-labels-idx1-ubyte.gz", 2049, y)
    digits = read(str(tmp_path), validation_size=0, reshape=False, dtype=np.uint8)
    np.testing.assert_array_equal(digits.train.images[..., 0], X[:2])
    np.testing.assert_array_equal(digits.test.labels, Y[2:3])
    write(tmp_path / "t10k-labels-idx1-ubyte.gz", 7, Y[2:3])
    with pytest.raises(ValueError, match="t10k-labels.*no file of images or labels"):
        read(str(tmp_path), validation_size=0)


def test_more_validation_than_images_is_refused(read):
    with pytest.raises(ValueError, match="from 0 to 9; received 5000"):
        read("")
