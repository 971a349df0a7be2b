"""Which of two names of a metric a script uses: 'acc' or 'accuracy', 'lr' ...

`Logs` find a number by each of its names. But they list it under one, and a script may
copy what they list: ``pandas.DataFrame(history.history)['acc']``. So `run` reads the
script, and logs list the names that it uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keratorch import compat
from keratorch.compat import signs

_COMPILE = ("metrics", "weighted_metrics", "loss")  # what these hold are no keys
_spoken: set[str] = set()
_of_today: set[str] = set()  # what only Keras 3 has, as far as the script uses it
_of_keras_0: set[str] = set()  # what Keras 1 dropped, as far as the script uses it
_of_keras_1: set[str] = set()  # what Keras 1 had, as far as it uses it
_before_2_3: set[str] = set()  # what Keras lost in 2.3 or 2.4, or TensorFlow in 2
_before_2_9: set[str] = set()  # what Keras lost before 2.9 or soon after
_before_3: set[str] = set()  # modules that Keras 3 has no more
_in_batches: set[str] = set()  # arguments of Keras 2 that count batches
_once_around: set[str] = set()  # methods whose batches it takes as if they ended
_packages: set[str] = set()  # that it imports: "keras", "tf.keras"
#: Functions that show a text: it says nothing of the names in the logs.
_SHOWS = (
    *("legend", "print", "set_title", "set_xlabel", "set_ylabel", "suptitle"),
    *("text", "title", "xlabel", "ylabel"),
)
_OF_TENSORFLOWS_DTYPES = (
    *(".base_dtype", ".as_numpy_dtype", ".dtype.is_floating", ".dtype.is_integer"),
    *(".dtype.limits", ".dtype.max", ".dtype.min", ".dtype.size"),
)
_COUNTS_OF_BATCHES = ("steps", "steps_per_epoch", "validation_steps")
#: What leaves a loop, or lets another function go on in between.
_LEAVE = (ast.Break, ast.Raise, ast.Return, ast.Yield, ast.YieldFrom)


def read(source: str) -> None:
    """Let logs list the names of metrics that a script uses.

    Parameters
    ----------
    source : str, the script; one that Python cannot read says nothing.
    """
    forget()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    _spoken.update(_keys(tree))
    _of_today.update(signs.of_today(tree))
    _of_keras_0.update(signs.before_1(tree))
    _of_keras_1.update(signs.of_keras_1(tree))
    _before_2_3.update(signs.before_2_3(tree))
    _before_2_9.update(signs.before_2_9(tree))
    _before_3.update(signs.before_3(tree))
    _in_batches.update(signs.arguments(tree, _COUNTS_OF_BATCHES))
    _once_around.update(_without_end(tree))
    _packages.update(signs.packages(tree))
    older = _of_keras_1 or _before_2_3 or _before_2_9 or _before_3
    if older and "learning_rate" not in _spoken:
        _spoken.add("lr")  # as the logs called it then
    if (_of_keras_1 or _before_2_3) and "accuracy" not in _spoken:
        _spoken.add("acc")


def forget() -> None:
    """Let logs list the names of today."""
    _spoken.clear()
    _of_today.clear()
    _of_keras_0.clear()
    _of_keras_1.clear()
    _before_2_3.clear()
    _before_2_9.clear()
    _before_3.clear()
    _in_batches.clear()
    _once_around.clear()
    _packages.clear()


def is_older() -> bool:
    """Return whether a script for Keras runs which has nothing that only Keras 3 has.

    >>> is_older()
    False
    """
    return compat._finder.serves_keras and not _of_today


def is_before_1() -> bool:
    """Return whether a script for Keras runs that has `show_accuracy` or a `Graph`.

    Or a ``Dense(inputs, outputs)``.
    """
    return is_older() and bool(_of_keras_0)


def is_before_2() -> bool:
    """Return whether a script for Keras runs that names `nb_epoch`, as Keras 1 did.

    Or `samples_per_epoch`.
    """
    return is_older() and not _of_keras_1.isdisjoint(signs.COUNTED)


def has_keras_1() -> bool:
    """Return whether a script for Keras runs which has what Keras 1 had."""
    return is_older() and bool(_of_keras_1)


def is_before_2_4() -> bool:
    """Return whether a script for Keras runs which has what Keras lost before 2.4.

    Or what TensorFlow lost in version 2.
    """
    return is_older() and bool(_of_keras_1 or _before_2_3)


def is_keras_before_2_4() -> bool:
    """Return whether such a script imports Keras itself, and not that of TensorFlow."""
    return is_before_2_4() and "keras" in _packages and not imports_tf_keras()


def imports_tf_keras() -> bool:
    """Return whether a script imports TensorFlow's Keras."""
    return "tf.keras" in _packages


