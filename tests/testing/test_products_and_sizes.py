"""Mistakes in products, sizes, constructors and at kinks, and what is none of them."""

import numpy as np
import pytest

from keratorch import Grad
from keratorch.testing import check_grad, isolated


def normal(*shape, seed=3):
    return np.random.default_rng(seed).normal(size=shape)


def grad_class(forward, backward, **attributes):
    names = {"forward": forward, "backward": backward, **attributes}
    return type("SomeGrad", (Grad,), names)


def told_by(report):
    return " ".join(str(report).split())


def scores(self, q, k):
    return q @ k.T / np.sqrt(q.shape[-1])


def scores_unscaled(self, grad):
    q, k = self.inputs
    return grad @ k, grad.T @ q


def std_of_sample(self, grad):
    (x,) = self.inputs
    return grad * (x - x.mean()) / ((x.size - 1) * self.output)


def gram_of_symmetric(self, grad):
    (x,) = self.inputs
    return x @ grad + x @ grad


def form_of_symmetric(self, grad):
    a, x = self.inputs
    return grad * np.outer(x, x), grad * 2 * (a @ x)


def matrix_times_vector(self, grad):
    a, x = self.inputs
    return np.outer(grad, x), a @ grad


def outer_of_transposed(self, grad):
    a, b = self.inputs
    return grad.T @ b, grad @ a


def row_weights(scores):
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def attention_of_values(self, grad):
    scores, values = self.inputs
    weights = row_weights(scores)
    slope = grad @ values.T
    inner = (slope * weights).sum(axis=1, keepdims=True)
    return weights * (slope - inner), weights @ grad


def first_half_twice(self, grad):
    rows = self.inputs[0].shape[0]
    return grad[:rows], grad[:rows]


def cosine_of_constant_lengths(self, grad):
    a, b = self.inputs
    lengths = np.sqrt((a @ a) * (b @ b))
    return grad * b / lengths, grad * a / lengths


def standardized(self, x):
    return (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + 1e-3)


def standardized_with_constant_scale(self, grad):
    (x,) = self.inputs
    scale = x.std(axis=1, keepdims=True) + 1e-3
    return (grad - grad.mean(axis=1, keepdims=True)) / scale


SQUARE = normal(3, 3)


