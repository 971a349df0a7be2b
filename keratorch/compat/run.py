"""``python -m keratorch run``: a script of Keras or tf.keras runs with KeraTorch."""

from __future__ import annotations

import os
import runpy
import sys
import tokenize
import warnings
from collections.abc import Sequence

from keratorch import compat, config
from keratorch.compat import dialect, layouts
from keratorch.compat.models import array_attributes, older_names
from keratorch.compat.tf.eager import numpy_answers


def run(script: str, arguments: Sequence[str] = ()) -> None:
    """Run a script in which `keras` and `tf.keras` mean KeraTorch.

    Parameters
    ----------
    script : path of the file.
    arguments : what the script finds in ``sys.argv`` behind its own name.

    Raises
    ------
    FileNotFoundError : there is no such file.
    ValueError : it is a notebook.
    """
    if (problem := problem_of(script)) is not None:
        raise problem
    compat.install()
    with tokenize.open(script) as file:
        source = file.read()
    dialect.read(source)
    older_names.read(source)
    shapes, dtypes = dialect.asks_shapes(source), dialect.asks_dtypes(source)
    if shapes or dtypes:
        array_attributes.add(shapes, dtypes)
    if dialect.has_tensors(source):
        numpy_answers.add()
    if layouts.channels_come_first(source):
        _put_channels_first(script)
    sys.argv = [script, *arguments]
    sys.path[0:1] = [os.path.dirname(os.path.abspath(script))]
    runpy.run_path(script, run_name="__main__")


def problem_of(script: str) -> Exception | None:
    """Return the error where there is no script to run."""
    if not os.path.isfile(script):
        return FileNotFoundError(f"there is no script {script!r}.")
    if script.endswith(".ipynb"):
        return ValueError(
            f"{script!r} is a notebook; run takes scripts. Write its cells to a file: "
            "jupyter nbconvert --to script."
        )
    return None


def _put_channels_first(script: str) -> None:
    config.set_image_data_format("channels_first")
    warnings.warn(
        f"run: the shapes in {os.path.basename(script)} have the channels first, as "
        "Keras 1 had them by its keras.json: so image_data_format is 'channels_first'. "
        "For another order, write keras.backend.set_image_data_format('channels_last') "
        "at the script's beginning.",
        stacklevel=3,
    )
