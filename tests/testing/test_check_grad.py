"""`check_grad` names each mistake, and flags nothing that is right."""

import subprocess
import sys
import textwrap
import threading
import time
import warnings

import numpy as np
import pytest

import keratorch
from keratorch import Grad, GradArray, registry
from keratorch.testing import CODES, Finding, Report, check_grad

from ..samples import SAMPLES
from .capture import uses_of
from .right_grads import RIGHT, SwishGrad
from .wrong_formulas import WRONG

EACH_USE = 2  # samples of each class of the library that are checked


@pytest.mark.parametrize("mistake", WRONG)
def test_mistake_is_named(mistake):
    cls, inputs, params, code = WRONG[mistake]
    report = check_grad(cls, *inputs, **params)
    assert report.codes == [code], report
    assert not report.ok
    assert not report
    (finding,) = report.findings
    assert code in CODES
    assert finding.code == code
    assert cls.__name__ in finding.message
    assert finding.problem.split()[-1] in str(report)
    assert len(finding.problem) < 700, finding.problem
    assert len(finding.table) <= 3
    with pytest.raises(AssertionError, match=cls.__name__):
        report.raise_if_wrong()


def test_mistakes_are_many_and_of_every_kind():
    assert len(WRONG) >= 60
    named = {code for *_, code in WRONG.values()}
    elsewhere = {"forward-mismatch", "no-forward", "too-slow"}  # tested below
    elsewhere |= {"init-raises", "needs-inputs", "replaces-operation"}  # test_frame
    assert named | elsewhere == set(CODES)


@pytest.mark.parametrize("cls, inputs, params", RIGHT)
def test_right_class_is_not_flagged(cls, inputs, params):
    report = check_grad(cls, *inputs, **params)
    assert report.ok, report
    assert report
    assert report.findings == []
    report.raise_if_wrong()
    assert str(report).startswith(f"{cls.__name__}: ok (value, gradient")


@pytest.mark.parametrize("cls", SAMPLES, ids=lambda cls: cls.__name__)
def test_class_of_the_library_is_not_flagged(cls):
    seen = 0
    for sample in [x for x in SAMPLES[cls] if x.keeps_dtype and not is_empty(x)]:
        if seen == EACH_USE:
            break
        for inputs, params in uses_of(cls, sample):
            report = check_grad(cls, *inputs, **params)
            assert report.ok, report
            seen += 1


def is_empty(sample):
    return all(np.size(x) == 0 for x in sample.inputs)


def swish(x):
    return x / (1 + np.exp(-x))


class BareGrad(Grad):
    """backward alone, for GradArray(value, grad_op=BareGrad(x))."""

    def __init__(self, x):
        super().__init__(x)
        self.x = x

    def backward(self, grad):
        s = 1 / (1 + np.exp(-self.x))
        return grad * s * (1 + self.x * (1 - s))


class BareCubeGrad(Grad):
    def backward(self, grad):
        (x,) = self.inputs
        return 3 * x**2


def points(n=5):
    return np.random.default_rng(1).normal(size=n)


def test_class_of_backward_alone_is_checked_against_the_reference():
    assert check_grad(BareGrad, points(), reference=swish).ok
    report = check_grad(BareCubeGrad, points(), reference=lambda x: x**3)
    assert report.codes == ["missing-upstream"]


def test_class_of_backward_alone_without_reference_says_what_is_needed():
    report = check_grad(BareGrad, points())
    assert report.codes == ["no-forward"]
    assert "reference=" in str(report)


def test_parameters_reach_the_constructor_and_the_reference():
    class ScaleGrad(Grad):
        def __init__(self, x, factor):
            super().__init__(x)
            self.factor = factor

        def forward(self, x):
            return self.factor * x

        def backward(self, grad):
            return self.factor * grad

    reference = lambda x, factor: x * factor  # noqa: E731
    assert check_grad(ScaleGrad, points(), factor=3.0, reference=reference).ok
    assert check_grad(ScaleGrad, points(), 3.0).ok
    assert check_grad(ScaleGrad, points(), factor=3.0, reference=lambda x: 3 * x).ok


class AbsGrad(Grad):
    def forward(self, x):
        return np.abs(x) + 1

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.sign(x)


def test_forward_is_held_to_the_reference():
    report = check_grad(AbsGrad, points(), reference=lambda x: np.abs(x) + 2)
    assert report.codes == ["forward-mismatch"]
    assert "at index (0,)" in str(report)


def test_wrong_forward_is_the_only_finding_where_backward_is_right():
    class WrongValueGrad(Grad):
        def forward(self, x):
            return x**2

        def backward(self, grad):
            (x,) = self.inputs
            return grad * 3 * x**2

    report = check_grad(WrongValueGrad, points(), reference=lambda x: x**3)
    assert report.codes == ["forward-mismatch"]


