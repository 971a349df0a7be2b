"""What CIFAR-10 and CIFAR-100 have in common: pickled batches in a tar archive.

Imported with the first of them, not with KeraTorch.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np

from keratorch import config
from keratorch.datasets._pickled import DAMAGE, damaged, read_pickle
from keratorch.utils.downloads import RemoteFile, fetch_verified

Batch = tuple[np.ndarray, np.ndarray]


def read_batches(
    remote: RemoteFile, cached: str, members: list[str], label_key: str
) -> list[Batch]:
    """Return images and labels of some members of a CIFAR archive.

    Parameters
    ----------
    remote : the archive.
    cached : its name in the cache.
    members : the names of pickled batches within it.
    label_key : the name of the labels within a batch.

    Returns
    -------
    list of (x, y)
        x : (samples, 32, 32, 3), or (samples, 3, 32, 32) where the image data format
        is 'channels_first', uint8; y : (samples, 1), uint8 or int64 as Keras has it.

    Raises
    ------
    ValueError : the archive is damaged.
    """
    path = fetch_verified(remote, cached)
    try:
        return _read(path, members, label_key)
    except (tarfile.TarError, *DAMAGE) as error:
        raise damaged(path, error) from error


def _read(path: Path, members: list[str], label_key: str) -> list[Batch]:
    found: dict[str, Batch] = {}
    with tarfile.open(path) as archive:
        for member in archive:  # in one pass: going back would unpack all anew
            if member.name not in members:
                continue
            file = archive.extractfile(member)
            if file is None:
                raise ValueError(f"{member.name} is not a plain file")
            batch = read_pickle(file)
            found[member.name] = _images(batch["data"]), _labels(batch[label_key])
    return [found[name] for name in members]


def _images(data: np.ndarray) -> np.ndarray:
    if data.dtype != np.uint8:
        raise ValueError(f"its images are of type {data.dtype}, not uint8")
    images = data.reshape(-1, 3, 32, 32)
    if config.image_data_format() == "channels_last":
        images = images.transpose(0, 2, 3, 1)
    return images


def _labels(labels: list[int]) -> np.ndarray:
    return np.array(labels, np.int64).reshape(-1, 1)
