"""Grad classes with one mistake each, as students make them, and the code of each."""

import math

import numpy as np

from keratorch import Grad

_random = np.random.default_rng(3)


def normal(*shape):
    return np.asarray(_random.normal(size=shape))


def positive(*shape):
    return np.asarray(_random.uniform(0.3, 2.0, size=shape))


def fractions(*shape):
    return np.asarray(_random.uniform(0.1, 0.9, size=shape))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


WRONG = {}  # name: (class, sample inputs, params, code)


def wrong(code, forward, *inputs, params=None, name=None, **attributes):
    """Register the decorated backward as a class of its own."""

    def register(backward):
        label = name or backward.__name__
        assert label not in WRONG, label
        title = "".join(part.title() for part in label.split("_"))
        methods = {"forward": forward, "backward": backward, **attributes}
        methods = {k: v for k, v in methods.items() if v is not None}
        cls = type(f"{title}Grad", (Grad,), methods)
        WRONG[label] = (cls, inputs, params or {}, code)
        return backward

    return register


def keep_axis(self, x, axis=None):
    Grad.__init__(self, x)
    self.axis = axis


def keep_index(self, x, index=None):
    Grad.__init__(self, x)
    self.index = index


def cube(self, x):
    return x**3


def product(self, a, b):
    return a * b


def quotient(self, a, b):
    return a / b


def matmul(self, a, b):
    return a @ b


def swish(self, x):
    return x * sigmoid(x)