def test_wrong_shape_of_forward_is_a_mismatch():
    report = check_grad(AbsGrad, points(), reference=lambda x: np.abs(x).sum())
    assert report.codes[0] == "forward-mismatch"
    assert "shape (5,)" in str(report)


def test_kink_is_a_note_and_no_finding():
    report = check_grad(AbsGrad, np.array([0.0, 1.0, -1.0]))
    assert report.ok
    assert "not-differentiable-here" in report.notes[0]
    assert "x[0]" in str(report)


def test_without_inputs_usual_ones_are_tried():
    report = check_grad(SwishGrad)
    assert report.ok
    assert len(report.inputs) > 1
    cls = WRONG["matmul_without_transpose"][0]
    report = check_grad(cls)
    assert report.codes == ["transposed"]
    assert "No inputs were given" in report.notes[-1]
    only_positive = WRONG["entropy_first_term"][0]
    assert check_grad(only_positive).codes == ["missing-term"]


def test_finding_holds_the_numbers():
    cls = WRONG["cosine_without_minus"][0]
    (finding,) = check_grad(cls, np.array([1.0, 2.0])).findings
    assert finding.input == 0
    assert finding.index in [(0,), (1,)]
    assert finding.analytic == pytest.approx(-finding.numeric, rel=1e-6)
    line = cls.backward.__code__.co_firstlineno
    assert f"CosineWithoutMinusGrad.backward (wrong_grads.py:{line})" in finding.message


def test_report_reads_well():
    class WrongGrad(Grad):
        """out = x * sigmoid(x)."""

        def forward(self, x):
            return x / (1 + np.exp(-x))

        def backward(self, grad):
            (x,) = self.inputs
            s = 1 / (1 + np.exp(-x))
            return grad * s * (1 - s)

    report = check_grad(WrongGrad, np.array([-1.0, 0.5, 2.0]))
    line = WrongGrad.backward.__code__.co_firstlineno
    expected = f"""
        WrongGrad: 1 mistake, "out = x * sigmoid(x)."

        [known-derivative] WrongGrad.backward (test_check_grad.py:{line}) gave the
        derivative of sigmoid, sigmoid(x) * (1 - sigmoid(x)); the function is swish.
            at    value  backward gave  measured
            x[2]      2       0.137885   1.43249
            x[1]    0.5       0.121386   0.38221
        Fix: The derivative here is sigmoid(x) * (1 + x * (1 - sigmoid(x)))."""
    assert str(report).split() == expected.split()
    assert "\n    x[2]      2       0.137885   1.43249\n" in str(report)
    assert repr(report) == str(report)
    assert all(len(row) <= 88 for row in str(report).splitlines())


def test_two_mistakes_in_two_inputs_are_two_findings():
    class BothWrongGrad(Grad):
        def forward(self, a, b):
            return a * b

        def backward(self, grad):
            a, b = self.inputs
            return b + 0 * a, -grad * a

    report = check_grad(BothWrongGrad, points(), points())
    assert report.codes == ["missing-upstream", "sign"]


def test_same_check_gives_the_same_report():
    cls, inputs, params, _ = WRONG["formula"]
    once, again = (str(check_grad(cls, *inputs, **params)) for _ in range(2))
    assert once == again


def test_global_state_stays_as_it_was():
    class NoisyGrad(Grad):
        def forward(self, x):
            print("forward")
            warnings.warn("forward", stacklevel=2)
            return x / 0.0

        def backward(self, grad):
            return grad

    x = np.array([1.0, 2.0])
    np.random.seed(5)  # noqa: NPY002
    drawn = np.random.get_state()[1].copy()  # noqa: NPY002
    before = np.geterr(), dict(registry.derivatives)
    check_grad(NoisyGrad, x)
    check_grad(next(c for c, *_ in RIGHT if c.__name__ == "LegacyNoiseGrad"), x)
    assert (np.random.get_state()[1] == drawn).all()  # noqa: NPY002
    assert (np.geterr(), registry.derivatives) == before
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_nothing_is_printed_or_warned(capsys):
    class LoudGrad(Grad):
        def forward(self, x):
            print("forward")
            warnings.warn("forward", stacklevel=2)
            return np.log(x)

        def backward(self, grad):
            print("backward")
            (x,) = self.inputs
            return grad / x

    assert check_grad(LoudGrad, np.array([1.0, 2.0])).ok
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("stubborn", [False, True])
def test_endless_loop_ends(stubborn):
    class EndlessGrad(Grad):
        def forward(self, x):
            return x * 2

        def backward(self, grad):
            while True:
                if stubborn:
                    try:
                        time.sleep(0.001)
                    except Exception:
                        continue

    running = set(threading.enumerate())
    report = check_grad(EndlessGrad, points(), timeout=0.3)
    assert report.codes == ["too-slow"]
    assert set(threading.enumerate()) <= running


