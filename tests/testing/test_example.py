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
