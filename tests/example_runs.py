"""How the tests of the examples run them: as a reader would, and more strictly."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
needs_matplotlib = pytest.mark.skipif(
    not HAS_MATPLOTLIB, reason="the picture needs matplotlib"
)


def run(arguments, folder, code=0):
    """What a fresh Python prints, in which each warning is an error."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "MPLBACKEND": "Agg",
        # Networks this small gain nothing from threads, and lose on a busy machine.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # Neither a cache nor a network.
        "KERAS_HOME": str(folder / "no_cache"),
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    result = subprocess.run(
        [sys.executable, "-W", "error", *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert result.returncode == code, result.stderr
    return result.stdout if code == 0 else result.stderr


def run_example(name, folder, *arguments):
    return run([EXAMPLES / name, *arguments], folder)


def accuracy_in(output):
    return float(re.search(r"^test accuracy: (\d\.\d+)$", output, re.MULTILINE)[1])


def is_picture(path):
    return path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000
