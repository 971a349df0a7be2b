"""The examples run without a warning, and give the numbers that they promise.

Each runs in a process of its own, as a reader would run it. The seed programs' numbers
are also compared in full with their documents and with PyTorch 2.13.
"""

import ast
import functools
import importlib.util
import re

import numpy as np
import pytest

from .example_runs import (
    EXAMPLES,
    HAS_MATPLOTLIB,
    accuracy_in,
    is_picture,
    needs_matplotlib,
    run,
    run_example,
)

SCRIPTS = sorted(path.relative_to(EXAMPLES) for path in EXAMPLES.rglob("*.py"))


@functools.cache
def numbers_of(seed, *arguments):
    """What ``main`` of a seed program returns; it runs once for all tests."""
    path = EXAMPLES / "seeds" / f"{seed}.py"
    spec = importlib.util.spec_from_file_location(seed, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main(list(arguments))


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_example_says_what_it_shows_and_offers_a_quick_run(script):
    source = (EXAMPLES / script).read_text(encoding="utf-8")
    assert f"    python {script.name}" in ast.get_docstring(ast.parse(source))
    assert 'add_argument("--quick"' in "".join(source.split())


@pytest.mark.parametrize("arguments", [["--quick"], []], ids=["quick", "full"])
def test_quickstart_reads_digits(arguments, tmp_path):
    output = run_example("quickstart.py", tmp_path, *arguments)
    assert "━━━━━━━━━━━━━━━━━━━━" in output
    assert accuracy_in(output) >= 0.96


def test_mnist_mlp_runs_quickly_without_network_and_cache(tmp_path):
    output = run_example("mnist_mlp.py", tmp_path, "--quick")
    assert "the 8x8 digits in the package stand in for MNIST" in output
    assert accuracy_in(output) >= 0.93


@needs_matplotlib
def test_decision_boundaries_draws_nine_networks_that_fit_their_points(tmp_path):
    picture = tmp_path / "picture.png"
    output = run_example(
        "decision_boundaries.py", tmp_path, "--quick", "--output", picture
    )
    accuracies = [float(text) for text in re.findall(r"accuracy (\d\.\d+)", output)]
    assert len(accuracies) == 9
    assert min(accuracies) >= 0.8
    assert np.mean(accuracies) >= 0.97
    assert is_picture(picture)


def test_decision_boundaries_says_what_to_install_where_matplotlib_is_absent(tmp_path):
    script = EXAMPLES / "decision_boundaries.py"
    program = (
        "import runpy, sys\n"
        "sys.modules['matplotlib'] = None\n"
        f"runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    message = run(["-c", program], tmp_path, code=1)
    assert message.count("\n") == 1
    assert 'pip install "keratorch[plot]"' in message


@pytest.mark.parametrize(
    ("seed", "lines"),
    [
        (
            "training_step",
            [
                "loss  = error**2      =  1.0   made by PowerGrad",
                "pred.grad = -2.0 ",
                "w.grad    = -4.0",
                "b.grad    = -2.0",
                "x.grad    = None ",
                "prediction 8.0000, loss 0.000000",
            ],
        ),
        (
            "autograd_tutorial",
            [
                "z    was made by AddGrad",
                "loss = 1.866123",
                "z.requires_grad in no_grad() : False",
                "z.detach().requires_grad     : False",
            ],
        ),
        (
            "lecture_backpropagation",
            ["before training: 4.0000", "after training: 8.0000"],
        ),
        (
            "uva_tutorial",
            [
                "y      = 12.6667, made by MeanGrad",
                "x.grad = [1.3333334 2.        2.6666667]",
            ],
        ),
        (
            "keratorch_demo",
            [
                "GradArray(name=A @ B, shape=(2, 1), grad_op=MatMulGrad)",
                "[[21.]\n [45.]]",
                "A._grad =\n[[3. 5.]\n [3. 5.]]",
                "B._grad =\n[[7.]\n [9.]]",
                "d(x*x + x)/dx at [2, 3] = [5. 7.]",
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_seed_program_prints_its_numbers(seed, lines, tmp_path):
    output = run_example(f"seeds/{seed}.py", tmp_path, "--quick")
    for line in lines:
        assert line in output


def test_training_step_has_the_numbers_of_its_document():
    numbers = numbers_of("training_step")
    expected = {"prod": 6, "pred": 7, "error": -1, "loss": 1}
    expected |= {"pred.grad": -2, "w.grad": -4, "b.grad": -2, "x.grad": None}
    assert {name: numbers[name] for name in expected} == expected


def test_training_step_learns_and_leaves_the_frozen_weight_alone():
    numbers = numbers_of("training_step")
    # Each step of this problem halves the error, hence quarters the loss.
    np.testing.assert_allclose(numbers["losses"][:5], 0.25 ** np.arange(5), rtol=1e-5)
    assert numbers["prediction"] == pytest.approx(8, abs=1e-5)
    assert numbers["frozen w"] == 3
    assert numbers["frozen w.grad"] is None
    assert numbers["b"] == pytest.approx(1.1)


def test_autograd_tutorial_has_the_gradients_of_torch():
    numbers = numbers_of("autograd_tutorial")
    w = [
        [1.7291035652160645, -1.4284534454345703, 1.0277447700500488],
        [1.8820691108703613, 0.07513564825057983, 0.4172152280807495],
        [-1.8201509714126587, 1.7740435600280762, 0.45616060495376587],
        [-0.5492711067199707, 1.003360390663147, -0.47959038615226746],
        [-0.2359624058008194, -0.8236939907073975, 0.5458569526672363],
    ]
    b = [1.7045365571975708, -0.30205240845680237, -0.14729292690753937]
    gradient = [0.3125443756580353, 0.19134552776813507, 0.2868591547012329]
    np.testing.assert_array_equal(numbers["w"], np.array(w, "float32"))
    np.testing.assert_array_equal(numbers["b"], np.array(b, "float32"))
    assert numbers["loss"] == pytest.approx(1.866123080253601, rel=1e-6)
    np.testing.assert_allclose(numbers["b.grad"], gradient, rtol=1e-5)
    np.testing.assert_allclose(numbers["w.grad"], [gradient] * 5, rtol=1e-5)


def test_autograd_tutorial_records_only_where_it_should():
    numbers = numbers_of("autograd_tutorial")
    assert numbers["z.grad_op"] == "AddGrad"
    assert numbers["loss.grad_op"].endswith("Grad")
    assert numbers["recorded"] is True
    assert numbers["no_grad"] is False
    assert numbers["detach"] is False
    assert numbers["frozen w.grad"] is None
    np.testing.assert_array_equal(numbers["b.grad beside it"], np.ones(3))


def test_autograd_tutorial_rebuilds_its_graph_and_accumulates_gradients():
    numbers = numbers_of("autograd_tutorial")
    assert [line.strip() for line in numbers["graph"]] == [
        "AddGrad",
        "MatMulGrad",
        "leaf x",
        "leaf w",
        "leaf b",
    ]
    assert numbers["same graph"] is False
    once = 2 * (np.eye(4, 5) + 1)
    np.testing.assert_array_equal(numbers["first"], once)
    np.testing.assert_array_equal(numbers["second"], 2 * once)
    np.testing.assert_array_equal(numbers["after the reset"], once)


def test_lecture_predicts_8_for_4():
    numbers = numbers_of("lecture_backpropagation")
    assert numbers["before"] == 4
    assert numbers["after"] == pytest.approx(8, abs=1e-3)


def test_lecture_has_the_gradient_of_torch_in_each_step():
    gradients = numbers_of("lecture_backpropagation")["gradients"]
    # PyTorch 2.13, float32: the first three epochs, the 50th, and the last.
    first = [
        [-2.0, -7.840000152587891, -16.228801727294922],
        [-1.478623867034912, -5.796205520629883, -11.998146057128906],
        [-1.0931644439697266, -4.285204887390137, -8.870372772216797],
    ]
    assert len(gradients) == 300
    np.testing.assert_allclose(gradients[:9], np.ravel(first), rtol=1e-6)
    in_epoch_50 = [-9.5367431640625e-07, -3.814697265625e-06, -8.58306884765625e-06]
    np.testing.assert_allclose(gradients[147:150], in_epoch_50, atol=5e-6)
    last = [-7.152557373046875e-07, -2.86102294921875e-06, -5.7220458984375e-06]
    np.testing.assert_allclose(gradients[-3:], last, atol=5e-6)


def test_uva_tutorial_has_the_numbers_of_its_document(tmp_path):
    numbers = numbers_of("uva_tutorial", "--quick", "--output", str(tmp_path))
    assert numbers["y"] == pytest.approx(12.6667, abs=5e-5)
    np.testing.assert_allclose(numbers["x.grad"], [4 / 3, 2, 8 / 3], rtol=1e-6)
    assert "use x.astype(float)" in numbers["refusal"]
    assert numbers["accuracy"] > 0.99
    assert numbers["accuracy after loading"] == numbers["accuracy"]
    assert (tmp_path / "xor_state.npz").exists()
    if HAS_MATPLOTLIB:
        assert is_picture(tmp_path / "xor_boundary.png")


def test_keratorch_demo_multiplies_matrices_and_goes_back():
    numbers = numbers_of("keratorch_demo")
    assert numbers["A._grad_op"] is None
    assert numbers["C"] == "GradArray(name=A @ B, shape=(2, 1), grad_op=MatMulGrad)"
    np.testing.assert_array_equal(numbers["C._array"], [[21], [45]])
    np.testing.assert_array_equal(numbers["A._grad"], [[3, 5], [3, 5]])
    np.testing.assert_array_equal(numbers["B._grad"], [[7], [9]])


def test_keratorch_demo_trains_a_perceptron_by_the_formula():
    numbers = numbers_of("keratorch_demo")
    np.testing.assert_allclose(
        numbers["dL/dy_hat"], numbers["2/N (y_hat - y)"], rtol=1e-6
    )
    np.testing.assert_array_equal(numbers["y_hat"] > 0.5, [[False, True, True, True]])
    assert numbers["losses"][-1] < 1e-3 < numbers["losses"][0]


def test_keratorch_demo_falls_into_none_of_the_traps():
    numbers = numbers_of("keratorch_demo")
    np.testing.assert_array_equal(numbers["d(x*x + x)/dx"], [5, 7])
    np.testing.assert_array_equal(numbers["long chain"], [1])
    np.testing.assert_array_equal(numbers["sum(axis=1)"], [[1] * 3, [2] * 3])
    assert numbers["dtype"] == "float32"
    np.testing.assert_allclose(numbers["Adam"], [-0.1, -0.1], rtol=1e-5)
