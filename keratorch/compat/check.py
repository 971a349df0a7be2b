"""``python -m keratorch check``: which names of a script would not work, and where.

The script is read, not run: its imports and the names reached through them are looked
up in KeraTorch, and so are the arguments of the classes and functions that it calls.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from keratorch import compat
from keratorch.compat.arguments import OPTIMIZERS
from keratorch.compat.missing import Missing
from keratorch.layers import Layer

_LIBRARIES = (
    "keras",
    "keras_core",
    "tensorflow",
    "tensorflow_datasets",
    "tf_keras",
    "keratorch",
)
_METHODS = ("compile", "fit", "evaluate", "predict", "fit_generator")


def check(scripts: Sequence[str]) -> int:
    """Print what scripts use that KeraTorch lacks; return 1 if there is anything."""
    found = 0
    for script in scripts:
        try:
            problems = problems_of(_source(script), script)
        except (OSError, SyntaxError, ValueError) as error:
            print(f"{script}: cannot be read as Python 3: {error}")
            found += 1
            continue
        for line, problem in problems:
            print(f"{script}:{line}: {problem}")
        if not problems:
            print(f"{script}: every name is known.")
        found += len(problems)
    return int(found > 0)


def _source(script: str) -> str:
    """Return the program of a script, or of the cells of a notebook.

    Raises
    ------
    ValueError : a notebook that is no JSON.
    """
    with open(script, encoding="utf-8") as file:
        text = file.read()
    if not script.endswith(".ipynb"):
        return text
    cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
    lines = [line for c in cells for line in "".join(c["source"]).splitlines()]
    # %matplotlib and !pip are not Python; a blank line keeps the others' numbers
    return "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in lines)


def problems_of(text: str, script: str = "script") -> list[tuple[int, str]]:
    """Return (line, what is wrong) for the names that KeraTorch lacks.

    Raises
    ------
    SyntaxError : the text is no Python 3.

    Examples
    --------
    >>> problems_of("from keras.layers import Dense, Dens")
    [(1, 'keras.layers has no Dens')]
    """
    tree = ast.parse(text, script)
    served = compat._finder.serves_keras
    if not served:
        compat.install()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sorted(set(_Reader().read(tree)))
    finally:
        if not served:
            compat.uninstall()


class _Reader:
    """Goes through a script, and keeps what its names stand for."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def read(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """Yield (line, what is wrong)."""
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from self._import(node)
            elif isinstance(node, ast.ImportFrom):
                yield from self._import_from(node)
        for node in nodes:
            if isinstance(node, ast.Assign):
                self._assign(node)
        inner = {id(n.value) for n in nodes if isinstance(n, ast.Attribute)}
        for node in nodes:
            if isinstance(node, ast.Attribute) and id(node) not in inner:
                yield from self._attribute(node)
            elif isinstance(node, ast.Call):
                yield from self._call(node)

    def _import(self, node: ast.Import) -> Iterator[tuple[int, str]]:
        for alias in node.names:
            if alias.name.split(".")[0] not in _LIBRARIES:
                continue
            module, problem = _module(alias.name)
            if problem:
                yield node.lineno, problem
            elif alias.asname:
                self.names[alias.asname] = module
            else:
                top = alias.name.split(".")[0]
                self.names[top] = importlib.import_module(top)

    def _import_from(self, node: ast.ImportFrom) -> Iterator[tuple[int, str]]:
        path = node.module or ""
        if node.level or path.split(".")[0] not in _LIBRARIES:
            return
        module, problem = _module(path)
        if problem:
            yield node.lineno, problem
            return
        for alias in node.names:
            if alias.name == "*":
                self.names |= {n: getattr(module, n) for n in module.__all__}
                continue
            found = getattr(module, alias.name, None)
            if found is None:
                found, problem = _module(f"{path}.{alias.name}")
                if problem:
                    yield node.lineno, f"{path} has no {alias.name}"
                    continue
            if isinstance(found, Missing):
                yield node.lineno, f"{found.__name__}: {found._reason}"
            self.names[alias.asname or alias.name] = found

    def _assign(self, node: ast.Assign) -> None:
        """Remember which names hold models, whose methods are known."""
        if isinstance(node.value, ast.Call):
            made, _ = self._find(node.value.func)
            if isinstance(made, type):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.names.setdefault(target.id, _Object(made))

    def _attribute(self, node: ast.Attribute) -> Iterator[tuple[int, str]]:
        found, problem = self._find(node)
        if problem:
            yield node.lineno, problem
        elif isinstance(found, Missing):
            yield node.lineno, f"{found.__name__}: {found._reason}"

    def _call(self, node: ast.Call) -> Iterator[tuple[int, str]]:
        called, _ = self._find(node.func)
        accepted = accepted_arguments(called)
        if accepted is None:
            return
        name = ast.unparse(node.func)
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in accepted:
                yield node.lineno, f"{name}() does not know the argument {keyword.arg}"

    def _find(self, node: ast.AST) -> tuple[Any, str | None]:
        """Return what an expression stands for, or what is wrong; None if unknown."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id), None
        if not isinstance(node, ast.Attribute):
            return None, None
        owner, problem = self._find(node.value)
        if owner is None or problem:
            return None, problem
        if isinstance(owner, _Object):
            method = getattr(owner.cls, node.attr, None)
            return (method if node.attr in _METHODS else None), None
        if (
            isinstance(owner, type)
            or inspect.ismodule(owner)
            or isinstance(owner, Missing)
        ):
            found = getattr(owner, node.attr, _NOTHING)
            if found is not _NOTHING:
                return found, None
            return None, f"{ast.unparse(node)} does not exist"
        return None, None


class _Object:
    """A name that holds an object of a class."""

    def __init__(self, cls: type):
        self.cls = cls


_NOTHING = object()


def accepted_arguments(called: Any) -> set[str] | None:
    """Return the names of all arguments, older ones too; None if any will do.

    Examples
    --------
    >>> from keratorch.layers import Dense
    >>> {"units", "name", "input_dim"} <= accepted_arguments(Dense)
    True
    """
    ours = str(getattr(called, "__module__", "")).startswith("keratorch")
    if not ours or isinstance(called, Missing) or not callable(called):
        return None
    accepted: set[str] = {"input_shape", "input_dim", "input_length"}
    if getattr(called, "__name__", "") in OPTIMIZERS:
        accepted.add("lr")
    if getattr(called, "__name__", "") == "Model":
        accepted |= {"inputs", "outputs"}
    for function in _functions_of(called):
        if not inspect.isroutine(function):
            return None
        parameters = inspect.signature(function).parameters.values()
        accepted.update(parameter.name for parameter in parameters)
        accepted.update(getattr(function, "older_arguments", {}))
        takes_all = any(p.kind is p.VAR_KEYWORD for p in parameters)
        if not takes_all or function is Layer.__init__:
            return accepted
    return None


def _functions_of(called: Any) -> list[Any]:
    """Return the functions that get the arguments of a call, one after the other."""
    if not isinstance(called, type):
        return [called]
    return [vars(c)["__init__"] for c in called.__mro__[:-1] if "__init__" in vars(c)]


def _module(name: str) -> tuple[Any, str | None]:
    try:
        return importlib.import_module(name), None
    except ImportError as error:
        return None, str(error)