def test_wrong_class_for_a_numpy_function_does_not_spoil_the_check_of_others():
    program = """
        import warnings
        import numpy as np
        from keratorch import Grad, GradArray
        from keratorch.testing import check_grad

        warnings.simplefilter("ignore")

        class MulGrad(Grad, of=np.multiply):
            def backward(self, grad):
                a, b = self.inputs
                return grad * a, grad * b

        class CubeGrad(Grad):
            def forward(self, x):
                return x**3

            def backward(self, grad):
                (x,) = self.inputs
                return grad * 3 * x * x

        x = np.array([1.0, 2.0, -1.5])
        print(check_grad(CubeGrad, x).codes, check_grad(MulGrad, x, x + 1).codes)
        print(type((GradArray(x) * x).grad_op) is MulGrad)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
    )
    assert done.stdout.split("\n")[:2] == ["[] ['swapped-inputs']", "True"], done.stderr


def test_large_inputs_are_checked_in_part():
    cls = WRONG["matmul_without_transpose"][0]
    a, b = np.ones((120, 80)), np.ones((80, 100))
    assert check_grad(cls, a, b).codes != []
    report = check_grad(SwishGrad, np.linspace(-3, 3, 3000))
    assert report.ok
    assert "random choice" in report.notes[0]
    cls = WRONG["swish_like_a_sigmoid"][0]
    x = np.linspace(-3, 3, 3000)
    assert check_grad(cls, x).codes == ["known-derivative"]


def test_nan_in_a_gradient_is_found():
    class NanGrad(Grad):
        def forward(self, x):
            return np.where(x > 0, np.sqrt(np.abs(x)), 0)

        def backward(self, grad):
            (x,) = self.inputs
            return grad * np.where(x > 0, 0.5, 0) * x**-0.5

    report = check_grad(NanGrad, np.array([1.0, 2.0, -1.0, -2.0]))
    assert not report.ok
    assert "nan" in str(report)


def test_error_at_some_points_only_does_not_stop_the_check():
    class CarefulGrad(Grad):
        def forward(self, x):
            if (x <= 0).any():
                raise ValueError("x must be positive")
            return np.log(x)

        def backward(self, grad):
            (x,) = self.inputs
            return grad / x

    assert check_grad(CarefulGrad, np.array([1e-6, 1.0, 2.0])).ok
    assert check_grad(CarefulGrad).ok
    report = check_grad(CarefulGrad, np.array([-1.0]))
    assert report.codes == ["forward-raises"]
    assert "x must be positive" in str(report)


def test_graph_array_inputs_keep_what_they_say():
    constant = GradArray(points(), requires_grad=False)
    product = WRONG["product_with_none"][0]
    assert check_grad(product, points(), constant).ok
    assert check_grad(product, points(), GradArray(points())).codes == ["forgets-input"]


@pytest.mark.parametrize("thing", [SwishGrad.apply, np.tanh, "SwishGrad", 3])
def test_what_is_no_class_is_refused(thing):
    with pytest.raises(TypeError, match="takes a Grad class"):
        check_grad(thing, points())


def test_inputs_without_floats_are_refused():
    with pytest.raises(TypeError, match="array of floats"):
        check_grad(SwishGrad, np.array([True]), "text")


def test_testing_is_a_room_of_keratorch():
    assert keratorch.testing.check_grad is check_grad


@pytest.mark.parametrize(
    "x",
    [
        np.zeros((0, 2)),
        np.array(0.0),
        np.array([np.nan, 1.0]),
        np.array([np.inf, -np.inf]),
        np.array([1e300, 1e-300]),
        np.ones((1, 1, 1)),
        np.array([1 + 1j, 2 - 1j]),
    ],
    ids=lambda x: f"{x.dtype}{x.shape}",
)
def test_odd_inputs_never_break_the_check(x):
    for cls, inputs, params, _ in list(WRONG.values())[::4]:
        report = check_grad(cls, *[x] * len(inputs), **params)
        assert str(report)


def test_report_is_a_value():
    report = Report("AGrad", [Finding("sign", "It points away.", "Turn it.")])
    assert not report.ok
    assert report.codes == ["sign"]
    assert str(report).splitlines() == [
        "AGrad: 1 mistake",
        "",
        "[sign] It points away.",
        "Fix: Turn it.",
    ]
