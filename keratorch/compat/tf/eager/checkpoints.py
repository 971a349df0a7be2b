"""`tf.train.Checkpoint`: variables, by where they are found in objects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.compat.tf.eager import checkpoint_files
from keratorch.compat.tf.eager.modules import Module, attributes_of
from keratorch.layers import Layer
from keratorch.metrics import Metric
from keratorch.optimizers import Optimizer
from keratorch.variable import Variable


def children(owner: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and the objects in which variables may be found.

    Raises
    ------
    ValueError : an object that has no variables.
    """
    if isinstance(owner, Checkpoint):
        yield from owner._tracked().items()
    elif isinstance(owner, Layer):
        yield from _of_layer(owner)
    elif isinstance(owner, (Optimizer, Metric)):
        values = owner.variables
        yield from ((str(i), v) for i, v in enumerate(values))
    elif isinstance(owner, (Module, dict, list, tuple)):
        yield from (
            (name, value)
            for name, value in attributes_of(owner)
            if isinstance(
                value, (Variable, Module, Layer, Optimizer, Metric, dict, list, tuple)
            )
        )


def _of_layer(layer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the variables and layers of a layer: by attributes first."""
    seen: set[int] = set()
    for name, value in list(vars(layer).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, (Variable, Layer, Module)):
            seen.add(id(value))
            yield name, value
        elif isinstance(value, (dict, list, tuple)) and _holds(value):
            yield name, value
    for i, inner in enumerate(getattr(layer, "layers", ())):
        if id(inner) not in seen:
            yield f"layer-{i}", inner
    for i, variable in enumerate(layer._own_weights):
        yield f"variable-{i}", variable


def _holds(container: Any) -> bool:
    kinds = (Variable, Layer, Module)
    return any(isinstance(value, kinds) for _, value in attributes_of(container))


def variables_of(owner: Any, path: str = "") -> Iterator[tuple[str, Variable]]:
    """Yield paths and variables: a variable once by each path that leads to it."""
    todo: list[tuple[str, Any, tuple[int, ...]]] = [(path, owner, ())]
    while todo:
        path, value, above = todo.pop(0)
        if isinstance(value, Variable):
            yield path, value
        elif id(value) not in above:
            above = (*above, id(value))
            inner = children(value)
            todo += [(f"{path}/{name}".lstrip("/"), x, above) for name, x in inner]


class Status:
    """What came of a restoration.

    Parameters
    ----------
    missing : paths of variables for which the checkpoint has no values.
    unused : function that returns paths in the checkpoint without a variable so far.
    """

    def __init__(self, missing: Any = (), unused: Any = lambda: ()):
        self._missing, self._unused = list(missing), unused

    def assert_existing_objects_matched(self) -> Status:
        """Raise an AssertionError unless each variable got its value."""
        if self._missing:
            raise AssertionError(f"No checkpointed value for {self._missing[:5]}.")
        return self

    def assert_consumed(self) -> Status:
        """Raise an AssertionError unless, besides, each value has a variable."""
        self.assert_existing_objects_matched()
        unused = [path for path in self._unused() if path != "save_counter"]
        if unused:
            raise AssertionError(f"Unresolved values in the checkpoint: {unused[:5]}.")
        return self

    def assert_nontrivial_match(self) -> Status:
        """Return itself."""
        return self

    expect_partial = run_restore_ops = initialize_or_restore = assert_nontrivial_match


class Checkpoint:
    """Saves the variables in objects, and restores them.

    Parameters
    ----------
    root : an object whose attributes are saved beside the named ones, or None.
    kwargs : names and objects: variables, layers, models, optimizers, modules, metrics,
        other checkpoints, and lists and dicts of them.

    Raises
    ------
    ValueError : an object without variables.

    Examples
    --------
    >>> import tempfile
    >>> step = Variable(1.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Checkpoint(step=step).write(f"{folder}/ckpt")
    ...     _ = step.assign(5.0)
    ...     _ = Checkpoint(step=step).read(path)
    >>> float(step)
    1.0
    """

    _pending: dict[str, np.ndarray] | None = None
    _filled: dict[int, Variable]  # by identity, so that none is given values twice
    _used: set[int]

    def __init__(self, root: Any = None, **kwargs: Any):
        self._root = root
        self._counter: Variable | None = None  # made by the first `save`
        for name, value in kwargs.items():
            _check_trackable(name, value)
            setattr(self, name, value)

    @property
    def save_counter(self) -> Variable:
        """The number of times that `save` was called."""
        if self._counter is None:
            name = "save_counter"
            self._counter = Variable(0, dtype="int64", trainable=False, name=name)
        return self._counter

    def _tracked(self) -> dict[str, Any]:
        own = {k: v for k, v in vars(self).items() if not k.startswith("_")}
        if self._root is not None:
            own = {**dict(children(self._root)), **own}
        return own if self._counter is None else {"save_counter": self._counter, **own}

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if self._pending is not None and not name.startswith("_"):
            self._fill()

    def write(self, file_prefix: Any, options: Any = None) -> str:
        """Write the values of all variables, and return the prefix of the files."""
        prefix = os.fspath(file_prefix)
        found = dict(variables_of(self))
        arrays = {id(v): v.numpy() for v in found.values()}
        place = {key: i for i, key in enumerate(arrays)}
        index = {path: place[id(v)] for path, v in found.items()}
        checkpoint_files.save(prefix, list(arrays.values()), index)
        return prefix

    def save(self, file_prefix: Any, options: Any = None) -> str:
        """Write to the prefix with a number behind it, and note it as the latest."""
        number = int(self.save_counter) + 1
        self.save_counter.assign(number)
        prefix = self.write(f"{os.fspath(file_prefix)}-{number}")
        checkpoint_files.write_state(os.path.dirname(prefix), prefix, [prefix])
        return prefix

    def read(self, save_path: Any, options: Any = None) -> Status:
        """Give the variables the values in the files.

        Variables that are made later, when a layer is built, get theirs then.

        Raises
        ------
        FileNotFoundError : there is no such checkpoint.
        ValueError : it is no checkpoint of KeraTorch's, or a shape differs.
        """
        self.__dict__.update(
            _pending=checkpoint_files.load(os.fspath(save_path)),
            _filled={},
            _used=set(),
        )
        return Status(self._fill(), self._unread)

    def restore(self, save_path: Any, options: Any = None) -> Status:
        """Do what `read` does; without a path, nothing."""
        if save_path is None:
            return Status()
        values = checkpoint_files.load(os.fspath(save_path))
        if "save_counter" in values:
            self.save_counter.assign(values["save_counter"])
        return self.read(save_path)

    def _unread(self) -> list[str]:
        pending = self._pending or {}
        return [path for path, x in pending.items() if id(x) not in self._used]

    def _fill(self) -> list[str]:
        """Give variables their values, and return the paths of those without one."""
        pending = self._pending or {}
        found = dict(variables_of(self))
        missing = {id(v): path for path, v in found.items()}
        for path, variable in found.items():
            if path in pending and id(variable) not in self._filled:
                variable.assign(pending[path])
                self._filled[id(variable)] = variable
                self._used.add(id(pending[path]))
            if id(variable) in self._filled:
                missing.pop(id(variable), None)
        _wait_for(self, self._fill)
        return list(missing.values())


def _wait_for(owner: Any, restore: Any) -> None:
    """Let what is not built restore its values when it is."""
    todo, seen = [owner], set()
    while todo:
        value = todo.pop()
        if id(value) in seen or isinstance(value, Variable):
            continue
        seen.add(id(value))
        if isinstance(value, (Layer, Optimizer)) and not value.built:
            _restoring(value, restore)
        todo += [x for _, x in children(value)]


def _restoring(owner: Any, restore: Any) -> None:
    """Let an object restore values right after it is built, once."""
    name = "build" if isinstance(owner, Optimizer) else "build_for"
    build = getattr(owner, name)
    if getattr(build, "restores", False):
        return

    def build_and_restore(*args: Any, **kwargs: Any) -> Any:
        vars(owner).pop(name, None)
        result = build(*args, **kwargs)
        restore()
        return result

    build_and_restore.restores = True  # type: ignore[attr-defined]
    vars(owner)[name] = build_and_restore


def _check_trackable(name: str, value: Any) -> None:
    kinds = (Variable, Layer, Optimizer, Metric, Module, Checkpoint, dict, list, tuple)
    if not isinstance(value, kinds):
        raise ValueError(
            f"`Checkpoint` was expecting {name} to be a trackable object (an object "
            f"with variables), got {type(value).__name__}. Leave it out."
        )
