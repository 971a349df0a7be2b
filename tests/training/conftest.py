import pytest

from keratorch import config
from keratorch.training import cutter


@pytest.fixture
def small_parts(monkeypatch):
    """Let small models be cut, into parts of a few samples."""
    monkeypatch.setattr(cutter, "_WORTH_IT", 1)
    monkeypatch.setattr(cutter, "_PART", 5000)
    monkeypatch.setattr(cutter, "_PER_WEIGHT", 0)
    yield
    config.set_num_threads(None)
    config.set_fast(True)
