"""The files of a checkpoint, and the note in a folder of which there are.

``<prefix>.index`` is JSON: which array each path has; ``<prefix>.data-00000-of-00001``
holds the arrays in NumPy's format ``npz``. TensorFlow's own files cannot be read.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from typing import Any

import numpy as np

_INDEX, _DATA = ".index", ".data-00000-of-00001"
_FORMAT = "keratorch checkpoint 1"
_WEIGHTS = {"format": "keratorch weights 1"}  # of `save_weights`, in another file


def save(prefix: str, arrays: list[np.ndarray], index: dict[str, int]) -> None:
    """Write arrays, and for each path which of them it has."""
    os.makedirs(os.path.dirname(os.path.abspath(prefix)), exist_ok=True)
    data, named = io.BytesIO(), {f"a{i}": x for i, x in enumerate(arrays)}
    np.savez(data, **named)  # type: ignore[arg-type]
    _write(f"{prefix}{_DATA}", data.getvalue())
    text = json.dumps({"format": _FORMAT, "variables": index})
    _write(f"{prefix}{_INDEX}", text.encode())


def save_weights(prefix: str, write: Callable[[str], None]) -> None:
    """Write the weights of a model under the names of a checkpoint, and note it.

    Parameters
    ----------
    write : function that writes the weights into the file of a name.
    """
    write(f"{prefix}{_DATA}")
    _write(f"{prefix}{_INDEX}", json.dumps(_WEIGHTS).encode())
    write_state(os.path.dirname(prefix), prefix, [prefix])


def file_of_weights(path: str) -> str:
    """Return the file that `save_weights` wrote under a name, or else the name."""
    data = f"{path}{_DATA}"
    return data if os.path.isfile(data) and not os.path.isfile(path) else path


def load(prefix: str) -> dict[str, np.ndarray]:
    """Return the values in a checkpoint, by path.

    Raises
    ------
    FileNotFoundError : there is no such checkpoint.
    ValueError : it is no checkpoint of KeraTorch's.
    """
    if not os.path.isfile(f"{prefix}{_INDEX}"):
        raise FileNotFoundError(
            f"There is no checkpoint {prefix!r}: no file {prefix}{_INDEX}. "
            "tf.train.latest_checkpoint(folder) names the newest."
        )
    with open(f"{prefix}{_INDEX}", "rb") as file:
        text = file.read()
    try:
        index = json.loads(text)
        assert_ours = index["format"] == _FORMAT
    except (ValueError, KeyError, TypeError):
        assert_ours = False
    if not assert_ours:
        raise ValueError(
            f"{prefix}{_INDEX} is no checkpoint of KeraTorch's: it cannot read "
            "TensorFlow's. Save the weights from TensorFlow by model.save_weights("
            "'w.weights.h5'), and load these."
        )
    with np.load(f"{prefix}{_DATA}", allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    return {path: arrays[f"a{i}"] for path, i in index["variables"].items()}


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """Return the paths and shapes in a checkpoint, or in the latest of a folder."""
    prefix = os.fspath(ckpt_dir_or_file)
    if os.path.isdir(prefix):
        prefix = latest(prefix) or prefix
    return sorted((path, list(x.shape)) for path, x in load(prefix).items())


def load_variable(ckpt_dir_or_file: Any, name: str) -> np.ndarray:
    """Return the values of one path in a checkpoint."""
    return load(os.fspath(ckpt_dir_or_file))[name]


def write_state(folder: str, newest: str, paths: list[str]) -> None:
    """Note in a folder's file 'checkpoint' which there are, and the latest."""
    lines = [f'model_checkpoint_path: "{_within(folder, newest)}"']
    lines += [f'all_model_checkpoint_paths: "{_within(folder, p)}"' for p in paths]
    text = "".join(f"{line}\n" for line in lines)
    _write(os.path.join(folder, "checkpoint"), text.encode())


def _within(folder: str, path: str) -> str:
    return os.path.relpath(path, folder or ".")


def noted(folder: str) -> list[str]:
    """Return the checkpoints that a folder's file 'checkpoint' names, latest first."""
    file = os.path.join(folder, "checkpoint")
    if not os.path.isfile(file):
        return []
    with open(file, encoding="utf-8") as lines:
        values = [
            line.split(":", 1)[1].strip().strip('"') for line in lines if ":" in line
        ]
    paths = [os.path.join(folder, value) for value in values]
    return [path for path in paths if os.path.isfile(f"{path}{_INDEX}")]


def latest(folder: str) -> str | None:
    """Return the checkpoint that was saved last in a folder, or None."""
    return next(iter(noted(folder)), None)


def delete(prefix: str) -> None:
    """Delete the files of a checkpoint."""
    for ending in (_INDEX, _DATA):
        if os.path.isfile(f"{prefix}{ending}"):
            os.remove(f"{prefix}{ending}")


def _write(path: str, content: bytes) -> None:
    """Write a file at once: an interrupted process leaves the old one."""
    with open(f"{path}.part", "wb") as file:
        file.write(content)
    os.replace(f"{path}.part", path)
