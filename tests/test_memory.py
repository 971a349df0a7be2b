"""Freed memory stays with the process, unless the user decided otherwise."""

import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from keratorch import memory

CODE = """
import resource
import numpy as np
from keratorch import memory
memory.keep_freed()
np.ones(2**18)  # 2 MiB
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    np.ones(2**18)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a matter of glibc")
def test_arrays_use_the_memory_of_those_before():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 1000  # of 512 pages an array


@pytest.fixture
def settings(monkeypatch):
    """Return a list of what is set."""
    found = []
    libc = SimpleNamespace(mallopt=lambda *pair: found.append(pair))
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: libc)
    for name in memory._SET_BY_USER:
        monkeypatch.delenv(name, raising=False)
    memory.keep_freed.cache_clear()
    yield found
    memory.keep_freed.cache_clear()


def test_the_allocator_is_set_once(settings):
    memory.keep_freed()
    memory.keep_freed()
    assert settings == [(-1, 2**30), (-3, 2**25)]


@pytest.mark.parametrize("name", memory._SET_BY_USER)
def test_what_the_environment_sets_stays(settings, monkeypatch, name):
    monkeypatch.setenv(name, "131072")
    memory.keep_freed()
    assert settings == []


def test_another_c_library_is_left_alone(settings, monkeypatch):
    def absent(name):
        raise OSError

    monkeypatch.setattr(memory.ctypes, "CDLL", absent)
    memory.keep_freed()
    assert settings == []


RETURNED = """
import resource
import numpy as np
from keratorch import memory
memory.keep_freed()

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

arrays = [np.ones(2**17) for _ in range(32)]  # 32 MiB
del arrays
before = resident()
memory.give_freed_back()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a matter of glibc")
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for what is resident")
def test_what_was_kept_is_given_back():
    done = subprocess.run(
        [sys.executable, "-c", RETURNED], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 2**24


def test_giving_back_is_nothing_to_another_c_library(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: SimpleNamespace())
    memory.give_freed_back()
