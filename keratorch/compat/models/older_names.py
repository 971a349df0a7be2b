"""Names that layers and models without one got: 'dense_1' for the first, 'input_1' ...

Keras numbered them from 1 on until 2.3 and called them by their class in small letters
in version 1; tf.keras numbered from the second on, as Keras 3 does, but called inputs
'input_1' and models 'model'. It matters to scripts that speak of such a name, so `run`
reads which they speak of; others get the names of today.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator
from importlib import import_module

from keratorch.compat import dialect
from keratorch.naming import to_snake_case

_RENAMED = {"Functional": "Model", "input_layer": "Input"}
#: What version 1 called classes, beyond their own names.
_VERSION_1 = {
    "conv1d": "convolution1d",
    "conv2d": "convolution2d",
    "conv3d": "convolution3d",
    "conv2dtranspose": "deconvolution2d",
}
_NUMBERED = re.compile(r"([a-z]\w*?)_(\d+)(_input|_loss|_acc|_accuracy)?(_\d+)?")
_NEWER_LAYERS = {
    "Normalization",
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "Rescaling",
    "Resizing",
    "StringLookup",
    "TextVectorization",
}
_TENSORFLOW = ("tf", "tensorflow")

_start: int | None = None  # the first number; None for the names of today
_of_version_1 = False


def read(source: str) -> None:
    """Find out on which names a script counts, after `dialect` has read it.

    Parameters
    ----------
    source : str, the script; one that Python cannot read says nothing.
    """
    global _start, _of_version_1
    forget()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    if not dialect.is_older():
        return
    known = {to_snake_case(name) for name in import_module("keratorch.layers").LAYERS}
    known |= {"input", "model", "sequential"}
    flat = {name.replace("_", "") for name in known} - known | {*_VERSION_1.values()}
    spoken = set(_spoken(tree))
    _of_version_1 = bool(spoken & flat)
    if dialect.is_before_2_4() or spoken & (known | flat) or _asks_by_name(tree):
        _start = 0 if _is_newer(tree) else 1


def forget() -> None:
    """Give the names of today again."""
    global _start, _of_version_1
    _start, _of_version_1 = None, False


def as_then(auto_name: Callable[[str], str]) -> Callable[[str], str]:
    """Return the function that names layers, by the rule on which the script counts."""

    @functools.wraps(auto_name)
    def older(prefix: str) -> str:
        if _start is None:
            return auto_name(prefix)
        prefix = _RENAMED.get(prefix, prefix)
        if _of_version_1:
            prefix = _VERSION_1.get(prefix.lower(), prefix.lower())
        name = auto_name(prefix)
        first = name == to_snake_case(prefix)
        return auto_name(prefix) if first and (_start or prefix == "Input") else name

    return older


def _spoken(tree: ast.AST) -> Iterator[str]:
    """Yield the names without numbers that a script finds layers and logs by."""
    given = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "name"
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = _NUMBERED.fullmatch(node.value.removeprefix("val_"))
            if found and node.value not in given:
                yield found[1]


def _asks_by_name(tree: ast.AST) -> bool:
    """Return whether a script reads weights for layers of the same names."""
    return any(
        isinstance(node, ast.keyword) and node.arg == "by_name"
        for node in ast.walk(tree)
    )


def _is_newer(tree: ast.AST) -> bool:
    """Return whether a script is for tf.keras, or for Keras after it became that."""
    return any(map(_is_of_newer, ast.walk(tree)))


def _is_of_newer(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "keras" and getattr(node.value, "id", "") in _TENSORFLOW
    if isinstance(node, ast.keyword):
        return node.arg == "learning_rate"
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return False
    names = [alias.name for alias in node.names]
    below = getattr(node, "module", None)
    paths = [f"{below}.{name}" if below else name for name in names]
    tf_keras = any(
        path.startswith("tensorflow.") and ".keras" in path for path in paths
    )
    return tf_keras or not _NEWER_LAYERS.isdisjoint(names)
