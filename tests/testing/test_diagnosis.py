"""What the findings and notes of `check_grad` say, and what is no mistake."""

import numpy as np
import pytest

from keratorch import Grad
from keratorch.testing import check_grad

from .wrong_formulas import WRONG


def points(*shape):
    return np.random.default_rng(1).normal(size=shape)


def grad_class(forward, backward, **attributes):
    return type("SomeGrad", (Grad,), {"forward": forward, "backward": backward})


@pytest.mark.parametrize(
    "mistake, told",
    [
        ("matmul_over_rows", "do not divide by a.shape[0]"),
        ("log_sum_exp_without_sum", "Divide by sum(exp(x))"),
        ("norm_without_division", "Divide by out"),
        ("constant_with_few_digits", "epsilon"),
        ("cube_of_lower_power", "write `grad * 3 * x**2`"),
        ("cases_exchanged", "0.1 where x < 0"),
        ("softmax_without_keepdims", "keepdims=True"),
        ("tanh_without_square", "`grad * (1 - out**2)`"),
        ("convolution_of_flipped_kernel", "kernel[::-1]"),
        ("slope that nothing set", "Nothing set self.slope"),
        ("guided", "Take conditions and masks from the input"),
        ("swish_second_term", "this one is to be added"),
        ("overflow_of_exp", "gave inf"),
        ("value_in_float32", "computes in float32"),
        ("mean_over_six", "x.size"),
    ],
)
def test_fix_says_what_to_write(mistake, told):
    cls, inputs, params, _ = WRONG[mistake]
    assert told in " ".join(str(check_grad(cls, *inputs, **params)).split())


def test_shape_error_does_not_guess_swapped_gradients():
    cls, inputs, params, _ = WRONG["convolution_too_short"]
    assert "swapped" not in str(check_grad(cls, *inputs, **params))


@pytest.mark.parametrize("zeros", [np.zeros_like, lambda x: np.zeros(x.shape)])
def test_plain_zeros_are_a_gradient(zeros):
    steps = grad_class(lambda self, x: np.sign(x), lambda self, grad: zeros(grad))
    assert check_grad(steps, points(4)).ok
    shifted = grad_class(
        lambda self, a, b: a + np.sign(b),
        lambda self, grad: (grad, zeros(self.inputs[1])),
    )
    assert check_grad(shifted, points(4), points(4)[::-1]).ok


@pytest.mark.parametrize("keepdims", [False, True])
def test_bias_that_sums_itself_is_right_with_a_note(keepdims):
    biased = grad_class(
        lambda self, x, bias: x + bias,
        lambda self, grad: (grad, grad.sum(axis=0, keepdims=keepdims)),
    )
    report = check_grad(biased, points(2, 3), points(1, 3) if keepdims else points(3))
    assert report.ok, report
    assert "the walk sums" in report.notes[0]
    assert not check_grad(biased, points(2, 3), points(2, 3)).ok


@pytest.mark.parametrize(
    "mask",
    [
        lambda x: np.where(x > 0, 1, 0),
        lambda x: (x > 0).astype(float),
        lambda x: np.maximum(np.sign(x), 0) * np.sqrt(np.float64(1)),
        lambda x: np.ones(x.shape) * (x > 0),
    ],
)
def test_backward_in_float64_is_a_note(mask):
    relu = grad_class(
        lambda self, x: np.maximum(x, 0), lambda self, grad: grad * mask(self.inputs[0])
    )
    report = check_grad(relu, points(4))
    assert report.ok, report
    assert all("float64" in note for note in report.notes)


def test_elements_without_a_value_are_noted_and_counted():
    log = grad_class(
        lambda self, x: np.log(x), lambda self, grad: grad / self.inputs[0]
    )
    report = check_grad(log, np.array([-1.0, 1.0, 2.0]))
    assert report.ok, report
    assert "gradient of 2 of 3 elements" in str(report)
    assert "NaN or infinite around x[0]" in " ".join(report.notes)
    assert "kink" not in str(report)


def test_mistake_shows_beside_elements_without_a_value():
    log = grad_class(lambda self, x: np.log(x), lambda self, grad: grad / 7)
    assert not check_grad(log, np.array([-1.0, 1.0, 2.0])).ok


def test_sizes_that_only_forward_takes_are_a_note():
    pool = grad_class(
        lambda self, x: x[: len(x) // 2 * 2].reshape(-1, 2).mean(axis=1),
        lambda self, grad: np.repeat(grad, 2) / 2,
    )
    report = check_grad(pool, points(4))
    assert report.ok, report
    assert "some sizes alone" in report.notes[0]


def test_labels_keep_their_number():
    def forward(self, x):
        return x[np.arange(len(self.labels)), self.labels].mean()

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.eye(x.shape[1])[self.labels] / len(self.labels)

    def keep_labels(self, x, labels):
        Grad.__init__(self, x)
        self.labels = labels

    methods = {"__init__": keep_labels, "forward": forward, "backward": backward}
    picks = type("PicksGrad", (Grad,), methods)
    assert check_grad(picks, points(4, 3), np.array([0, 2, 1, 1])).ok
    assert check_grad(picks, points(4, 3), [0, 2, 1, 1]).ok


@pytest.mark.parametrize(
    "forward, backward, arrays",
    [
        (
            lambda self, x: np.exp(x) / np.exp(x).sum(),
            lambda self, grad: (
                (np.diag(self.output) - np.outer(self.output, self.output)) @ grad
            ),
            [points(4)],
        ),
        (
            lambda self, a, b: a @ b,
            lambda self, grad: (grad * self.inputs[1], grad * self.inputs[0]),
            [points(3), points(3)],
        ),
        (
            lambda self, a: a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0],
            lambda self, grad: (
                grad * np.linalg.det(self.inputs[0]) * np.linalg.inv(self.inputs[0]).T
            ),
            [points(2, 2)],
        ),
        (
            lambda self, x, w, b: x @ w + b,
            lambda self, grad: (
                grad @ self.inputs[1].T,
                self.inputs[0].T @ grad,
                grad.sum(axis=0),
            ),
            [points(3, 3), points(3, 3) + 1, points(3)],
        ),
        (
            lambda self, x: x.std(axis=0),
            lambda self, grad: (
                grad
                * (self.inputs[0] - self.inputs[0].mean(axis=0))
                / self.output
                / len(self.inputs[0])
            ),
            [points(4, 3)],
        ),
        (
            lambda self, x: np.round(x),
            lambda self, grad: grad * 0,
            [points(4)],
        ),
    ],
    ids=["softmax", "dot", "determinant", "dense", "std", "round"],
)
def test_textbook_formula_for_one_rank_is_right(forward, backward, arrays):
    report = check_grad(grad_class(forward, backward), *arrays)
    assert report.ok, report


@pytest.mark.parametrize("seed", range(5))
def test_boundary_between_a_few_points_is_no_region(seed):
    cls, *_ = WRONG["cosine_of_the_output"]
    x = np.random.default_rng(seed).normal(size=4)
    assert check_grad(cls, x).codes == ["output-for-input"]


@pytest.mark.parametrize("seed", range(5))
def test_small_mask_that_happens_to_repeat_is_random_all_the_same(seed):
    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > 0.5  # noqa: NPY002
        return x * self.mask

    dropout = grad_class(forward, lambda self, grad: grad * self.mask)
    np.random.seed(seed)  # noqa: NPY002
    assert check_grad(dropout, points(4)).ok
