"""The page for class says what it promises."""

import importlib.util
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "check_my_grad.py"


def test_each_student_of_the_example_learns_the_mistake(capsys):
    spec = importlib.util.spec_from_file_location("check_my_grad", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.main([]) == {
        "AdaGrad": [],
        "BobGrad": ["missing-upstream"],
        "CleoGrad": ["known-derivative"],
        "DanGrad": ["missing-term"],
        "EveGrad": ["mutates-gradient"],
        "FinnGrad": ["bypasses-graph"],
    }
    assert "1 of 6 are right." in capsys.readouterr().out


RIGHT = """
import numpy as np
from keratorch import Grad

class SwishGrad(Grad):
    def forward(self, x):
        return x / (1 + np.exp(-x))

    def backward(self, grad):
        (x,) = self.inputs
        s = 1 / (1 + np.exp(-x))
        return grad * s * (1 + x * (1 - s))
"""
FILES = {
    "another_name.py": (RIGHT.replace("SwishGrad", "MySwish"), ["does-not-load"]),
    "endless_import.py": ("while True:\n    pass\n", ["too-slow"]),
    "leaves.py": ("import os\nos._exit(0)\n", ["does-not-load"]),
    "loud.py": (RIGHT + "print('x' * 100_000)\n", []),
    "no_syntax.py": ("class SwishGrad(Grad:\n", ["does-not-load"]),
    "quits.py": ("import sys\nsys.exit(0)\n", ["does-not-load"]),
    "wrong.py": (RIGHT.replace("grad * s", "s"), ["missing-upstream"]),
}


def test_folder_is_graded_whatever_is_in_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLE.parents[1]))
    spec = importlib.util.spec_from_file_location("check_my_grad", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, (text, _) in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = module.main(["--folder", str(tmp_path), "--seconds", "6"])
    assert found == {name: codes for name, (_, codes) in FILES.items()}
    printed = capsys.readouterr().out
    assert "has no attribute 'SwishGrad'" in printed
    assert "1 of 7 are right." in printed