@pytest.mark.parametrize(
    "forward, backward, arrays, code, told",
    [
        (
            scores,
            scores_unscaled,
            [normal(3, 4), normal(5, 4)],
            "constant-factor",
            "Divide by np.sqrt(q.shape[1])",
        ),
        (
            lambda self, x: x.std(),
            std_of_sample,
            [normal(5)],
            "constant-factor",
            "x.size / (x.size - 1)",
        ),
        (
            lambda self, x: np.rad2deg(x),
            lambda self, grad: grad * np.pi / 180,
            [normal(4)],
            "constant-factor",
            "Multiply by (180/pi)**2",
        ),
        (
            lambda self, x: x - x.mean(axis=1, keepdims=True),
            lambda self, grad: grad - grad.sum(axis=1, keepdims=True),
            [normal(3, 4)],
            "mean-for-sum",
            "Take a mean over the axis where there is a sum",
        ),
        (
            lambda self, x: x.mean(axis=2),
            lambda self, grad: (
                grad[..., None] * np.ones(self.inputs[0].shape) / self.inputs[0].size
            ),
            [normal(2, 3, 4)],
            "mean-for-sum",
            "gave 1/(the size of the output) times",
        ),
        (
            lambda self, x: x.T @ x,
            gram_of_symmetric,
            [SQUARE],
            "transposed",
            "Return `x @ (grad + grad.T)`",
        ),
        (
            lambda self, a, x: x @ a @ x,
            form_of_symmetric,
            [SQUARE, normal(3)],
            "transposed",
            "Return `grad * (a + a.T) @ x`",
        ),
        (
            lambda self, a, x: a @ x,
            matrix_times_vector,
            [SQUARE, normal(3)],
            "transposed",
            "gave `a @ grad`",
        ),
        (
            lambda self, a, x: a @ x,
            lambda self, grad: (
                np.outer(self.inputs[1], grad),
                self.inputs[0].T @ grad,
            ),
            [SQUARE, normal(3)],
            "transposed",
            "Transpose it once more",
        ),
        (
            lambda self, a, b: np.outer(a, b),
            outer_of_transposed,
            [normal(4), normal(4, seed=5)],
            "transposed",
            "Return `grad @ b` for a",
        ),
        (
            lambda self, a: np.linalg.det(a),
            lambda self, grad: grad * self.output * np.linalg.inv(self.inputs[0]),
            [SQUARE + 3 * np.eye(3)],
            "transposed",
            "Transpose it once more",
        ),
        (
            lambda self, scores, values: row_weights(scores) @ values,
            attention_of_values,
            [normal(3, 5), normal(5, 2)],
            "transposed",
            "goes back as A.T @ grad",
        ),
        (
            lambda self, a, b: np.concatenate([a, b]),
            first_half_twice,
            [SQUARE, normal(3, 3, seed=5)],
            "swapped-inputs",
            "gave the gradient of a for b",
        ),
        (
            lambda self, x: np.cosh(x),
            lambda self, grad: grad * np.cosh(self.inputs[0]),
            [normal(5)],
            "not-derived",
            "times the output itself",
        ),
        (
            lambda self, p, q: (p * np.log(p / q)).sum(),
            lambda self, grad: (
                grad * np.log(self.inputs[0] / self.inputs[1]),
                -grad * self.inputs[0] / self.inputs[1],
            ),
            [np.array([0.2, 0.5, 0.3]), np.array([0.1, 0.6, 0.3])],
            "missing-term",
            "off by a term: `grad` times 1.",
        ),
        (
            lambda self, a, b: a @ b / np.sqrt((a @ a) * (b @ b)),
            cosine_of_constant_lengths,
            [normal(5), normal(5, seed=5)],
            "missing-term",
            "off by a term: `grad * a` times",
        ),
        (
            standardized,
            standardized_with_constant_scale,
            [normal(3, 4)],
            "missing-term",
            "the output times one number along axis 1",
        ),
        (
            lambda self, a, b: ((a - a.mean()) * (b - b.mean())).mean(),
            lambda self, grad: (
                grad * self.inputs[1] / self.inputs[1].size,
                grad * self.inputs[0] / self.inputs[0].size,
            ),
            [normal(5), normal(5, seed=5)],
            "missing-term",
            "change a sum, mean or norm over all elements",
        ),
        (
            lambda self, a, b: np.stack([a, b]),
            lambda self, grad: (grad[:, 0], grad[:, 1]),
            [normal(2, 2), normal(2, 2, seed=5)],
            "wrong-order",
            "a[1, 0] went to output[0, 1, 0], its gradient is taken from grad[1, 0, 0]",
        ),
        (
            lambda self, x: 2 * x[::-1],
            lambda self, grad: 2 * grad[:, ::-1],
            [SQUARE],
            "wrong-order",
            "x[0, 0] went to output[2, 0], its gradient is taken from grad[0, 2]",
        ),
        (
            lambda self, x: np.maximum(x, 0),
            lambda self, grad: grad * np.maximum(self.inputs[0], 0),
            [normal(5)],
            "not-derived",
            "times the output itself",
        ),
        (
            lambda self, x: (x**2, x),
            lambda self, grad: grad * 2 * self.inputs[0],
            [normal(5)],
            "wrong-type",
            "returned a tuple; expected one array",
        ),
        (
            lambda self, x: (x.sum(), x),
            lambda self, grad: grad * np.ones(self.inputs[0].shape),
            [normal(5)],
            "wrong-type",
            "Return the result alone",
        ),
        (
            lambda self, y, x: y * x,
            lambda self, grad: (grad * q, grad * self.inputs[0]),  # noqa: F821
            [normal(5), normal(5, seed=5)],
            "backward-raises",
            "`y, x = self.inputs`",
        ),
        (
            lambda self, x: 3 * x**3 - 2 * x**2 + x,
            lambda self, grad: grad * (9 * self.inputs[0] ** 2 - 4 * self.inputs[0]),
            [normal(5)],
            "missing-term",
            "A sum is derived term by term: add `grad` times 1",
        ),
        (
            lambda self, x: x.mean(axis=1),
            lambda self, grad: np.broadcast_to(grad, self.inputs[0].shape) / 3,
            [normal(2, 3, 4)],
            "backward-raises",
            "as np.expand_dims(grad, axis) does",
        ),
        (
            lambda self, x: np.sin(x),
            lambda self, grad: (grad * np.cos(self.inputs[0])).astype(np.float16),
            [normal(4)],
            "dtype",
            "gave float16",
        ),
        (
            lambda self, x: np.tanh(x),
            lambda self, grad: (grad * (1 - self.output**2)).astype(np.float32),
            [normal(4)],
            "dtype",
            "its last digits are lost",
        ),
    ],
)
def test_mistake_is_named_with_its_fix(forward, backward, arrays, code, told):
    report = check_grad(grad_class(forward, backward), *arrays)
    assert report.codes == [code]
    assert told in told_by(report)


