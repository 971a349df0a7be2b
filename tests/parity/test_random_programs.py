"""Programs made at random have PyTorch's values and gradients.

A program is a list of steps; each applies a function to results of earlier steps.  The
same program runs on GradArrays through NumPy's functions and on PyTorch's tensors.
"""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keratorch import GradArray, gradients

torch = pytest.importorskip("torch")

ROWS, COLUMNS = 3, 4  # of every result, so that any step fits after any other
PROGRAMS = int(os.environ.get("KERATORCH_PROGRAMS", "100"))  # how many are made


def spread(x, like):
    """Give a reduced array its rows and columns back."""
    return x + 0 * like


def positive(m, a):
    """Return a positive definite matrix; `m` is NumPy or PyTorch."""
    identity = m.eye(ROWS, dtype=a.dtype)
    return a @ a.T + 2 * identity


# The same for both: functions of NumPy or PyTorch, as `m`, and of one or two arrays.
SHARED = {
    "add": lambda m, a, b: a + b,
    "subtract": lambda m, a, b: a - b,
    "multiply": lambda m, a, b: a * b,
    "divide": lambda m, a, b: a / (2 + b * b),
    "power": lambda m, a, b: (a * a + 1) ** b,
    "remainder": lambda m, a: (a + 5) % 3.7,
    "exp": lambda m, a: m.exp(a),
    "expm1": lambda m, a: m.expm1(a),
    "log": lambda m, a: m.log(a * a + 1),
    "log1p": lambda m, a: m.log1p(a * a),
    "sqrt": lambda m, a: m.sqrt(a * a + 1),
    "sin": lambda m, a: m.sin(a),
    "cos": lambda m, a: m.cos(a),
    "arctan": lambda m, a: m.arctan(a),
    "sinh": lambda m, a: m.sinh(a),
    "arcsinh": lambda m, a: m.arcsinh(a),
    "arctan2": lambda m, a, b: m.arctan2(a, b + 3),
    "hypot": lambda m, a, b: m.hypot(a, b + 3),
    "logaddexp": lambda m, a, b: m.logaddexp(a, b),
    "maximum": lambda m, a, b: m.maximum(a, b),
    "minimum": lambda m, a, b: m.minimum(a, b),
    "abs": lambda m, a: abs(a),
    "clip": lambda m, a: m.clip(a, -0.51, 0.52),
    "where": lambda m, a, b: m.where(a > 0.1, a, b),
    "sum rows": lambda m, a, b: spread(a.sum(axis=0), b),
    "mean": lambda m, a, b: spread(a.mean(), b),
    "cumsum": lambda m, a: m.cumsum(a, axis=1),
    "cumprod": lambda m, a: m.cumprod(a, axis=0),
    "norm": lambda m, a: a / (1 + m.linalg.norm(a)),
    "matmul": lambda m, a, b: a @ b.T @ a,
    "einsum": lambda m, a, b: m.einsum("ij,kj,kl->il", a, b, b),
    "outer": lambda m, a, b: m.outer(a[:, 0], b[1]),
    "tensordot": lambda m, a, b: a * m.tensordot(a, b, 2),
    "kron": lambda m, a, b: m.kron(a, b)[:ROWS, 2 : 2 + COLUMNS],
    "transpose": lambda m, a: a.T.reshape(ROWS, COLUMNS),
    "flip": lambda m, a: m.flip(a, (0,)),
    "stack": lambda m, a, b: m.stack([a, b]).sum(axis=0),
    "tile": lambda m, a: m.tile(a, (2, 1))[2:-1],
    "tril": lambda m, a: m.tril(a),
    "trace": lambda m, a, b: b * m.trace(a @ b.T),
    "gather": lambda m, a: a[[2, 0, 0]],
    "solve": lambda m, a, b: m.linalg.solve(positive(m, a), b),
    "slogdet": lambda m, a, b: b * m.linalg.slogdet(positive(m, a))[1],
    "fft": lambda m, a: m.fft.irfft(m.fft.rfft(a) * m.arange(1, 4)),
}
NUMPY = {
    "prod": lambda a, b: spread(np.prod(a, axis=1, keepdims=True), b),
    "max": lambda a, b: spread(np.max(a, axis=0), b),
    "std": lambda a: a / (1 + np.std(a, axis=1, keepdims=True)),
    "var": lambda a: a * np.var(a),
    "roll": lambda a: np.roll(a, 1, axis=1),
    "concatenate": lambda a, b: np.concatenate([a, b])[1 : 1 + ROWS],
    "pad": lambda a: np.pad(a, 1)[:-2, 1:-1],
    "scatter": lambda a, b: a.at[[0, 0]].add(b[:2]),
    "sort": lambda a: np.sort(a, axis=1),
}
TORCH = {
    "prod": lambda a, b: spread(torch.prod(a, 1, keepdim=True), b),
    "max": lambda a, b: spread(torch.amax(a, 0), b),
    "std": lambda a: a / (1 + torch.std(a, 1, correction=0, keepdim=True)),
    "var": lambda a: a * torch.var(a, correction=0),
    "roll": lambda a: torch.roll(a, 1, 1),
    "concatenate": lambda a, b: torch.cat([a, b])[1 : 1 + ROWS],
    "pad": lambda a: torch.nn.functional.pad(a, (1, 1, 1, 1))[:-2, 1:-1],
    "scatter": lambda a, b: a.index_put((torch.tensor([0, 0]),), b[:2], True),
    "sort": lambda a: torch.sort(a, 1).values,
}
NAMES = [*SHARED, *NUMPY]
TAKES = {name: f.__code__.co_argcount - 1 for name, f in SHARED.items()}
TAKES |= {name: f.__code__.co_argcount for name, f in NUMPY.items()}


