"""``python -m keratorch run``: a script of Keras or tf.keras runs with KeraTorch."""

from __future__ import annotations

import os
import runpy
import sys
import tokenize
from collections.abc import Sequence

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.models import array_attributes, older_names


def run(script: str, arguments: Sequence[str] = ()) -> None:
    """Run a script in which `keras` and `tf.keras` mean KeraTorch.

    Parameters
    ----------
    script : path of the file.
    arguments : what the script finds in ``sys.argv`` behind its own name.

    Raises
    ------
    FileNotFoundError : there is no such file.
    """
    if not os.path.isfile(script):
        raise FileNotFoundError(f"run: there is no script {script!r}.")
    compat.install()
    with tokenize.open(script) as file:
        source = file.read()
    dialect.read(source)
    older_names.read(source)
    if dialect.asks_shapes(source):
        array_attributes.add(shapes=True)
    sys.argv = [script, *arguments]
    sys.path[0:1] = [os.path.dirname(os.path.abspath(script))]
    runpy.run_path(script, run_name="__main__")
