"""Parity tests compare with PyTorch and Keras, where these are installed.

A test module says ``torch = pytest.importorskip("torch")`` or the like at its top:
without that package it is skipped. With ``KERATORCH_REQUIRE_PARITY=1`` in the
environment nothing is skipped in silence: a missing package ends the run with an error.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings

import pytest

from tests.conftest import SEED

# Keras's own default is TensorFlow.
os.environ.setdefault("KERAS_BACKEND", "torch")


def import_peers() -> dict[str, str]:
    """Import PyTorch and Keras; return why those that are missing are."""
    missing = {}
    for name in ("torch", "keras"):
        # The warnings of another library's import are not this suite's errors.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(name)
            except ImportError as error:
                missing[name] = str(error)
    return missing


missing = import_peers()
if missing and os.environ.get("KERATORCH_REQUIRE_PARITY", "0") != "0":
    raise ImportError(f"KERATORCH_REQUIRE_PARITY is set, but: {missing}")


@pytest.fixture(autouse=True)
def seeded_torch() -> None:
    """Seed what a test draws from PyTorch's own stream."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(SEED)
