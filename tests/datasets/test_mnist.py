import hashlib
import os

import numpy as np
import pytest

from keratorch.datasets import mnist

SHAPES = {
    "x_train": (60000, 28, 28),
    "y_train": (60000,),
    "x_test": (10000, 28, 28),
    "y_test": (10000,),
}


@pytest.fixture(scope="module")
def look_alike(tmp_path_factory):
    """A file with MNIST's names, shapes and types: all zeros but a few labels."""
    arrays = {name: np.zeros(shape, np.uint8) for name, shape in SHAPES.items()}
    arrays["y_train"][:3] = 5, 0, 4
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    np.savez_compressed(path, **arrays)
    return path


def test_cached_file_of_another_hash_serves_offline(cache, look_alike, monkeypatch):
    monkeypatch.setattr("urllib.request.urlopen", None)
    os.symlink(look_alike, cache / "mnist.npz")
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train[:3].tolist() == [5, 0, 4] and y_test.shape == (10000,)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}


def test_path_names_another_file_of_the_cache(cache, look_alike):
    os.symlink(look_alike, cache / "other.npz")
    (_, y_train), _ = mnist.load_data(path="other.npz")
    assert y_train[0] == 5


def test_missing_file_is_downloaded_once(cache, look_alike, server, monkeypatch):
    body = look_alike.read_bytes()
    file = mnist._FILE._replace(
        address=server.offer("/mnist.npz", body),
        digest=hashlib.sha256(body).hexdigest(),
    )
    monkeypatch.setattr(mnist, "_FILE", file)
    for _ in range(2):
        (_, y_train), _ = mnist.load_data()
        assert y_train[:3].tolist() == [5, 0, 4]
    assert server.requests == ["/mnist.npz"]
    assert os.listdir(cache) == ["mnist.npz"]


def test_only_the_file_of_keras_is_accepted_from_the_network(
    cache, look_alike, server, monkeypatch
):
    address = server.offer("/mnist.npz", look_alike.read_bytes())
    monkeypatch.setattr(mnist, "_FILE", mnist._FILE._replace(address=address))
    with pytest.raises(ValueError, match="mnist.npz has 731c5ac602752760c8e48fbffcf8"):
        mnist.load_data()
    assert os.listdir(cache) == []


def test_address_is_the_one_of_keras():
    address = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
    assert mnist._FILE.address == address


def test_without_network_and_cache_the_error_says_where_to_put_the_file(
    cache, server, monkeypatch
):
    address = server.address + "/mnist.npz"
    monkeypatch.setattr(mnist, "_FILE", mnist._FILE._replace(address=address))
    with pytest.raises(ConnectionError) as error:
        mnist.load_data()
    assert address in str(error.value)
    assert f"put the file at {cache / 'mnist.npz'}." in str(error.value)


def test_cached_file_that_is_not_mnist_is_told(cache):
    np.savez(cache / "mnist.npz", x_train=np.zeros(3))
    with pytest.raises(ValueError, match="should hold x_test.npy, x_train.npy"):
        mnist.load_data()
    assert os.listdir(cache) == ["mnist.npz"]