def softmax(self, x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def along_axis(function):
    return lambda self, x: function(x, axis=self.axis)


def squared_error(self, p, t):
    return ((p - t) ** 2).mean()


def elementwise(function):
    return lambda self, x: function(x)


# The incoming gradient


@wrong("missing-upstream", cube, normal(3))
def cube_without_upstream(self, grad):
    (x,) = self.inputs
    return 3 * x**2


@wrong("missing-upstream", product, normal(2, 3), normal(3))
def product_without_upstream(self, grad):
    a, b = self.inputs
    return b + 0 * a, a + 0 * b


@wrong("missing-upstream", lambda self, x: x.sum(), normal(2, 3))
def sum_of_ones(self, grad):
    (x,) = self.inputs
    return np.ones_like(x)


@wrong("missing-upstream", squared_error, normal(2, 3), normal(2, 3))
def loss_without_upstream(self, grad):
    p, t = self.inputs
    return 2 * (p - t) / p.size, -2 * (p - t) / p.size


@wrong("missing-upstream", matmul, normal(2, 3), normal(3, 4))
def matmul_of_ones(self, grad):
    a, b = self.inputs
    ones = np.ones((a.shape[0], b.shape[1]))
    return ones @ b.T, a.T @ ones


@wrong("not-linear", cube, normal(3))
def cube_plus_upstream(self, grad):
    (x,) = self.inputs
    return grad + 3 * x**2


@wrong("not-linear", swish, normal(4))
def upstream_twice(self, grad):
    (x,) = self.inputs
    s = sigmoid(x)
    return grad * grad * s * (1 + x * (1 - s))


# Signs and factors


@wrong("sign", elementwise(np.cos), normal(4))
def cosine_without_minus(self, grad):
    (x,) = self.inputs
    return grad * np.sin(x)


@wrong("sign", lambda self, a, b: a - b, normal(2, 3), normal(2, 3))
def difference_like_a_sum(self, grad):
    return grad, grad


@wrong("sign", quotient, positive(2, 3), positive(3))
def quotient_without_minus(self, grad):
    a, b = self.inputs
    return grad / b, grad * a / b**2


@wrong("sign", lambda self, p, t: -(t * np.log(p)).sum(), fractions(4), fractions(4))
def cross_entropy_without_minus(self, grad):
    p, t = self.inputs
    return grad * t / p, -grad * np.log(p)


@wrong("constant-factor", cube, normal(3))
def cube_without_three(self, grad):
    (x,) = self.inputs
    return grad * x**2


@wrong("constant-factor", elementwise(np.square), normal(2))
def square_without_two(self, grad):
    (x,) = self.inputs
    return grad * x


@wrong("constant-factor", lambda self, x: (x**2).sum(), normal(2))
def sum_of_squares_without_two(self, grad):
    (x,) = self.inputs
    return grad * x


@wrong("constant-factor", elementwise(np.log2), positive(4))
def log2_as_log(self, grad):
    (x,) = self.inputs
    return grad / x


@wrong("constant-factor", elementwise(np.sqrt), positive(4))
def root_without_half(self, grad):
    (x,) = self.inputs
    return grad / np.sqrt(x)


@wrong("constant-factor", matmul, normal(2, 3), normal(3, 4))
def matmul_doubled(self, grad):
    a, b = self.inputs
    return grad @ b.T, 2 * (a.T @ grad)


@wrong("mean-for-sum", lambda self, x: x.sum(), normal(2, 3))
def sum_as_mean(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x) / x.size


@wrong("mean-for-sum", lambda self, x: x.mean(), normal(2, 3))
def mean_as_sum(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x)


@wrong("mean-for-sum", squared_error, normal(5), normal(5))
def loss_without_division(self, grad):
    p, t = self.inputs
    return grad * 2 * (p - t), -grad * 2 * (p - t)


@wrong("mean-for-sum", lambda self, x: x.mean(axis=0), normal(2, 3))
def mean_of_axis_divided_by_size(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x) / x.size


@wrong("mean-for-sum", elementwise(np.tanh), normal(4))
def batch_mean_in_an_activation(self, grad):
    (x,) = self.inputs
    return grad * (1 - self.output**2) / len(x) if x.ndim else grad


# Matrices


@wrong("transposed", matmul, normal(3, 3), normal(3, 3))
def square_matmul_without_transpose(self, grad):
    a, b = self.inputs
    return grad @ b, a.T @ grad


@wrong("transposed", matmul, normal(2, 3), normal(3, 4))
def matmul_without_transpose(self, grad):
    a, b = self.inputs
    return grad @ b, a @ grad


@wrong("transposed", matmul, normal(2, 3), normal(3, 4))
def matmul_gradient_transposed(self, grad):
    a, b = self.inputs
    return (grad @ b.T).T, a.T @ grad


@wrong("transposed", matmul, normal(2, 3), normal(3, 4))
def matmul_in_the_wrong_order(self, grad):
    a, b = self.inputs
    return b @ grad.T, a.T @ grad


@wrong("transposed", lambda self, x: x.T * 2, normal(2, 3))
def transpose_forgotten(self, grad):
    return grad * 2


@wrong("transposed", lambda self, x: x.T, normal(3, 3))
def square_transpose_forgotten(self, grad):
    return grad


@wrong("transposed", lambda self, x: x.transpose(1, 2, 0), normal(2, 3, 4))
def permutation_not_inverted(self, grad):
    return grad.transpose(1, 2, 0)


@wrong("transposed", lambda self, x: np.roll(x, 1), normal(5))
def roll_in_the_same_direction(self, grad):
    return np.roll(grad, 1)


@wrong("transposed", lambda self, x: np.cumsum(x), normal(5))
def cumsum_of_the_gradient(self, grad):
    return np.cumsum(grad)


@wrong("swapped-inputs", matmul, normal(2, 3), normal(3, 4))
def matmul_swapped(self, grad):
    a, b = self.inputs
    return a.T @ grad, grad @ b.T


@wrong("swapped-inputs", product, normal(2, 3), normal(2, 3))
def product_swapped(self, grad):
    a, b = self.inputs
    return grad * a, grad * b


@wrong("swapped-inputs", quotient, positive(4), positive(4))
def quotient_swapped(self, grad):
    a, b = self.inputs
    return -grad * a / b**2, grad / b


@wrong("wrong-order", lambda self, x: x[::-1] * 1.0, normal(5))
def flip_forgotten(self, grad):
    return grad


@wrong("wrong-order", lambda self, x: x.reshape(3, 2), normal(2, 3))
def reshape_in_the_order_of_fortran(self, grad):
    return np.reshape(grad, (2, 3), order="F")


# Axes


@wrong(
    "wrong-axis",
    along_axis(np.sum),
    normal(3, 3),
    params={"axis": 0},
    __init__=keep_axis,
)
def sum_spread_along_the_other_axis(self, grad):
    (x,) = self.inputs
    return np.expand_dims(grad, 1) * np.ones_like(x)


@wrong(
    "wrong-axis",
    along_axis(np.sum),
    normal(2, 3),
    params={"axis": 1},
    __init__=keep_axis,
)
def sum_not_spread_back(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x)


@wrong("wrong-axis", softmax, normal(2, 3))
def softmax_summed_over_the_batch(self, grad):
    out = self.output
    return out * (grad - (grad * out).sum(axis=0, keepdims=True))


@wrong("wrong-axis", softmax, normal(2, 3))
def softmax_summed_over_everything(self, grad):
    out = self.output
    return out * (grad - (grad * out).sum())


@wrong("only-diagonal", softmax, normal(2, 3))
def softmax_like_a_sigmoid(self, grad):
    out = self.output
    return grad * out * (1 - out)


@wrong("only-diagonal", lambda self, x: x - x.mean(axis=0), normal(4, 2))
def centering_without_the_mean(self, grad):
    return grad


# Formulas


@wrong("known-derivative", swish, normal(5))
def swish_like_a_sigmoid(self, grad):
    (x,) = self.inputs
    return grad * sigmoid(x) * (1 - sigmoid(x))


@wrong("known-derivative", elementwise(sigmoid), normal(2, 3))
def sigmoid_like_tanh(self, grad):
    (x,) = self.inputs
    return grad * (1 - np.tanh(x) ** 2)


@wrong("known-derivative", elementwise(np.log1p), positive(4))
def log1p_like_log(self, grad):
    (x,) = self.inputs
    return grad / x


@wrong("known-derivative", elementwise(np.tan), fractions(4))
def tan_like_arctan(self, grad):
    (x,) = self.inputs
    return grad / (1 + x**2)


@wrong("not-derived", swish, normal(5))
def swish_times_itself(self, grad):
    return grad * self.output


@wrong("not-derived", elementwise(np.sin), normal(5))
def sine_stays_sine(self, grad):
    (x,) = self.inputs
    return grad * np.sin(x)


@wrong("input-for-output", elementwise(np.tanh), normal(5))
def tanh_of_the_input(self, grad):
    (x,) = self.inputs
    return grad * (1 - x**2)


@wrong("input-for-output", elementwise(sigmoid), normal(5))
def sigmoid_of_the_input(self, grad):
    (x,) = self.inputs
    return grad * x * (1 - x)


@wrong("output-for-input", elementwise(np.log), positive(5))
def log_of_the_output(self, grad):
    return grad / self.output


@wrong("forgot-inner-derivative", lambda self, x: np.sin(x**2), normal(5))
def sine_of_a_square(self, grad):
    (x,) = self.inputs
    return grad * np.cos(x**2)


@wrong("forgot-inner-derivative", lambda self, x: np.exp(-(x**2) / 2), normal(5))
def bell_without_inner_derivative(self, grad):
    return grad * self.output


@wrong("forgot-inner-derivative", lambda self, x: np.log(np.cosh(x)), normal(5))
def log_of_cosh(self, grad):
    (x,) = self.inputs
    return grad / np.cosh(x)


@wrong("missing-term", swish, normal(5))
def swish_first_term(self, grad):
    (x,) = self.inputs
    return grad * sigmoid(x)


@wrong("missing-term", lambda self, x: x * np.log(x), positive(5))
def entropy_first_term(self, grad):
    (x,) = self.inputs
    return grad * np.log(x)


@wrong("forgets-input", product, normal(2, 3), normal(2, 3))
def product_with_none(self, grad):
    _, b = self.inputs
    return grad * b, None


@wrong("forgets-input", lambda self, x, w, b: x @ w + b, *[normal(2, 2)] * 3)
def dense_with_zeros(self, grad):
    x, w, b = self.inputs
    return grad @ w.T, x.T @ grad, np.zeros_like(b)


# Cases and indices


@wrong("forgot-mask", lambda self, x: np.maximum(x, 0), normal(6))
def relu_without_mask(self, grad):
    return grad


@wrong("forgot-mask", lambda self, x: np.clip(x, -0.5, 0.5), normal(8))
def clip_without_mask(self, grad):
    return grad


@wrong("forgot-mask", lambda self, x: x.max(axis=0), normal(3, 2))
def max_to_all(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x)


@wrong("wrong-region", lambda self, x: np.where(x > 0, x, 0.1 * x), normal(8))
def leaky_relu_without_leak(self, grad):
    (x,) = self.inputs
    return grad * (x > 0)


@wrong("wrong-region", elementwise(np.abs), normal(8))
def abs_without_sign(self, grad):
    return grad


@wrong("wrong-region", lambda self, x: np.where(x > 0, x, np.exp(x) - 1), normal(8))
def elu_without_its_branch(self, grad):
    (x,) = self.inputs
    return grad * np.where(x > 0, 1.0, 0.5)


@wrong("wrong-region", lambda self, x: np.where(x > 0, x, 0.1 * x), positive(6))
def leaky_relu_seen_on_one_side_only(self, grad):
    (x,) = self.inputs
    return grad * (x > 0)


@wrong(
    "not-accumulated",
    lambda self, x: x[self.index],
    normal(4),
    params={"index": np.array([0, 2, 2])},
    __init__=keep_index,
)
def lookup_overwrites(self, grad):
    (x,) = self.inputs
    dx = np.zeros_like(x)
    dx[self.index] = grad
    return dx


@wrong("not-accumulated", lambda self, x: np.tile(x, 2), normal(3))
def tile_takes_the_first(self, grad):
    return grad[:3]


# What backward returns


@wrong("missing-return", cube, normal(3))
def return_forgotten(self, grad):
    (x,) = self.inputs
    grad * 3 * x**2


@wrong("missing-return", cube, normal(3))
def gradient_stored_instead(self, grad):
    (x,) = self._inputs
    x._grad = grad * 3 * x.numpy() ** 2


@wrong("missing-return", lambda self, x: None, normal(3))
def forward_returns_nothing(self, grad):
    return grad


@wrong("wrong-count", product, normal(3), normal(3))
def one_gradient_for_two(self, grad):
    _, b = self.inputs
    return grad * b


@wrong("wrong-count", product, normal(3), normal(3))
def three_gradients_for_two(self, grad):
    a, b = self.inputs
    return grad * b, grad * a, None


@wrong("wrong-count", cube, normal(3))
def torch_like_none(self, grad):
    (x,) = self.inputs
    return grad * 3 * x**2, None


@wrong("wrong-type", cube, normal(3))
def gradient_by_name(self, grad):
    return {"x": grad}


@wrong("wrong-shape", lambda self, x: x.sum(axis=1), normal(2, 3))
def reduction_not_spread(self, grad):
    return grad


@wrong("wrong-shape", lambda self, x: x.reshape(-1), normal(2, 3))
def reshape_not_undone(self, grad):
    return grad


@wrong("wrong-shape", cube, normal(3))
def tuple_of_inputs(self, grad):
    x = np.array(self.inputs)
    return grad * 3 * x**2


@wrong("dtype", cube, normal(3))
def integer_gradient(self, grad):
    return np.ones(3, int)


@wrong("dtype", lambda self, x: np.maximum(x, 0), normal(4))
def mask_as_gradient(self, grad):
    (x,) = self.inputs
    return x > 0


@wrong("dtype", lambda self, x: x * np.full(3, 2.0), normal(3))
def promoted_value(self, grad):
    return grad * 2


@wrong("dtype", lambda self, x: x.astype(int), normal(3) * 9)
def value_of_integers(self, grad):
    return grad


# Writing


@wrong("mutates-gradient", lambda self, x: x * 2, normal(3))
def doubling_in_place(self, grad):
    grad *= 2
    return grad


@wrong("mutates-gradient", lambda self, x: np.maximum(x, 0), normal(5))
def masking_in_place(self, grad):
    (x,) = self.inputs
    grad[x < 0] = 0
    return grad


@wrong("mutates-input", cube, normal(3))
def square_in_place(self, grad):
    (x,) = self.inputs
    x *= x
    return grad * 3 * x


@wrong("mutates-input", elementwise(np.tanh), normal(3))
def output_in_place(self, grad):
    out = self.output
    out **= 2
    return grad * (1 - out)


def relu_in_place(self, x):
    x[x < 0] = 0
    return x


@wrong("mutates-input", relu_in_place, normal(5))
def forward_in_place(self, grad):
    (x,) = self.inputs
    return grad * (x > 0)


@wrong("mutates-input", cube, normal(3))
def written_through_the_array(self, grad):
    (x,) = self.inputs
    result = grad * 3 * x**2
    self._inputs[0]._array[...] = 0
    return result


# Where it came from, and how often


def put_aside(self, x):
    self.s = sigmoid(x)
    return x * self.s


@wrong("bypasses-graph", put_aside, normal(4))
def saved_by_forward(self, grad):
    (x,) = self.inputs
    return grad * self.s * (1 + x * (1 - self.s))


@wrong("bypasses-graph", cube, normal(3))
def hidden_array(self, grad):
    (x,) = self._inputs
    return grad * 3 * x._array**2


@wrong("bypasses-graph", cube, normal(3))
def detached_upstream(self, grad):
    (x,) = self.inputs
    return np.array(getattr(grad, "_array", grad)) * 3 * x**2


@wrong("bypasses-graph", lambda self, x: np.maximum(x, 0) ** 2, normal(6))
def filled_by_mask(self, grad):
    (x,) = self.inputs
    dx = np.zeros(x.shape, x.dtype)
    dx[x > 0] = (grad * 2 * x)[x > 0]
    return dx


@wrong("bypasses-graph", elementwise(np.exp), normal())
def through_math(self, grad):
    (x,) = self.inputs
    return grad * math.exp(x)


class SharedGrad(Grad):
    def forward(self, x):
        SharedGrad.x = x
        return x**3

    def backward(self, grad):
        return grad * 3 * SharedGrad.x**2


class GrowingGrad(Grad):
    def forward(self, x):
        self.factor = 1.0
        return x * 2

    def backward(self, grad):
        self.factor *= 2
        return grad * self.factor


class NoisyGrad(Grad):
    def forward(self, x):
        return x + np.random.default_rng().normal(size=x.shape)

    def backward(self, grad):
        return grad


class ForgetfulGrad(Grad):
    def __init__(self, x):
        self.x = x

    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return grad * 2


class UnwrappingGrad(Grad):
    def __init__(self, x):
        super().__init__(x.numpy())

    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return grad * 2


class HalfSavedGrad(Grad):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b

    def forward(self, a, b):
        return a * b

    def backward(self, grad):
        return grad


class LessonGrad(Grad):
    """out = a + b; this class undoes broadcasting itself."""

    unbroadcasts = False

    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        return grad, grad


class MisspeltGrad(Grad):
    def forward(self, x):
        return x

    def backwards(self, grad):
        return grad


class UnnamedAttributeGrad(Grad):
    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return grad * self.factor


class NoUpstreamArgumentGrad(Grad):
    def forward(self, x):
        return x * 2

    def backward(self):
        return 2


class RaisingGrad(Grad):
    def forward(self, x):
        raise RuntimeError("not written yet")

    def backward(self, grad):
        return grad


class QuittingGrad(Grad):
    def forward(self, x):
        return x * 2

    def backward(self, grad):
        raise SystemExit(1)


class LengthGrad(Grad):
    """Right for arrays with axes; len() of a 0-d array fails."""

    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return np.stack([2 * grad[i] for i in range(len(grad))])


class LayoutGrad(Grad):
    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return np.reshape(np.ravel(grad, order="K"), grad.shape) * 2


class MixedFormulaGrad(Grad):
    def forward(self, x):
        return np.sin(x) * np.exp(x / 3)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * (np.cos(x) - x / 7)


class PowerGrad(Grad):
    def forward(self, base, exponent):
        return base**exponent

    def backward(self, grad):
        base, exponent = self.inputs
        return grad * exponent * base ** (exponent - 1), grad * base**exponent


class EagerGrad(Grad):
    def __init__(self, x, axis):
        super().__init__(x)
        self.axis = axis

    def forward(self, x):
        return x * 2

    def backward(self, grad):
        return grad * 2


WRONG.update(
    {
        "state in the class": (SharedGrad, (normal(3),), {}, "shared-state"),
        "state that grows": (GrowingGrad, (normal(3),), {}, "shared-state"),
        "random value": (NoisyGrad, (normal(3),), {}, "not-repeatable"),
        "no super().__init__": (ForgetfulGrad, (normal(3),), {}, "not-saved"),
        "input unwrapped": (UnwrappingGrad, (normal(3),), {}, "not-saved"),
        "one input saved": (HalfSavedGrad, (normal(3), normal(3)), {}, "not-saved"),
        "no unbroadcast": (
            LessonGrad,
            (normal(2, 3), normal(2, 3)),
            {},
            "missing-unbroadcast",
        ),
        "backwards": (MisspeltGrad, (normal(3),), {}, "no-backward"),
        "no attribute": (UnnamedAttributeGrad, (normal(3),), {}, "backward-raises"),
        "no argument": (NoUpstreamArgumentGrad, (normal(3),), {}, "backward-raises"),
        "forward raises": (RaisingGrad, (normal(3),), {}, "forward-raises"),
        "exit": (QuittingGrad, (normal(3),), {}, "backward-raises"),
        "0-d": (LengthGrad, (normal(3),), {}, "backward-raises"),
        "layout": (LayoutGrad, (normal(2, 3),), {}, "memory-layout"),
        "formula": (MixedFormulaGrad, (normal(5),), {}, "wrong-value"),
        "power without log": (PowerGrad, (positive(4), normal(4)), {}, "wrong-value"),
        "no axis": (EagerGrad, (normal(3),), {}, "wrong-inputs"),
    }
)
