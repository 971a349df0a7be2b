"""Build the environments of the peers, and find them.

    python tests/benchmarks/peers.py DIR [--only peers tf]

makes DIR/peers and DIR/tf, about 5 GB: PyTorch, JAX and the small libraries in the one,
TensorFlow in the other, since their versions of common packages may clash; Keras and
this checkout in both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
ENVIRONMENTS = {
    "peers": [
        ["torch==2.13.0", "--extra-index-url", TORCH_CPU],
        ["keras==3.15.0", "jax", "mygrad", "autograd", "tinygrad", "threadpoolctl"],
    ],
    "tf": [["tensorflow==2.21.0", "keras==3.15.0", "threadpoolctl"]],
}
NAMED = (
    "numpy",
    "keras",
    "torch",
    "jax",
    "tensorflow",
    "mygrad",
    "autograd",
    "tinygrad",
    "threadpoolctl",
)
_PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
VERSIONS = f"""
import json, platform
from importlib import metadata
versions = {{"python": platform.python_version()}}
for name in {NAMED!r}:
    try:
        versions[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
"""


def python_of(folder: Path) -> Path:
    """Return the interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pythons(folder: str | None) -> dict[str, str]:
    """Return the interpreters that are there, by environment; ours is always there."""
    found = {}
    for name in ENVIRONMENTS if folder else ():
        python = python_of(Path(folder or "") / name)
        if python.exists():
            found[name] = str(python)
    return {"ours": found.get("peers", sys.executable), **found}


def versions(python: str) -> dict[str, str]:
    """Return the versions of Python and of what can be compared, in an environment."""
    done = subprocess.run(
        [python, "-c", VERSIONS], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def environment(threads: int, checkout: Path = ROOT) -> dict[str, str]:
    """Return the environment in which every library uses as many threads."""
    counts = dict.fromkeys(
        (
            "KERATORCH_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NPROC",  # XLA
            "TF_NUM_INTRAOP_THREADS",
        ),
        str(threads),
    )
    # BLAS shall choose its kernels by the processor, as it does where nobody pins them.
    free = {k: v for k, v in os.environ.items() if k not in _PINS}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    path = {"PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0"}
    return {**free, **counts, **quiet, **path}


def build(folder: Path, commands: list[list[str]]) -> None:
    """Make one environment, with this checkout in it."""
    print(f"{folder}: {' '.join(word for words in commands for word in words)}")
    venv.create(folder, with_pip=True)
    for words in [*commands, ["--no-deps", "--editable", str(ROOT)]]:
        pip = [str(python_of(folder)), "-m", "pip", "install", "--quiet", *words]
        subprocess.run(pip, check=True)


def main() -> None:
    """Build what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=ENVIRONMENTS, default=ENVIRONMENTS)
    arguments = parser.parse_args()
    for name in arguments.only:
        build(arguments.folder / name, ENVIRONMENTS[name])
    print(f"python tests/benchmarks/training.py --peers {arguments.folder}")


if __name__ == "__main__":
    main()
