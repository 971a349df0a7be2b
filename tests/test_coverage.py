"""docs/coverage.md says what the registry says."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
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
