"""Fashion-MNIST: 70,000 images of clothes, in the form of MNIST."""

from __future__ import annotations

import gzip
import zlib

import numpy as np

from keratorch.datasets._packaged import Split
from keratorch.utils.downloads import RemoteFile, fetch_verified

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

_FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_DIGESTS = {
    "train-images-idx3-ubyte.gz": (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
    ),
    "train-labels-idx1-ubyte.gz": (
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
    ),
}
_MAX_BYTES = 30_000_000
_DAMAGE = (OSError, EOFError, zlib.error, ValueError)


def load_data() -> Split:
    """Load Fashion-MNIST, downloading it (30 MB) when it is not in the cache yet.

    The files lie in ``datasets/fashion-mnist`` of the cache, where Keras puts them.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (60000, 28, 28) and (10000, 28, 28), uint8 in 0..255, 0 the background;
        y : (60000,) and (10000,), uint8 in 0..9, the position in `CLASS_NAMES`.

    Raises
    ------
    ConnectionError : a file is not in the cache and cannot be downloaded.
    ValueError : a file is damaged, or is not Fashion-MNIST.

    Source: H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST, Zalando SE, in the
    copy of Keras. Licence: MIT.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> CLASS_NAMES[9]
    'Ankle boot'
    """
    train, test = (
        (
            _read(f"{part}-images-idx3-ubyte.gz", 3),
            _read(f"{part}-labels-idx1-ubyte.gz", 1),
        )
        for part in ("train", "t10k")
    )
    return train, test


def _read(name: str, rank: int) -> np.ndarray:
    """Read an array in IDX form: a magic number, the lengths of the axes, bytes."""
    remote = RemoteFile(_FOLDER + name, _DIGESTS[name], _MAX_BYTES)
    path = fetch_verified(remote, f"fashion-mnist/{name}")
    try:
        with gzip.open(path) as file:
            header = np.frombuffer(file.read(4 * (rank + 1)), ">u4")
            if len(header) != rank + 1 or header[0] != 0x800 + rank:
                raise ValueError(f"it does not begin as an IDX file of rank {rank}")
            shape = tuple(int(length) for length in header[1:])
            # A copy, since what a buffer of bytes gives cannot be written to.
            return np.frombuffer(file.read(), np.uint8).reshape(shape).copy()
    except _DAMAGE as error:
        raise ValueError(
            f"The file {path} cannot be used: {error}. Delete it and call again to "
            "download it."
        ) from error
