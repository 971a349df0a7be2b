"""CIFAR-10: 60,000 small colour images of ten kinds of things."""

from __future__ import annotations

import numpy as np

from keratorch.datasets._cifar import read_batches
from keratorch.datasets._packaged import Split
from keratorch.utils.downloads import RemoteFile

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)

_FILE = RemoteFile(
    address="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    digest="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    max_bytes=180_000_000,
)
_CACHED = "cifar-10-batches-py-target_archive"  # the name under which Keras keeps it
_MEMBERS = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def load_data() -> Split:
    """Load CIFAR-10, downloading it (170 MB) when it is not in the cache yet.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (50000, 32, 32, 3) and (10000, 32, 32, 3), uint8 in 0..255, with the
        channels first where `config.image_data_format` says so;
        y : (50000, 1) and (10000, 1), uint8 in 0..9, the position in `CLASS_NAMES`.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : the file is damaged, or is not CIFAR-10.

    Source: A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> CLASS_NAMES[9]
    'truck'
    """
    members = [f"cifar-10-batches-py/{name}" for name in _MEMBERS]
    *train, (x_test, y_test) = read_batches(_FILE, _CACHED, members, "labels")
    x_train = np.concatenate([x for x, _ in train])
    y_train = np.concatenate([y for _, y in train])
    return (x_train, y_train.astype(np.uint8)), (x_test, y_test.astype(np.uint8))
