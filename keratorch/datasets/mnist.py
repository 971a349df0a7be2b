"""MNIST: 70,000 images of handwritten digits."""

from __future__ import annotations

import os

import numpy as np

from keratorch.datasets._archive import read_archive
from keratorch.datasets._packaged import Split
from keratorch.utils.downloads import RemoteFile, fetch

_FILE = RemoteFile(
    address="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    digest="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    max_bytes=12_000_000,
)
_ARRAYS = {
    "x_train": ((60000, 28, 28), np.uint8),
    "y_train": ((60000,), np.uint8),
    "x_test": ((10000, 28, 28), np.uint8),
    "y_test": ((10000,), np.uint8),
}


def load_data(path: str | os.PathLike[str] = "mnist.npz") -> Split:
    """Load MNIST, downloading it (11 MB) when it is not in the cache yet.

    A file that is in the cache already serves without a network, once the names,
    shapes and types of its arrays are MNIST's; files that Keras has put there do.

    Parameters
    ----------
    path : the file's name in the cache folder, ``datasets`` under the folder in the
        environment variable ``KERAS_HOME`` or under ``~/.keras``; an absolute path
        leads out of that folder.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (60000, 28, 28) and (10000, 28, 28), uint8 in 0..255, 0 the background;
        y : (60000,) and (10000,), uint8 in 0..9.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : the file is damaged, or is not MNIST.

    Source: Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database, in the copy
    of Keras. Licence: CC BY-SA 3.0.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train = x_train.reshape(60000, 784).astype("float32") / 255  # doctest: +SKIP
    """
    arrays = read_archive(fetch(_FILE, path), _ARRAYS)
    return (
        (arrays["x_train"], arrays["y_train"]),
        (arrays["x_test"], arrays["y_test"]),
    )
