"""Right Grad classes in the style of students: none of them may be flagged."""

import math

import numpy as np

from keratorch import Grad

_random = np.random.default_rng(11)
RIGHT = []  # (class, sample inputs, params)


def normal(*shape):
    return np.asarray(_random.normal(size=shape))


def positive(*shape):
    return np.asarray(_random.uniform(0.3, 2.0, size=shape))


def right(*inputs, **params):
    """Register the decorated class with sample inputs."""

    def register(cls):
        RIGHT.append((cls, inputs, params))
        return cls

    return register


@right(normal(2, 3))
@right(normal())
@right(normal(4).astype(np.float32))
@right([1, 2, 3])
@right(np.arange(3))
class SwishGrad(Grad):
    """out = x * sigmoid(x)."""

    def forward(self, x):
        return x / (1 + np.exp(-x))

    def backward(self, grad):
        (x,) = self.inputs
        s = 1 / (1 + np.exp(-x))
        return grad * s * (1 + x * (1 - s))


@right(normal(2, 3), normal(3))
class ProductGrad(Grad):
    def forward(self, a, b):
        return a * b

    def backward(self, grad):
        a, b = self.inputs
        return [grad * b, grad * a]


@right(normal(8))
@right(np.array([0.0, 1.0, -2.0]))
class LeakyReluGrad(Grad):
    def __init__(self, x, slope=0.1):
        super().__init__(x)
        self.slope = slope

    def forward(self, x):
        return np.where(x > 0, x, self.slope * x)

    def backward(self, grad):
        (x,) = self.inputs
        return np.where(x > 0, grad, self.slope * grad)


@right(normal(6) * 2)
class HuberGrad(Grad):
    def forward(self, x):
        return np.where(np.abs(x) < 1, 0.5 * x * x, np.abs(x) - 0.5)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.where(np.abs(x) < 1, x, np.sign(x))