def test_maximum_without_mask_is_explained_without_a_boundary():
    spread = grad_class(
        lambda self, x: x.max(axis=1),
        lambda self, grad: grad[:, None] * np.ones(self.inputs[0].shape),
    )
    report = check_grad(spread, normal(2, 3))
    assert report.codes == ["forgot-mask"]
    assert "those where" not in told_by(report)


@pytest.mark.parametrize(
    "forward, backward, arrays",
    [
        (
            lambda self, a, w: a @ w,
            lambda self, grad: (
                grad @ self.inputs[1].T,
                np.swapaxes(self.inputs[0], -1, -2) @ grad,
            ),
            [normal(2, 3, 4), normal(4, 2)],
        ),
        (
            lambda self, x, shift: x + shift,
            lambda self, grad: (grad, grad.sum(axis=0)),
            [normal(2, 3, 4), normal(3, 1)],
        ),
    ],
)
def test_sum_over_some_of_the_stretched_axes_is_missing(forward, backward, arrays):
    halfway = grad_class(forward, backward, unbroadcasts=False)
    assert check_grad(halfway, *arrays).codes == ["missing-unbroadcast"]


class MeanOfLabelsGrad(Grad):
    """The mean of the numbers that labels choose."""

    def __init__(self, x, labels):
        super().__init__(x)
        self.rows, self.labels = np.arange(len(labels)), labels

    def forward(self, x):
        return x[self.rows, self.labels].mean()

    def backward(self, grad):
        (x,) = self.inputs
        chosen = np.arange(x.shape[1]) == self.labels[:, None]
        return grad * chosen.astype(x.dtype)


def test_factor_of_a_length_that_cannot_change_may_be_a_mean():
    report = check_grad(MeanOfLabelsGrad, normal(3, 4), labels=np.array([1, 0, 3]))
    assert report.codes == ["mean-for-sum"]
    assert "3 (the length of axis 0)" in told_by(report)


@pytest.mark.parametrize(
    "forward, backward, x",
    [
        (np.abs, lambda x, grad: grad * x / np.abs(x), [-1.0, 0.0, 2.0]),
        (np.linalg.norm, lambda x, grad: grad * x / np.sqrt((x**2).sum()), [0.0, 0.0]),
    ],
)
def test_nan_at_a_kink_is_no_slope(forward, backward, x):
    cls = grad_class(
        lambda self, x: forward(x), lambda self, grad: backward(self.inputs[0], grad)
    )
    report = check_grad(cls, np.array(x))
    assert report.codes == ["not-finite"]
    assert "any slope between its two sides is right" in told_by(report)


def test_infinite_slope_is_right_where_the_function_is_that_steep():
    root = grad_class(
        lambda self, x: np.sqrt(np.abs(x)),
        lambda self, grad: grad * np.sign(self.inputs[0]) / (2 * self.output),
    )
    assert check_grad(root, np.array([-1.0, 0.0, 4.0])).ok