def is_before_2_3() -> bool:
    """Return whether a script for Keras runs whose recurrent gates were hard.

    They were so in Keras before 2.3, and in the tf.keras of TensorFlow 1.
    """
    return is_keras_before_2_4() or (is_older() and bool(_before_2_3))


def is_before_2_9() -> bool:
    """Return whether a script for Keras runs in which `predict` showed no progress."""
    return is_before_2_4() or (is_older() and bool(_before_2_9))


def is_before_3() -> bool:
    """Return whether a script for Keras runs which has what Keras lost before 3."""
    return is_before_2_9() or (is_older() and bool(_before_3))


def counts_samples() -> bool:
    """Return whether generators are given numbers of samples, as in Keras 1.

    Such a script is of Keras 1, and names no number of batches.
    """
    return is_before_2() and not _in_batches


def flows_end() -> bool:
    """Return whether batches of images end with the samples, as in Keras 0.

    Such a script loops over them and never leaves the loop.
    """
    return is_older() and bool(_once_around)


def goes_by_loss(metric: str) -> bool:
    """Return whether a script was written when the loss said what 'accuracy' means.

    That was so to Keras 2.3. Such a script shows by what Keras lost then, or reads as
    'acc' what it asks for as 'accuracy'.

    Parameters
    ----------
    metric : str, as the script gives it to `compile`.
    """
    renamed = metric == "accuracy" and metric not in _spoken and "acc" in _spoken
    return (renamed and is_older()) or is_before_2_4()


def asks_shapes(source: str) -> bool:
    """Return whether a script asks shapes for what only TensorFlow's have."""
    return ".as_list" in source or "].value" in source


def asks_dtypes(source: str) -> bool:
    """Return whether a script asks dtypes for what only TensorFlow's have."""
    return any(name in source for name in _OF_TENSORFLOWS_DTYPES)


def has_tensors(source: str) -> bool:
    """Return whether a script computes with TensorFlow's tensors, and no GradArrays."""
    return "tensorflow" in source and "keratorch" not in source


def _without_end(tree: ast.AST) -> Iterator[str]:
    """Yield 'flow' for each loop over its batches that nothing inside can leave."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call):
            continue
        inside = [inner for part in node.body for inner in ast.walk(part)]
        leaves = any(isinstance(inner, _LEAVE) or _exits(inner) for inner in inside)
        if _called(node.iter) == "flow" and not leaves:
            yield "flow"


def _exits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) in ("_exit", "exit", "quit")


def _keys(tree: ast.AST, shown: bool = False) -> Iterator[str]:
    """Yield the texts of a program that may be keys of logs.

    Arguments of `compile` are none, nor are texts that are shown: labels, titles.
    """
    if not isinstance(tree, (ast.List, ast.Tuple, ast.keyword)):  # which belong to it
        shown = isinstance(tree, ast.Call) and _called(tree) in _SHOWS
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.keyword) and child.arg in (*_COMPILE, "label"):
            continue
        text = getattr(child, "value", None)
        if isinstance(child, ast.Constant) and isinstance(text, str) and not shown:
            yield text.removeprefix("val_")
        yield from _keys(child, shown)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def listed(logs: Mapping[str, Any], same: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Return logs under the names that the script uses, where it uses only others.

    Parameters
    ----------
    logs : numbers by their names of today.
    same : groups of names that stand for one metric.

    Examples
    --------
    >>> read("plot(history.history['val_acc'])")
    >>> listed({"loss": 0.5, "val_accuracy": 0.75}, [("accuracy", "acc")])
    {'loss': 0.5, 'val_acc': 0.75}
    >>> forget()
    """
    if not _spoken:
        return dict(logs)
    groups = list(same)
    return {_listed(name, groups, logs): value for name, value in logs.items()}


def _listed(name: str, groups: list[tuple[str, ...]], logs: Mapping[str, Any]) -> str:
    end = name.removeprefix("val_")
    if end in _spoken:
        return name
    start = name.removesuffix(end)
    for group in groups:
        for other in group if end in group else ():
            if other in _spoken and start + other not in logs:
                return start + other
    return name