@right(normal(2, 3), axis=0)
@right(normal(3, 3), axis=1)
@right(normal(2, 3))
class SumGrad(Grad):
    def __init__(self, x, axis=None):
        super().__init__(x)
        self.axis = axis

    def forward(self, x):
        return x.sum(axis=self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        if self.axis is not None:
            grad = np.expand_dims(grad, self.axis)
        return grad * np.ones_like(x)


@right(normal(2, 3))
class MeanGrad(Grad):
    def forward(self, x):
        return x.mean()

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.ones_like(x) / x.size


@right(normal(3, 4), axis=1)
class MaxGrad(Grad):
    def __init__(self, x, axis):
        super().__init__(x)
        self.axis = axis

    def forward(self, x):
        return x.max(axis=self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        mask = x == np.expand_dims(x.max(axis=self.axis), self.axis)
        return np.expand_dims(grad, self.axis) * mask


@right(normal(2, 3), normal(3, 4))
@right(normal(3, 3), normal(3, 3))
class MatrixProductGrad(Grad):
    def forward(self, a, b):
        return a @ b

    def backward(self, grad):
        a, b = self.inputs
        return grad @ b.T, a.T @ grad


@right(normal(4, 3), normal(3, 2), normal(2))
class AffineGrad(Grad):
    def forward(self, x, w, b):
        return x @ w + b

    def backward(self, grad):
        x, w, _ = self.inputs
        return grad @ w.T, x.T @ grad, grad.sum(axis=0)


@right(normal(4, 3), np.array([0, 2, 2, 3]))
class LookupGrad(Grad):
    def __init__(self, table, index):
        super().__init__(table, index)

    def forward(self, table, index):
        return table[index]

    def backward(self, grad):
        table, index = self.inputs
        hit = np.arange(len(table)) == np.asarray(index)[:, None]
        return hit.astype(grad.dtype).T @ grad, None


@right(normal(4, 3), index=[0, 2])
class RowsGrad(Grad):
    def __init__(self, x, index):
        super().__init__(x)
        self.index = index

    def forward(self, x):
        return x[self.index]

    def backward(self, grad):
        (x,) = self.inputs
        rows = np.zeros((len(self.index), len(x)), grad.dtype)
        rows[np.arange(len(self.index)), self.index] = 1
        return rows.T @ grad


@right(normal(2, 3), axes=(1, 0))
@right(normal(2, 3, 4), axes=(1, 2, 0))
class PermuteGrad(Grad):
    def __init__(self, x, axes):
        super().__init__(x)
        self.axes = axes

    def forward(self, x):
        return x.transpose(self.axes)

    def backward(self, grad):
        return grad.transpose(tuple(np.argsort(self.axes)))


@right(normal(2, 3))
class SoftmaxGrad(Grad):
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def backward(self, grad):
        p = self.output
        return p * (grad - (grad * p).sum(axis=-1, keepdims=True))


@right(normal(4, 3), np.array([0, 2, 1, 1]))
class CrossEntropyGrad(Grad):
    def __init__(self, logits, labels):
        super().__init__(logits)
        self.labels = labels

    def forward(self, x):
        log_sum = np.log(np.exp(x).sum(axis=1))
        return (log_sum - x[np.arange(len(x)), self.labels]).mean()

    def backward(self, grad):
        (x,) = self.inputs
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        hot = np.eye(x.shape[1], dtype=x.dtype)[self.labels]
        return grad * (p - hot) / len(x)


@right(normal(5), normal(5))
class MeanSquaredErrorGrad(Grad):
    def forward(self, prediction, target):
        return ((prediction - target) ** 2).mean()

    def backward(self, grad):
        prediction, target = self.inputs
        slope = grad * 2 * (prediction - target) / prediction.size
        return slope, -slope


@right(positive(2, 3), normal(2, 3))
class PowerGrad(Grad):
    def forward(self, base, exponent):
        return base**exponent

    def backward(self, grad):
        base, exponent = self.inputs
        return (
            grad * exponent * base ** (exponent - 1),
            grad * self.output * np.log(base),
        )


@right(normal(6), 0.5, seed=3)
class DropoutGrad(Grad):
    def __init__(self, x, rate, seed):
        super().__init__(x)
        random = np.random.default_rng(seed)
        self.mask = random.uniform(size=x.shape) >= rate

    def forward(self, x):
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


@right(normal(6))
class LegacyNoiseGrad(Grad):
    """Random, from NumPy's global state."""

    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > 0.5  # noqa: NPY002
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


@right(normal(6), np.random.default_rng(2))
class GeneratorNoiseGrad(Grad):
    def __init__(self, x, random):
        super().__init__(x)
        self.random = random

    def forward(self, x):
        self.mask = self.random.uniform(size=x.shape) > 0.5
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


@right(normal(2, 3), normal(2, 3))
@right(normal(2, 3), normal(3))
class LessonGrad(Grad):
    """Undoes broadcasting itself."""

    unbroadcasts = False

    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        def back(shape):
            extra = len(grad.shape) - len(shape)
            axes = tuple(range(extra)) + tuple(
                extra + k
                for k, n in enumerate(shape)
                if n == 1 and grad.shape[extra + k] > 1
            )
            return grad.sum(axis=axes).reshape(shape)

        a, b = self.inputs
        return back(a.shape), back(b.shape)


@right([normal(2, 3), normal(1, 3)])
class StackRowsGrad(Grad):
    """Takes a list of arrays, as np.concatenate does."""

    def __init__(self, arrays):
        super().__init__(*arrays)

    def forward(self, *arrays):
        return np.concatenate(arrays)

    def backward(self, grad):
        ends = np.cumsum([len(x) for x in self.inputs])[:-1]
        starts = [0, *ends]
        return tuple(
            grad[start : start + len(x)]
            for start, x in zip(starts, self.inputs, strict=True)
        )


@right(normal(7), np.array([0.25, 0.5, 0.25]))
class MovingAverageGrad(Grad):
    """The weights are a constant: they do not go to super().__init__."""

    def __init__(self, x, weights):
        super().__init__(x)
        self.weights = weights

    def forward(self, x):
        return np.convolve(x, self.weights.astype(x.dtype), "valid")

    def backward(self, grad):
        (x,) = self.inputs
        n, k = len(x), len(self.weights)
        band = np.zeros((n - k + 1, n), grad.dtype)
        for i in range(n - k + 1):
            band[i, i : i + k] = self.weights
        return grad @ band


@right(normal(5))
class ReversedSumGrad(Grad):
    def forward(self, x):
        return np.cumsum(x)

    def backward(self, grad):
        return grad.sum() - np.cumsum(grad) + grad


@right(positive(4))
class EntropyGrad(Grad):
    """Not defined for negative numbers."""

    def forward(self, p):
        return -p * np.log(p)

    def backward(self, grad):
        (p,) = self.inputs
        return -grad * (np.log(p) + 1)


@right(normal(4) * 3)
class TanhGeluGrad(Grad):
    def forward(self, x):
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))

    def backward(self, grad):
        (x,) = self.inputs
        c = math.sqrt(2 / math.pi)
        t = np.tanh(c * (x + 0.044715 * x**3))
        slope = 0.5 * x * (1 - t**2) * c * (1 + 3 * 0.044715 * x**2)
        return grad * (0.5 * (1 + t) + slope)


@right(normal(2, 3))
class RoundGrad(Grad):
    """A step function: its gradient is zero almost everywhere."""

    def forward(self, x):
        return np.round(x)

    def backward(self, grad):
        return grad * 0


@right(normal(3, 4))
class StandardizeGrad(Grad):
    def forward(self, x):
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-3)

    def backward(self, grad):
        (x,) = self.inputs
        out, s = self.output, np.sqrt(x.var(axis=0) + 1e-3)
        return (grad - grad.mean(axis=0) - out * (grad * out).mean(axis=0)) / s


@right(1e6 * normal(3))
@right(1e-6 * normal(3))
class ScaledGrad(Grad):
    def forward(self, x):
        return np.sinh(np.arcsinh(x))

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.cosh(np.arcsinh(x)) / np.sqrt(1 + x * x)


@right(np.array([[2.0, 0.5], [0.5, 1.0]]))
class CholeskyTraceGrad(Grad):
    """Reads the lower half of a symmetric matrix, and gives a symmetric gradient."""

    def forward(self, a):
        return np.log(np.diagonal(np.linalg.cholesky(a))).sum()

    def backward(self, grad):
        (a,) = self.inputs
        (p, q), (_, r) = (a[0, 0], a[0, 1]), (a[1, 0], a[1, 1])
        inverse = np.stack([np.stack([r, -q]), np.stack([-q, p])]) / (p * r - q * q)
        return grad * inverse / 2
