"""Every test meets each older spelling for the first time."""

import warnings

import pytest

from keratorch import compat
from keratorch.compat import spoken


@pytest.fixture(autouse=True)
def first_time():
    compat.watch()
    spoken.forget()


@pytest.fixture
def quiet():
    """Let older spellings pass: what the test is about is what they do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield


@pytest.fixture
def installed(quiet):
    """Let `keras` and `tensorflow` mean KeraTorch."""
    try:
        compat.install()
    except RuntimeError:
        pytest.skip("the real Keras is loaded in this process")
    yield
    compat.uninstall()
