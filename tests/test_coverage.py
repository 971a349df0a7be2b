"""docs/coverage.md says what the registry says."""

import importlib.util
import math
import re
import statistics
from pathlib import Path

import numpy as np
import pytest

from keratorch import GradArray, grad

DOCS = Path(__file__).parents[1] / "docs"
NAMES = {"np": np, "math": math, "statistics": statistics}
PAGE = (DOCS / "coverage.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("maker", DOCS / "make_coverage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_page_is_up_to_date_for_each_function_that_this_numpy_has(maker):
    stored = dict(re.findall(r"^\| `(np\..*?)` \| (.*) \|$", PAGE, flags=re.MULTILINE))
    found = {name: maker.status(name, f) for name, f in maker.numpy_functions()}
    common = found.keys() & stored.keys()
    assert len(common) > 300
    for name in sorted(common):
        assert found[name] == stored[name], f"run python docs/make_coverage.py: {name}"


def test_page_lists_each_operation_of_our_own(maker):
    for cls in maker.own_operations():
        module = cls.__module__.rpartition(".")[2]
        # Where this NumPy lacks a function, its Grad looks like one of our own.
        rows = (f"`{module}.{cls.__name__}` |", f"any order: `{cls.__name__}` |")
        assert any(row in PAGE for row in rows), "run python docs/make_coverage.py"


def fate(code, y, s):
    """Return what becomes of a gradient: "kept", "value" or "error"."""
    try:
        found = eval(code, {**NAMES, "y": y, "s": s})
    except (TypeError, ValueError):  # of NumPy, where it sees no number
        return "error"
    return "kept" if getattr(found, "requires_grad", False) else "value"


def test_page_says_where_a_gradient_ends(maker):
    assert "\n".join(maker.ends()) in PAGE, "run python docs/make_coverage.py"
    for what, examples in maker.ENDS.items():
        word = "keeps" if "keeps" in what else "value" if "value" in what else "error"
        expected = word.replace("keeps", "kept")
        for code in examples:
            y, s = GradArray([0.3, 0.7, 1.1]) * 2, GradArray(np.array(0.4)) * 2
            assert fate(code, y, s) == expected, code


def test_page_says_what_is_an_error_where_a_transform_records(maker):
    groups = [x for what, x in maker.ENDS.items() if "an error where" in what]
    for code in [code for examples in groups for code in examples]:
        fates = []

        def function(y, code=code, fates=fates):
            fates.append(fate(code, y, y[0]))
            return y.sum()

        grad(function)(np.array([0.3, 0.7, 1.1]))
        assert fates == ["error"], code
