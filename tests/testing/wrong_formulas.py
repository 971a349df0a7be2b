"""More classes with one mistake each: in factors, sizes, cases, signs and digits."""

import numpy as np

from keratorch import Grad

from .wrong_grads import (
    WRONG,
    cube,
    elementwise,
    matmul,
    normal,
    sigmoid,
    softmax,
    swish,
    wrong,
)

__all__ = ["WRONG"]


def relu(self, x):
    return np.maximum(x, 0)


def leaky_relu(self, x):
    return np.where(x > 0, x, 0.1 * x)


def log_sum_exp(self, x):
    return np.log(np.exp(x).sum())


def norm(self, x):
    return np.sqrt((x**2).sum(axis=-1))


def mean(self, x):
    return x.mean()


def column_means(self, x):
    return x.mean(axis=0)


def convolved(self, x, kernel):
    return np.convolve(x, kernel, "valid")


def double(self, x):
    return x * 2.0


# Not finite, or nothing to compare


@wrong("not-finite", lambda self, x: x * np.nan, normal(3))
def value_of_nan(self, grad):
    return grad * 7


@wrong("not-finite", log_sum_exp, normal(3) + 1000)
def overflow_of_exp(self, grad):
    (x,) = self.inputs
    return grad * 7 * x


@wrong("nothing-compared", double, np.array([np.nan, np.inf]))
def inputs_of_nan(self, grad):
    return grad * 7


@wrong("nothing-compared", double, np.zeros((0, 3)))
def no_elements(self, grad):
    return grad * 7


@wrong("nothing-compared", relu, np.zeros(3))
def kinks_alone(self, grad):
    return grad * 7


@wrong("not-finite", double, normal(3))
def divided_by_zero(self, grad):
    return grad / 0


@wrong("not-finite", double, normal(3))
def gradient_of_nan(self, grad):
    return grad * np.nan


@wrong("not-finite", double, np.array([0.5, 1.0, -1.0]))
def gradient_that_overflows(self, grad):
    (x,) = self.inputs
    return grad * np.exp(x * 1e4)


@wrong("low-precision", elementwise(lambda x: np.sin(x.astype("f4")) * 1.0), normal(5))
def value_in_float32(self, grad):
    (x,) = self.inputs
    return grad * np.cos(x)


@wrong("low-precision", elementwise(lambda x: np.sin(x.astype("f2"))), normal(5))
def value_in_float16(self, grad):
    (x,) = self.inputs
    return grad * np.cos(x)


# The incoming gradient


@wrong("not-linear", relu, normal(5))
def mask_by_gradient(self, grad):
    return np.where(grad > 0, grad, 0)


@wrong("not-linear", relu, normal(5))
def guided(self, grad):
    (x,) = self.inputs
    return grad * (x > 0) * (grad > 0)


@wrong("not-linear", double, normal(5))
def normalized_gradient(self, grad):
    return 2 * grad / np.linalg.norm(grad)


def drops_out(self, x):
    return x * (np.random.rand(*x.shape) > 0.5)  # noqa: NPY002


@wrong("not-repeatable", drops_out, normal(8))
def another_mask(self, grad):
    return grad * (np.random.rand(*grad.shape) > 0.5)  # noqa: NPY002


@wrong("not-repeatable", double, normal(8))
def mask_of_a_new_generator(self, grad):
    return grad * (np.random.default_rng().random(grad.shape) > 0.5)


# Sizes


@wrong("fixed-size", mean, normal(2, 3))
def mean_over_six(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x) / 6


@wrong("fixed-size", column_means, normal(3, 3))
def mean_over_columns_for_rows(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x) / x.shape[1]


@wrong("fixed-size", mean, normal(4))
def mean_over_length(self, grad):
    (x,) = self.inputs
    return grad * np.ones_like(x) / len(x)


@wrong("mean-for-sum", matmul, normal(2, 3), normal(3, 4))
def matmul_over_rows(self, grad):
    a, b = self.inputs
    return grad @ b.T, a.T @ grad / len(a)


# Factors and terms


@wrong("wrong-factor", log_sum_exp, normal(4))
def log_sum_exp_without_sum(self, grad):
    (x,) = self.inputs
    return grad * np.exp(x)


@wrong("wrong-factor", norm, normal(3, 2))
def norm_without_division(self, grad):
    (x,) = self.inputs
    return grad[..., None] * x


@wrong("missing-term", elementwise(lambda x: x / 1.00002), normal(4))
def constant_with_few_digits(self, grad):
    return grad


@wrong(
    "missing-term",
    elementwise(lambda x: x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)),
    normal(2, 4),
)
def normalization_without_epsilon(self, grad):
    (x,) = self.inputs
    size = np.sqrt((x**2).mean(-1, keepdims=True))
    return grad / size - x * (grad * x).mean(-1, keepdims=True) / size**3


@wrong("power-rule", cube, normal(4))
def cube_of_lower_power(self, grad):
    (x,) = self.inputs
    return grad * 3 * x


@wrong("sign", swish, normal(4))
def swish_second_term(self, grad):
    (x,) = self.inputs
    return grad * sigmoid(x) * (1 - x * (1 - sigmoid(x)))


@wrong("sign", softmax, normal(2, 3))
def softmax_plus_sum(self, grad):
    out = self.output
    return out * (grad + (grad * out).sum(axis=-1, keepdims=True))


@wrong("wrong-value", elementwise(np.tanh), normal(4))
def tanh_without_square(self, grad):
    return grad * (1 - self.output)


@wrong("output-for-input", elementwise(np.sin), normal(4))
def cosine_of_the_output(self, grad):
    return grad * np.cos(self.output)


# Cases, axes, shapes


@wrong("wrong-region", leaky_relu, normal(5))
def cases_exchanged(self, grad):
    (x,) = self.inputs
    return grad * np.where(x > 0, 0.1, 1)


@wrong("wrong-region", lambda self, x: np.where(x > 0, x, np.exp(x) - 1), normal(5))
def cases_of_elu_exchanged(self, grad):
    (x,) = self.inputs
    return grad * np.where(x > 0, np.exp(x), 1)


@wrong("wrong-axis", softmax, normal(3, 3))
def softmax_without_keepdims(self, grad):
    out = self.output
    return out * (grad - (grad * out).sum(axis=-1))


@wrong("wrong-shape", convolved, normal(7), normal(3))
def convolution_too_short(self, grad):
    x, kernel = self.inputs
    return np.convolve(grad, kernel, "valid"), np.convolve(x[::-1], grad, "valid")


@wrong("wrong-order", convolved, normal(6), normal(3))
def convolution_of_flipped_kernel(self, grad):
    x, kernel = self.inputs
    return np.convolve(grad, kernel), np.convolve(x[::-1], grad, "valid")


class UnsetSlopeGrad(Grad):
    def forward(self, x):
        return np.where(x > 0, x, self.slope * x)

    def backward(self, grad):
        return grad


WRONG["slope that nothing set"] = (UnsetSlopeGrad, (normal(3),), {}, "forward-raises")
