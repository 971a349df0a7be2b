"""The frame of `check_grad`: threads, time, misuse, what is said around a finding."""

import io
import math
import os
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from keratorch import Grad, grad, registry
from keratorch.testing import check_grad, isolated

X = np.array([-1.5, -0.5, 0.3, 1.2, 2.0])


class SineGrad(Grad):
    def forward(self, x):
        return np.sin(x)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.cos(x)


class ProductGrad(Grad):
    def forward(self, a, b):
        return a * b

    def backward(self, grad):
        a, b = self.inputs
        return grad * b, grad * a


class ClipGrad(Grad):
    def __init__(self, x, lo=-1.0, hi=1.0):
        super().__init__(x)
        self.lo, self.hi = lo, hi

    def forward(self, x):
        return np.clip(x, self.lo, self.hi)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * ((x > self.lo) & (x < self.hi))


def the_finding(cls, *inputs, **params):
    report = check_grad(cls, *inputs, **params)
    assert len(report.findings) == 1, report
    return report.findings[0]


# Threads and time


def test_threads_leave_the_streams_as_they_were():
    streams = sys.stdout, sys.stderr, sys.stdin
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: check_grad(SineGrad, X), range(12)))
    assert all(reports)
    assert (sys.stdout, sys.stderr, sys.stdin) == streams


def test_other_threads_print_during_a_check(monkeypatch):
    printed = io.StringIO()
    monkeypatch.setattr(sys, "stdout", printed)

    class LoudGrad(SineGrad):
        def forward(self, x):
            print("mine")
            other = threading.Thread(target=print, args=("other",))
            other.start()
            other.join()
            return np.sin(x)

    assert check_grad(LoudGrad, X[:1], order=1).ok
    assert set(printed.getvalue().split()) == {"other"}
    assert sys.stdout is printed


def test_standard_error_is_not_shown(capsys):
    class LoudGrad(SineGrad):
        def forward(self, x):
            print("forward", file=sys.stderr)
            return np.sin(x)

    assert check_grad(LoudGrad, X).ok
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("timeout", [0, -1, math.nan, 0.0])
def test_timeout_that_is_not_positive_is_refused(timeout):
    with pytest.raises(ValueError, match="timeout is > 0"):
        check_grad(SineGrad, X, timeout=timeout)


@pytest.mark.parametrize("timeout", ["a", [1], True])
def test_timeout_that_is_no_number_is_refused(timeout):
    with pytest.raises(TypeError, match="number of seconds"):
        check_grad(SineGrad, X, timeout=timeout)


@pytest.mark.parametrize("timeout", [None, math.inf])
def test_check_without_a_time_limit(timeout):
    assert check_grad(SineGrad, X, timeout=timeout).ok


def test_tiny_timeout_ends_the_check_and_strikes_nobody_later():
    for _ in range(20):
        assert check_grad(SineGrad, X, timeout=1e-9).codes in (["too-slow"], [])
    deadline = time.perf_counter() + 1.2
    while time.perf_counter() < deadline:
        sum(range(100))
    assert check_grad(SineGrad, X).ok


def test_sleeping_class_is_left_behind(monkeypatch):
    asleep, awake = [], threading.Event()

    class SleepyGrad(SineGrad):
        def backward(self, grad):
            asleep.append(threading.current_thread())
            awake.wait(60)
            return grad

    streams = sys.stdout, sys.stderr, sys.stdin
    assert check_grad(SleepyGrad, X, timeout=0.2).codes == ["too-slow"]
    (thread,) = asleep
    assert thread.is_alive()
    assert (sys.stdout, sys.stderr, sys.stdin) == streams
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    streams = sys.stdout, sys.stderr, sys.stdin
    awake.set()
    thread.join(60)
    assert not thread.is_alive()
    assert (sys.stdout, sys.stderr, sys.stdin) == streams


def test_question_to_the_user_is_an_error():
    class AskingGrad(SineGrad):
        def forward(self, x):
            return x * float(input("factor? "))

    finding = the_finding(AskingGrad, X)
    assert finding.code == "forward-raises"
    assert "input()" in finding.fix


# Replaced operations


def test_class_in_the_place_of_another_function_is_told_so():
    with warnings.catch_warnings(), isolated():
        warnings.simplefilter("ignore")

        class SwishGrad(Grad, of=np.multiply):
            def forward(self, x):
                return x / (1 + np.exp(-x))

            def backward(self, grad):
                (x,) = self.inputs
                s = 1 / (1 + np.exp(-x))
                return grad * s * (1 + x * (1 - s))

        class SinGrad(Grad, of=np.sin):
            def forward(self, x):
                return np.sin(x)

            def backward(self, grad):
                (x,) = self.inputs
                return grad * np.cos(x)

        finding = the_finding(SwishGrad, X)
        assert finding.code == "replaces-operation"
        assert "of=np.multiply" in finding.problem
        assert "class SwishGrad(Grad):" in finding.fix
        assert check_grad(SinGrad, X).ok


