"""Each test begins with the same random numbers, whatever ran before it.

They are KeraTorch's, NumPy's and Python's own. Each test must pass with others as well:
``KERATORCH_SEED=7 pytest tests/layers`` begins with those.
"""

from __future__ import annotations

import os

import pytest

from keratorch.utils import set_random_seed

SEED = int(os.environ.get("KERATORCH_SEED", "0"))


def pytest_collectstart() -> None:
    """Seed what a module draws while it is imported."""
    set_random_seed(SEED)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Seed what a test and its fixtures draw."""
    set_random_seed(SEED)
