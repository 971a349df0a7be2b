"""The sets that are downloaded, from small files of the same form."""

import gzip
import hashlib
import io
import json
import pickle
import tarfile

import numpy as np
import pytest

from keratorch import config
from keratorch.datasets import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    reuters,
    shakespeare,
)

RNG = np.random.default_rng(0)
KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@pytest.fixture
def publish(cache, server, monkeypatch):
    """Let a set's file be what a test says, and its digest that of these bytes."""

    def publish(module, body, name="_FILE"):
        file = getattr(module, name)
        digest = hashlib.new(file.algorithm, body, usedforsecurity=False).hexdigest()
        address = server.offer("/" + file.address.rsplit("/", 1)[1], body)
        monkeypatch.setattr(module, name, file._replace(address=address, digest=digest))

    return publish


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def lists(values):
    objects = np.empty(len(values), object)
    objects[:] = values
    return objects


def tar(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def batch(count, **labels):
    pixels = RNG.integers(0, 256, size=(count, 3072), dtype=np.uint8)
    content = {b"data": pixels, **{k.encode(): v for k, v in labels.items()}}
    return pixels, pickle.dumps(content, 3)


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_cifar10_is_read_in_the_order_of_its_batches(publish, layout):
    names = [f"data_batch_{n}" for n in range(1, 6)] + ["test_batch"]
    batches = {n: batch(2, labels=[i, 9 - i]) for i, n in enumerate(names)}
    # The archive's own order is another one.
    members = {
        f"cifar-10-batches-py/{n}": batches[n][1] for n in sorted(names, reverse=True)
    }
    publish(cifar10, tar({"cifar-10-batches-py/readme.html": b"", **members}))
    before = config.image_data_format()
    config.set_image_data_format(layout)
    try:
        (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    finally:
        config.set_image_data_format(before)
    assert y_train.tolist() == [[v] for i in range(5) for v in (i, 9 - i)]
    assert y_test.tolist() == [[5], [4]]
    wanted = batches["data_batch_2"][0].reshape(2, 3, 32, 32)
    if layout == "channels_last":
        wanted = wanted.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(x_train[2:4], wanted)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    x_test[0] = 0  # may be written to


def test_cifar100_has_two_kinds_of_labels(publish):
    labels = {"fine_labels": [99, 3], "coarse_labels": [19, 1]}
    publish(
        cifar100,
        tar(
            {f"cifar-100-python/{n}": batch(2, **labels)[1] for n in ("train", "test")}
        ),
    )
    (x_train, y_train), (_, y_test) = cifar100.load_data()
    assert x_train.shape == (2, 32, 32, 3) and y_train.tolist() == [[99], [3]]
    assert cifar100.load_data("coarse")[1][1].tolist() == [[19], [1]]
    assert y_test.dtype == np.int64
    with pytest.raises(ValueError, match="'fine' or 'coarse'"):
        cifar100.load_data("rough")


def test_damaged_archive_of_cifar_is_told(publish):
    publish(cifar100, tar({"cifar-100-python/train": b"no pickle"}))
    with pytest.raises(ValueError, match="cannot be used"):
        cifar100.load_data()


def idx(array):
    header = np.array([0x800 + array.ndim, *array.shape], ">u4").tobytes()
    return gzip.compress(header + array.tobytes())


def test_fashion_mnist_is_read_from_idx_files(cache, server, monkeypatch):
    digests, arrays = {}, {}
    monkeypatch.setattr(fashion_mnist, "_FOLDER", server.address + "/")
    for part, count in (("train", 5), ("t10k", 3)):
        for kind, shape in (
            ("images-idx3", (count, 28, 28)),
            ("labels-idx1", (count,)),
        ):
            name = f"{part}-{kind}-ubyte.gz"
            arrays[name] = RNG.integers(0, 256, size=shape, dtype=np.uint8)
            body = idx(arrays[name])
            server.offer("/" + name, body)
            digests[name] = hashlib.sha256(body).hexdigest()
    assert {*digests} == {*fashion_mnist._DIGESTS}
    monkeypatch.setattr(fashion_mnist, "_DIGESTS", digests)
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    for name, array in zip(arrays, (x_train, y_train, x_test, y_test), strict=True):
        np.testing.assert_array_equal(array, arrays[name])
    assert len(list((cache / "fashion-mnist").iterdir())) == 4
    labels = "train-labels-idx1-ubyte.gz"
    body = idx(np.zeros((2, 2), np.uint8))
    server.offer("/" + labels, body)
    digests[labels] = hashlib.sha256(body).hexdigest()
    with pytest.raises(ValueError, match="IDX file of rank 1"):
        fashion_mnist.load_data()


TRAIN = [[1, 2, 3, 40], [5, 6], [7, 8, 9], [10]]
TEST = [[11, 12], [13, 1, 2, 3, 4], [14, 60]]


@pytest.fixture
def reviews(publish):
    publish(
        imdb,
        npz(
            x_train=lists(TRAIN),
            y_train=np.arange(4),
            x_test=lists(TEST),
            y_test=np.arange(3),
        ),
    )


def test_imdb_numbers_words_as_keras(reviews):
    (x_train, y_train), (x_test, y_test) = imdb.load_data()
    order = np.arange(4)
    random = np.random.RandomState(113)
    random.shuffle(order)
    assert y_train.tolist() == order.tolist()
    # The greatest number, 63, is not below num_words, hence unknown, as in Keras.
    assert x_train.tolist() == [[1, *(w + 3 for w in TRAIN[i])] for i in order]
    assert x_test[y_test.tolist().index(2)] == [1, 17, 2]
    assert x_train.dtype == object


def test_no_marks_and_no_shift(reviews):
    plain, _ = imdb.load_data(start_char=None, oov_char=None, index_from=None)
    zero, _ = imdb.load_data(start_char=None, oov_char=None, index_from=0)
    assert [list(text) for text in plain[0]] == [list(text) for text in zero[0]]


def test_imdb_arguments(reviews):
    (x, _), _ = imdb.load_data(num_words=10, skip_top=5, oov_char=None, start_char=None)
    assert sorted(x.tolist()) == sorted([[5, 6], [8, 9], [], []])
    (x, y), _ = imdb.load_data(maxlen=4, index_from=0)
    assert sorted(x.tolist()) == [[1, 5, 6], [1, 10]] and sorted(y) == [1, 3]
    with pytest.raises(ValueError, match="maxlen=2"):
        imdb.load_data(maxlen=2)


def test_reuters_splits_after_mixing(publish):
    publish(reuters, npz(x=lists(TRAIN + TEST), y=np.arange(7)))
    (_, y_train), (x_test, y_test) = reuters.load_data(test_split=0.3, seed=1)
    order = np.arange(7)
    np.random.RandomState(1).shuffle(order)
    assert [*y_train, *y_test] == order.tolist() and len(y_train) == 4
    assert x_test[-1][1:] == [w + 3 for w in (TRAIN + TEST)[order[-1]]]
    assert len(reuters.get_label_names()) == 46


@pytest.mark.parametrize("module", [imdb, reuters])
def test_word_index_is_read(publish, module):
    publish(module, json.dumps({"the": 1, "café": 2}).encode(), "_WORD_INDEX")
    assert module.get_word_index() == {"the": 1, "café": 2}


@pytest.mark.parametrize("module", [boston_housing, california_housing])
def test_houses_are_mixed_and_split_as_in_keras(publish, module):
    x = RNG.normal(size=(700, 8))
    publish(module, npz(x=x, y=x[:, 0]))
    (x_train, y_train), (x_test, y_test) = module.load_data(test_split=0.1)
    order = np.arange(700)
    np.random.RandomState(113).shuffle(order)
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), x[order])
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), x[order, 0])
    assert len(x_test) == 70
    with pytest.raises(ValueError, match="test_split"):
        module.load_data(test_split=1.0)