class SquaredErrorGrad(Grad):
    """sum((x - target)**2); the target gets no gradient."""

    def __init__(self, x, target):
        super().__init__(x)
        self.target = np.asarray(target)

    def forward(self, x):
        return ((x - self.target) ** 2).sum()

    def backward(self, grad):
        return grad * 2 * (self.inputs[0] - self.target)


def test_input_that_the_constructor_makes_plain_is_a_constant():
    report = check_grad(SquaredErrorGrad, normal(4), normal(4, seed=5))
    assert report.ok
    assert "makes a plain array of target: no gradient of it was checked" in told_by(
        report
    )


@pytest.mark.parametrize("arrays", [[normal(4)], [normal(4), normal(4, seed=5)]])
def test_input_made_plain_on_its_way_to_the_graph_is_a_mistake(arrays):
    def made_plain(self, *arrays):
        Grad.__init__(self, *arrays[:-1], np.asarray(arrays[-1]))

    cls = grad_class(
        lambda self, *arrays: np.prod(arrays, axis=0),
        lambda self, grad: tuple(grad * self.output / x for x in self.inputs),
        __init__=made_plain,
    )
    report = check_grad(cls, *arrays)
    assert report.codes == ["not-saved"]
    assert "super().__init__(*arrays)" in told_by(report)


def each_number(self, grad):
    (x,) = self.inputs
    slopes = [[1 - np.tanh(float(v)) ** 2 for v in row] for row in x]
    return grad * np.array(slopes)


def test_loop_over_axes_is_right_to_first_order():
    looping = grad_class(lambda self, x: np.tanh(x), each_number)
    report = check_grad(looping, normal(2, 3), order=1)
    assert report.ok
    assert "fails on inputs without an axis" in told_by(report)
    assert "0-d" not in report.checked
    assert check_grad(looping, normal(2, 3)).codes == ["backward-raises"]


def distances_of_rows(self, grad):
    (x,) = self.inputs
    apart = x[:, None] - x[None]
    length = np.sqrt((apart * apart).sum(-1))
    weights = grad / np.where(length > 0, length, 1) * (length > 0)
    return ((weights + weights.T)[..., None] * apart).sum(1)


def sinc_slope(self, grad):
    (x,) = self.inputs
    y = np.where(x == 0, 1.0, x)
    return grad * np.where(x == 0, 0.0, (y * np.cos(y) - np.sin(y)) / y**2)


@pytest.mark.parametrize(
    "forward, backward, x, told",
    [
        (
            lambda self, x: np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1)),
            distances_of_rows,
            normal(4, 3),
            "0 * inf, which is nan",
        ),
        (
            lambda self, x: np.sinc(x / np.pi),
            sinc_slope,
            np.array([-1.0, 0.0, 0.5]),
            "At the other elements it is right",
        ),
    ],
)
def test_second_derivative_that_is_wrong_in_places_says_why(forward, backward, x, told):
    report = check_grad(grad_class(forward, backward), x)
    assert report.codes == ["bypasses-graph"]
    assert told in told_by(report)


def test_inputs_of_a_numpy_function_have_its_names():
    with isolated(), pytest.warns(UserWarning, match="replaces"):

        class ReversedGrad(Grad, of=np.arctan2):
            def backward(self, grad):
                y, x = self.inputs
                return -grad * x / (x * x + y * y), -grad * y / (x * x + y * y)

        report = check_grad(ReversedGrad, normal(4), normal(4, seed=5))
    assert report.codes == ["sign"]
    assert "gradient of x1 of shape (4,)" in told_by(report)


class CachingGrad(Grad):
    """x * tanh(x), of which forward keeps both factors."""

    def forward(self, x):
        self.kept = (x, np.tanh(x))
        return x * self.kept[1]

    def backward(self, grad):
        x, t = self.kept
        return grad * (t + x * (1 - t * t))


def test_values_kept_in_a_tuple_are_named():
    report = check_grad(CachingGrad, normal(4))
    assert report.codes == ["bypasses-graph"]
    assert "self.kept is put aside as plain numbers" in told_by(report)
