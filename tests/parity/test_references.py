"""The stored references are what Keras and PyTorch answer now."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
keras = pytest.importorskip("keras")

SCRIPT = Path(__file__).with_name("make_references.py")
FOLDER = SCRIPT.parents[1] / "data" / "references"
VERSIONS = json.loads((FOLDER / "versions.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(
    keras.__version__ != VERSIONS["keras"],
    reason=f"the references are those of Keras {VERSIONS['keras']}",
)
def test_remade_references_agree_with_the_stored_ones():
    sample = ["losses", "metrics", "optimizers", "programs"]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check", *sample],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert done.stdout.split("\n")[: len(sample)] == [f"{n}: agrees" for n in sample]


def test_references_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


def test_check_reports_what_differs_and_forgives_rounding():
    differences = runpy.run_path(str(SCRIPT))["differences"]
    stored = {"a": [1.0, 2.0], "b": "text", "c": 1, "d": float("nan")}
    near = {"a": [1.0, 2.0 + 1e-6], "b": "text", "c": 1, "d": float("nan")}
    assert list(differences(stored, near)) == []
    far = {"a": [1.0, 2.01, 3.0], "b": "other", "c": True, "e": 0}
    assert [line.split(":")[0] for line in differences(stored, far)] == [
        "/a",
        "/a/1",
        "/b",
        "/c",
        "/d",
        "/e",
    ]
