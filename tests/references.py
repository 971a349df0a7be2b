"""The reference values of Keras and PyTorch that are stored in `data/references/`.

`parity/make_references.py` makes them; tests read them here, without either library.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parent / "data" / "references"
COUNTER = re.compile(r"_\d+$")
DURATION = re.compile(r"\b\d+(:\d\d){0,2}(us|ms|s)\b")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@cache
def load(name: str) -> Any:
    """The content of one file, such as 'losses'."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def each(cases: list, name: str = "name") -> pytest.MarkDecorator:
    """Run a test once for each case, as its argument `case`."""
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=str(case[name])) for case in cases]
    )


def float32(values: Any) -> np.ndarray:
    """Stored numbers as the float32 array they came from."""
    return np.array(values, dtype=np.float32)


def assert_close(
    actual: Any, stored: Any, rtol: float = 1e-5, atol: float = 1e-6
) -> None:
    """Shape and values equal up to the rounding of float32."""
    stored = np.array(stored, dtype=np.float64)
    actual = np.asarray(actual)
    assert actual.shape == stored.shape
    np.testing.assert_allclose(actual, stored, rtol=rtol, atol=atol)


def plain(value: Any) -> Any:
    """A config as JSON would give it back: lists for tuples, floats for NumPy's."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def assert_same_config(actual: Any, stored: Any) -> None:
    """The same keys, the same values; float32 may have rounded a number.

    A name that the library gave may carry another number than in Keras's session.
    """
    actual = plain(actual)
    _assert_same(actual, stored, "config")


def _assert_same(actual: Any, stored: Any, where: str) -> None:
    if isinstance(stored, dict):
        assert isinstance(actual, dict), f"{where}: {actual!r}"
        assert actual.keys() == stored.keys(), f"{where}: {actual.keys()}"
        for key, value in stored.items():
            _assert_same(actual[key], value, f"{where}[{key!r}]")
    elif isinstance(stored, list):
        assert isinstance(actual, list), f"{where}: {actual!r}"
        assert len(actual) == len(stored), f"{where}: {actual!r}"
        for i, value in enumerate(stored):
            _assert_same(actual[i], value, f"{where}[{i}]")
    elif isinstance(stored, float):
        assert isinstance(actual, float), f"{where}: {actual!r}"
        assert actual == pytest.approx(stored, rel=1e-7), where
    elif where.endswith("['name']") and isinstance(actual, str):
        assert COUNTER.sub("", actual) == COUNTER.sub("", stored), where
    else:
        assert type(actual) is type(stored), f"{where}: {actual!r}"
        assert actual == stored, where


def visible_lines(text: str) -> list[str]:
    """The lines that a terminal shows in the end, with durations masked."""
    lines: list[list[str]] = [[]]
    column = 0
    for character in ESCAPE.sub("", text):
        if character == "\n":
            lines.append([])
            column = 0
        elif character == "\r":
            column = 0
        elif character == "\b":
            column = max(column - 1, 0)
        else:
            lines[-1][column : column + 1] = character
            column += 1
    return [DURATION.sub("<time>", "".join(line)).rstrip() for line in lines]