def apply(name, library, inputs):
    """Apply a step, then keep its values where all steps are smooth."""
    if name in SHARED:
        return library.tanh(SHARED[name](library, *inputs))
    return library.tanh((NUMPY if library is np else TORCH)[name](*inputs))


@st.composite
def programs(draw):
    """A list of steps ``(name, numbers of the results that it takes)``."""
    steps = []
    for i in range(draw(st.integers(2, 8))):
        name = draw(st.sampled_from(NAMES))
        known = st.integers(0, i + 1)
        steps.append((name, [draw(known) for _ in range(TAKES[name])]))
    return steps


def run(program, values, library):
    """Run the program on two arrays; return the sum of what its steps gave."""
    values = list(values)
    for name, numbers in program:
        values.append(apply(name, library, [values[i] for i in numbers]))
    return sum((value * value).sum() for value in values[2:])


@settings(
    max_examples=PROGRAMS,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(program=programs(), seed=st.integers(0, 2**32 - 1))
def test_program_has_the_value_and_the_gradients_of_torch(program, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=(ROWS, COLUMNS)) for _ in range(2)]
    leaves = [GradArray(x) for x in arrays]
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    loss, other = run(program, leaves, np), run(program, tensors, torch)
    np.testing.assert_allclose(loss.item(), other.item(), rtol=1e-9)
    expected = torch.autograd.grad(other, tensors, allow_unused=True)
    for found, tensor in zip(gradients(loss, leaves), expected, strict=True):
        if tensor is None:
            assert found is None
        else:
            np.testing.assert_allclose(found, tensor.numpy(), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_each_step_alone_has_the_gradients_of_torch(name):
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=(ROWS, COLUMNS)) for _ in range(2)]
    leaves = [GradArray(x) for x in arrays]
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    program = [(name, [0, 1][: TAKES[name]])]
    expected = torch.autograd.grad(
        run(program, tensors, torch), tensors, create_graph=True, allow_unused=True
    )
    found = gradients(run(program, leaves, np), leaves, create_graph=True)
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(
                one.numpy(), other.detach().numpy(), rtol=1e-9, atol=1e-12
            )
    second = gradients(sum((g * g).sum() for g in found if g is not None), leaves)
    total = sum((g * g).sum() for g in expected if g is not None)
    expected = torch.autograd.grad(total, tensors, allow_unused=True)
    for one, other in zip(second, expected, strict=True):
        if one is not None:
            np.testing.assert_allclose(one, other.numpy(), rtol=1e-8, atol=1e-11)
