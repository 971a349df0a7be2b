"""Weights in several HDF5 files, and an index of them in JSON, as Keras writes them.

``model.weights.json`` says in which of ``model_00000.weights.h5``, ... the arrays of a
layer are.  The index is written last, so that it never names a file that is not there.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keratorch.saving import extras, hdf5
from keratorch.saving.arrays import Arrays, Header, damaged
from keratorch.saving.atomic import atomic_file, write_atomically

INDEX = ".weights.json"
_GIGABYTE = 1024**3


def write(
    path: str | os.PathLike[str],
    arrays: Mapping[str, np.ndarray],
    names: Mapping[str, str],
    max_shard_size: float,
) -> None:
    """Write arrays by path into files of a size, and their index.

    Parameters
    ----------
    path : name of the index.
    arrays : by their paths in Keras's files.
    names : of layers, by the groups of their arrays.
    max_shard_size : float, how many gigabytes of arrays a file may hold.

    Raises
    ------
    ValueError : an array is larger than a file may be, or `max_shard_size` is no
        number above 0.
    ImportError : h5py is needed.
    """
    library = extras.h5py(f"writing the weights into '{os.fspath(path)}'")
    index = Path(path).with_suffix(".json")
    base = index.name.removesuffix(INDEX)
    places: dict[str, list[str]] = {}
    for i, shard in enumerate(_shards(arrays, _bytes(max_shard_size))):
        file_name = f"{base}_{i:05}.weights.h5"
        groups = {name.rpartition("/")[0] for name in shard}
        named = {group: name for group, name in names.items() if group in groups}
        place = index.with_name(file_name)
        with atomic_file(place) as file, library.File(file, "w") as root:
            hdf5.write_arrays(root, shard, named)
        for group in sorted(groups):
            places.setdefault(f"/{group}", []).append(file_name)
    content = {
        "metadata": {"total_size": float(sum(x.nbytes for x in arrays.values()))},
        "weight_map": {k: v[0] if len(v) == 1 else v for k, v in places.items()},
    }
    write_atomically(index, json.dumps(content, indent=4).encode())


@contextlib.contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[Arrays]:
    """Give the arrays of all files of an index.

    Raises
    ------
    FileNotFoundError : a file that the index names is not there.
    ValueError : the index, or a file, is damaged.
    ImportError : h5py is needed.
    """
    name = os.fspath(path)
    headers: dict[str, Header] = {}
    readers: dict[str, Arrays] = {}
    with contextlib.ExitStack() as stack:
        for shard in _named_files(path, name):
            place = os.path.join(os.path.dirname(name), shard)
            if not os.path.exists(place):
                raise FileNotFoundError(
                    f"'{name}' names the file '{shard}', which is not beside it. Copy "
                    "the index and all its files together."
                )
            root = stack.enter_context(hdf5.opened(place, place))
            arrays = hdf5.read_arrays(root, place, os.path.getsize(place))
            for key in arrays:
                if key in readers:
                    raise damaged(name, f"two of its files hold '{key}'")
                readers[key], headers[key] = arrays, arrays.headers[key]
        yield Arrays(headers, lambda key: readers[key].read(key), name)


def _bytes(max_shard_size: Any) -> float:
    number = isinstance(max_shard_size, (int, float))
    if not number or isinstance(max_shard_size, bool) or not max_shard_size > 0:
        raise ValueError(
            "max_shard_size is how many gigabytes a file may have, a number above 0; "
            f"received {max_shard_size!r}."
        )
    return float(max_shard_size) * _GIGABYTE


def _shards(
    arrays: Mapping[str, np.ndarray], most: float
) -> Iterator[dict[str, np.ndarray]]:
    """Yield the arrays in order, as many together as a file may hold."""
    shard: dict[str, np.ndarray] = {}
    size = 0
    for name, array in arrays.items():
        if array.nbytes > most:
            raise ValueError(
                f"'{name}' alone has {array.nbytes} bytes; max_shard_size allows "
                f"{int(most)}. Allow {array.nbytes / _GIGABYTE:.3g} gigabytes or more."
            )
        if size + array.nbytes > most:
            yield shard
            shard, size = {}, 0
        shard[name] = array
        size += array.nbytes
    yield shard


def _named_files(path: str | os.PathLike[str], name: str) -> list[str]:
    """Return the files that an index names, all of them in its own folder."""
    try:
        places = json.loads(Path(path).read_bytes())["weight_map"].values()
        files = [file for place in places for file in _listed(place)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(name, "it is no index of files of weights") from error
    for file in files:
        if not isinstance(file, str) or Path(file).name != file or "\\" in file:
            raise damaged(name, f"it names the file {file!r}, outside of its folder")
    return list(dict.fromkeys(files))


def _listed(place: Any) -> Iterable[Any]:
    return place if isinstance(place, list) else [place]