def test_isolated_undoes_replacements_and_additions():
    before = dict(registry.derivatives)
    with warnings.catch_warnings(), isolated():
        warnings.simplefilter("ignore")

        class WrongSinGrad(Grad, of=np.sin):
            def backward(self, grad):
                return 5 * grad

        class AddedGrad(Grad, of=np.unpackbits):
            def backward(self, grad):
                return grad

        assert grad(np.sin)(0.0) == 5
    assert registry.derivatives == before
    assert grad(np.sin)(0.0) == 1


# First order


class LoopGrad(Grad):
    """Right, by loops: the second derivative is lost."""

    def forward(self, x):
        return x**3

    def backward(self, grad):
        (x,) = self.inputs
        dx = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            dx[index] = float(grad[index]) * 3 * float(x[index]) ** 2
        return dx


def test_first_order_alone_is_checked_on_demand():
    report = check_grad(LoopGrad, X, order=1)
    assert report.ok
    assert "second derivative" not in str(report)
    for order in (0, 3, "1"):
        with pytest.raises(ValueError, match="order is 1 or 2"):
            check_grad(LoopGrad, X, order=order)


def test_report_says_that_the_first_order_is_right():
    report = check_grad(LoopGrad, X)
    assert report.codes == ["bypasses-graph"]
    assert not report.ok
    assert report.first_order_ok
    assert "irst derivatives are right" in report.findings[0].problem
    assert check_grad(SineGrad, X).first_order_ok
    wrong = type("WrongGrad", (SineGrad,), {"backward": lambda self, grad: -grad})
    assert not check_grad(wrong, X).first_order_ok


# Without inputs


class MyMatMulGrad(Grad):
    def forward(self, a, b):
        return a @ b

    def backward(self, grad):
        a, b = self.inputs
        return grad @ b.T, a.T @ grad


class OuterGrad(Grad):
    def forward(self, a, b):
        return np.outer(a, b)

    def backward(self, grad):
        a, b = self.inputs
        return grad @ b, grad.T @ a


class LossGrad(Grad):
    """Minus the logarithm of the probability of each label."""

    def forward(self, p, labels):
        return -np.log(p[np.arange(len(p)), labels]).mean()

    def backward(self, grad):
        raise NotImplementedError


@pytest.mark.parametrize("cls", [MyMatMulGrad, OuterGrad])
def test_guessed_shapes_that_do_not_fit_are_a_note(cls):
    report = check_grad(cls)
    assert report.ok, report
    assert "did not run on" in report.notes[-1]


def test_class_that_takes_no_guessed_inputs_asks_for_some():
    finding = the_finding(LossGrad)
    assert finding.code == "needs-inputs"
    assert "IndexError" in finding.problem
    assert "check_grad(LossGrad, x)" in finding.fix


# Misuse by the caller


@pytest.mark.parametrize(
    "cls, inputs, params, said",
    [
        (SineGrad, (X, X), {}, "takes x; check_grad was given 2 inputs"),
        (ProductGrad, (X,), {}, "takes a and b; check_grad was given 1 input."),
        (SineGrad, (X, np.sin), {}, "reference=sin"),
        (SineGrad, (X,), {"atol": 1e-3}, "does not take atol"),
        (ClipGrad, (X,), {"low": 0}, "does not take low"),
    ],
)
def test_arguments_that_do_not_fit_are_told(cls, inputs, params, said):
    finding = the_finding(cls, *inputs, **params)
    assert finding.code == "wrong-inputs"
    assert said in f"{finding.problem} {finding.fix}"
    assert "core.py" not in finding.message


@pytest.mark.parametrize("thing", [Grad, np.sin, int])
def test_what_is_no_class_of_ones_own_is_refused(thing):
    with pytest.raises(TypeError, match="takes a Grad class") as caught:
        check_grad(thing, X)
    assert ("gradcheck" in str(caught.value)) == (thing is np.sin)


