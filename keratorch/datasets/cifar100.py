"""CIFAR-100: 60,000 small colour images of a hundred kinds of things."""

from __future__ import annotations

from keratorch.datasets._cifar import read_batches
from keratorch.datasets._packaged import Split
from keratorch.utils.downloads import RemoteFile

_FILE = RemoteFile(
    address="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
    digest="85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
    max_bytes=180_000_000,
)
_CACHED = "cifar-100-python-target_archive"  # the name under which Keras keeps it


def load_data(label_mode: str = "fine") -> Split:
    """Load CIFAR-100, downloading it (169 MB) when it is not in the cache yet.

    Parameters
    ----------
    label_mode : 'fine' for labels of 100 classes, 'coarse' for those of the 20 groups
        that the classes belong to.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (50000, 32, 32, 3) and (10000, 32, 32, 3), uint8 in 0..255, with the
        channels first where `config.image_data_format` says so;
        y : (50000, 1) and (10000, 1), int64 in 0..99 or 0..19.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : another `label_mode`, or the file is damaged or is not CIFAR-100.

    Source: A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError(
            f"label_mode must be 'fine' or 'coarse'; received {label_mode!r}."
        )
    members = ["cifar-100-python/train", "cifar-100-python/test"]
    train, test = read_batches(_FILE, _CACHED, members, f"{label_mode}_labels")
    return train, test