def test_small_california_is_the_first_600(publish):
    x = np.arange(700.0)[:, None]
    publish(california_housing, npz(x=x, y=x[:, 0]))
    (x_train, _), (x_test, _) = california_housing.load_data("small")
    assert max(x_train.max(), x_test.max()) == 599 and len(x_train) == 480
    with pytest.raises(ValueError, match="'small' or 'large'"):
        california_housing.load_data("tiny")


def test_a_cached_file_that_was_changed_is_never_read(cache, server, monkeypatch):
    (cache / "imdb.npz").write_bytes(b"changed")
    file = imdb._FILE._replace(address=server.address + "/gone")
    monkeypatch.setattr(imdb, "_FILE", file)
    with pytest.raises(ConnectionError, match="put the file at"):
        imdb.load_data()


def test_shakespeare_comes_from_the_cache_first(cache, recwarn):
    (cache / "shakespeare.txt").write_text("To be", encoding="utf-8")
    assert shakespeare.load_data() == "To be"
    assert not recwarn
    (cache / "shakespeare.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ValueError, match="no text in UTF-8"):
        shakespeare.load_data()


def test_without_network_shakespeare_is_an_excerpt_and_says_so(
    cache, server, monkeypatch
):
    file = shakespeare._FILE._replace(address=server.address + "/gone")
    monkeypatch.setattr(shakespeare, "_FILE", file)
    with pytest.warns(UserWarning, match="excerpt of 5079 characters"):
        text = shakespeare.load_data()
    assert text.startswith("ROMEO:") and text.count("\n") > 100


def test_addresses_are_those_of_keras():
    for module, name in ((imdb, "imdb"), (reuters, "reuters")):
        assert module._FILE.address == f"{KERAS}{name}.npz"
        assert module._WORD_INDEX.address == f"{KERAS}{name}_word_index.json"
    assert fashion_mnist._FOLDER == KERAS
    assert boston_housing._FILE.address == f"{KERAS}boston_housing.npz"
    assert california_housing._FILE.address == f"{KERAS}california_housing.npz"