@pytest.mark.parametrize(
    "cls, reference, said",
    [
        (SineGrad, X, "is no function"),
        (SineGrad, SineGrad, "is no function"),
        (SineGrad, math.sin, "NumPy's function"),
        (SineGrad, np.arctan2, "reference of SineGrad"),
        (SineGrad, lambda x: None, "returned NoneType"),
        (SineGrad, lambda x: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_reference_that_does_not_serve_is_at_fault(cls, reference, said):
    with pytest.raises(TypeError, match="the reference of") as caught:
        check_grad(cls, X, reference=reference)
    assert said in str(caught.value)


def test_parameters_that_the_reference_does_not_take_are_named():
    reference = lambda x: np.clip(x, -9, 9)  # noqa: E731
    finding = the_finding(ClipGrad, X, lo=-0.9, hi=0.9, reference=reference)
    assert finding.code == "forward-mismatch"
    assert "called without lo and hi" in finding.problem


# Slips in Python


def test_forward_without_self_or_without_array_is_told():
    class WithoutSelfGrad(SineGrad):
        def forward(x):  # noqa: N805
            return np.sin(x)

    class WithoutArrayGrad(SineGrad):
        def forward(self):
            return 1.0

    class WithoutInputsGrad(WithoutArrayGrad):
        def __init__(self):
            super().__init__()

    for cls in (WithoutSelfGrad, WithoutArrayGrad, WithoutInputsGrad):
        finding = the_finding(cls, X)
        assert the_finding(cls).fix == finding.fix
        assert "def forward(self, x):" in finding.fix
        assert "core.py" not in finding.message


def test_inputs_handed_over_in_another_way_are_told():
    class WithoutBracketsGrad(SineGrad):
        def __init__(self, x):
            super.__init__(x)

    class AssigningGrad(SineGrad):
        def __init__(self, x):
            self.inputs = (x,)

    for cls in (WithoutBracketsGrad, AssigningGrad):
        finding = the_finding(cls, X)
        assert finding.code == "not-saved"
        assert finding.fix == "Write `super().__init__(x)` instead."


def rectified(x):
    return x if x > 0 else 0 * x


@pytest.mark.parametrize(
    "step, said",
    [
        (lambda x: math.cos(x), "np.cos"),
        (lambda x: float(x), "np.cos"),
        (rectified, "np.where"),
        (lambda x: x * (1 // 0), "may be 0"),
    ],
)
def test_error_that_is_no_matter_of_shapes_gets_its_own_advice(step, said):
    class BackwardGrad(SineGrad):
        def backward(self, grad):
            (x,) = self.inputs
            return grad * step(x)

    class ForwardGrad(SineGrad):
        def forward(self, x):
            return step(x)

    for cls in (BackwardGrad, ForwardGrad):
        finding = the_finding(cls, X)
        assert finding.code in ("backward-raises", "forward-raises")
        assert said in finding.fix


def test_wrong_unpacking_is_told():
    class UnpackingGrad(ProductGrad):
        def backward(self, grad):
            (a,) = self.inputs
            return grad * a, grad

    assert "a, b = self.inputs" in the_finding(UnpackingGrad, X, X).fix


def test_transpose_of_a_stack_is_told():
    a = np.random.default_rng(1).normal(size=(2, 3, 4))
    b = np.random.default_rng(2).normal(size=(2, 4, 5))
    assert "np.swapaxes(a, -1, -2)" in the_finding(MyMatMulGrad, a, b).fix


# State and noise


def test_list_of_the_class_is_shared_state():
    class CachingGrad(SineGrad):
        cache = []

        def forward(self, x):
            self.cache.append(x)
            return np.sin(x)

        def backward(self, grad):
            return grad * np.cos(self.cache[0])

    finding = the_finding(CachingGrad, X)
    assert finding.code == "shared-state"
    assert "CachingGrad.cache" in finding.problem


def test_noise_is_a_note():
    class NoisyGrad(SineGrad):
        def forward(self, x):
            return np.sin(x) + np.random.randn(*x.shape).astype(x.dtype)  # noqa: NPY002

    report = check_grad(NoisyGrad, X)
    assert report.ok
    assert "draws random numbers" in str(report)


# The parts of a report


def test_finding_knows_its_file_line_and_method():
    class MinusGrad(SineGrad):
        def backward(self, grad):
            (x,) = self.inputs
            return -grad * np.cos(x)

    finding = the_finding(MinusGrad, X)
    assert finding.method == "backward"
    assert os.path.samefile(finding.file, __file__)
    assert finding.line == MinusGrad.backward.__code__.co_firstlineno

    class RaisingGrad(SineGrad):
        def backward(self, grad):
            twice = 2 * grad
            return twice * unknown  # noqa: F821

    finding = the_finding(RaisingGrad, X)
    assert finding.line == RaisingGrad.backward.__code__.co_firstlineno + 2


def test_report_counts_what_was_compared():
    report = check_grad(SineGrad, X)
    assert (report.compared, report.skipped) == (5, 0)
    report = check_grad(ClipGrad, np.array([-1.0, 0.5, 2.0]))
    assert (report.compared, report.skipped) == (2, 1)
    report = check_grad(SineGrad, np.linspace(-3, 3, 3000))
    assert report.compared + report.skipped == 3000
    assert report.skipped > 0


def test_class_with_an_apply_or_a_static_forward_of_its_own_fits():
    class ShiftedGrad(SineGrad):
        def __init__(self, x):
            super().__init__(x)

        @classmethod
        def apply(cls, x, shift):
            return super().apply(x + shift)

    class StaticGrad(SineGrad):
        @staticmethod
        def forward(x):
            return np.sin(x)

    assert check_grad(ShiftedGrad, X, 1.0).ok
    assert check_grad(StaticGrad, X).ok
    assert the_finding(StaticGrad, X, X).code == "wrong-inputs"
