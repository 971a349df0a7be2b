"""Random programs on random shapes: PyTorch and KeraTorch side by side."""

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")

from .makers.programs import TorchAsNumPy  # noqa: E402

TORCH = TorchAsNumPy()

UNARY = [
    "np.exp(-np.abs({0}))",
    "np.tanh({0})",
    "np.square({0})",
    "np.sqrt(np.square({0}) + 1)",
    "np.log(np.square({0}) + 0.5)",
    "np.abs({0})",
    "np.clip({0}, -0.8, 0.9)",
    "-{0}",
    "({0} + 0.1) ** 3",
    "2 ** {0}",
    "1 / (1 + np.square({0}))",
]
BINARY = [
    "{0} + {1}",
    "{0} - {1}",
    "{0} * {1}",
    "{0} / (np.abs({1}) + 1)",
    "np.maximum({0}, {1})",
    "np.minimum({0}, {1})",
    "np.where({0} > {1}, {0}, 2 * {1})",
    "(np.abs({0}) + 0.5) ** {1}",
]
REDUCING = ["np.sum", "np.mean", "np.max", "np.min", "np.var", "np.std"]


def broadcastable(rng, shape):
    """A shape that broadcasts to `shape`: fewer axes, or axes of length 1."""
    kept = shape[rng.integers(0, len(shape) + 1) :]
    return tuple(1 if rng.random() < 0.3 else length for length in kept)


def random_program(rng, count, length):
    """One expression over x0, x1, ...: a random graph with shared parts."""
    parts = [f"x{i}" for i in range(count)]
    for _ in range(length):
        operands = [f"({part})" for part in rng.choice(parts, 2)]
        template = rng.choice(BINARY if rng.random() < 0.6 else UNARY)
        parts.append(template.format(*operands))
        parts = sorted(parts, key=len)[:6]
    return " + ".join(parts)


def evaluate(program, arrays, upstream_rng):
    """((value, gradients) of KeraTorch, (value, gradients) of PyTorch)."""
    ours = {k: kt.GradArray(v, requires_grad=True) for k, v in arrays.items()}
    theirs = {k: torch.tensor(v, requires_grad=True) for k, v in arrays.items()}
    value = eval(program, {"np": np, **ours})
    expected = eval(program, {"np": TORCH, **theirs})
    upstream = upstream_rng.normal(size=tuple(expected.shape))
    value.backward(upstream)
    expected.backward(torch.tensor(upstream))
    return (
        (value.detach().numpy(), {k: v.grad for k, v in ours.items()}),
        (
            expected.detach().numpy(),
            {k: None if v.grad is None else v.grad.numpy() for k, v in theirs.items()},
        ),
    )


def assert_agree(program, arrays, rng):
    (value, gradients), (expected, stored) = evaluate(program, arrays, rng)
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-11)
    assert value.shape == expected.shape
    for name, gradient in stored.items():
        if gradient is None:
            assert gradients[name] is None, name
        else:
            assert gradients[name].shape == gradient.shape, name
            np.testing.assert_allclose(
                gradients[name], gradient, rtol=1e-8, atol=1e-10, err_msg=program
            )


@pytest.mark.parametrize("seed", range(60))
def test_random_elementwise_graphs_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 5, rng.integers(0, 4)))
    shapes = [shape, *(broadcastable(rng, shape) for _ in range(3))]
    arrays = {f"x{i}": rng.normal(size=s) for i, s in enumerate(shapes)}
    assert_agree(random_program(rng, 4, 8), arrays, rng)


@pytest.mark.parametrize("seed", range(60))
def test_random_reductions_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(1000 + seed)
    shape = tuple(rng.integers(2, 5, rng.integers(1, 5)))
    count = rng.integers(1, len(shape) + 1)
    axes = tuple(int(axis) for axis in rng.permutation(len(shape))[:count])
    axes = tuple(axis - len(shape) if rng.random() < 0.5 else axis for axis in axes)
    axis = axes[0] if len(axes) == 1 else axes
    keepdims = bool(rng.random() < 0.5)
    program = f"{rng.choice(REDUCING)}(x0, axis={axis}, keepdims={keepdims})"
    assert_agree(program, {"x0": rng.normal(size=shape)}, rng)


def random_matmul_shapes(rng):
    """Shapes of two operands, of 1 to 4 axes each, that NumPy can multiply."""
    rows, inner, columns = rng.integers(1, 5, 3)
    batch = tuple(rng.integers(1, 4, rng.integers(0, 3)))
    left = (*broadcastable(rng, batch), rows, inner)
    right = (*broadcastable(rng, batch), inner, columns)
    if rng.random() < 0.25:
        left = (inner,)
    if rng.random() < 0.25:
        right = (inner,)
    return left, right


@pytest.mark.parametrize("seed", range(60))
def test_random_matrix_products_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(2000 + seed)
    left, right = random_matmul_shapes(rng)
    arrays = {"x0": rng.normal(size=left), "x1": rng.normal(size=right)}
    assert_agree("x0 @ x1", arrays, rng)


def random_index(rng, shape):
    """The text of an index: integers or lists, slices, new axes, an ellipsis.

    Not integers beside lists: there NumPy and PyTorch order the axes differently.
    """
    pieces = []
    lists = rng.integers(0, 2)
    for length in shape[: rng.integers(1, len(shape) + 1)]:
        kind = rng.integers(0, 5)
        if kind == 0 and not lists:
            pieces.append(str(rng.integers(-length, length)))
        elif kind <= 1 and lists:
            pieces.append(str([int(i) for i in rng.integers(0, length, 3)]))
        elif kind == 2:
            pieces.append(f"{rng.integers(0, length)}:")
        elif kind == 3:
            pieces.append(f"::{rng.integers(1, 3)}")
        else:
            pieces.append(":")
        if rng.random() < 0.15:
            pieces.append("None")
    if rng.random() < 0.2:
        pieces.append("...")
    return ", ".join(pieces)


@pytest.mark.parametrize("seed", range(60))
def test_random_indices_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(3000 + seed)
    shape = tuple(rng.integers(2, 5, rng.integers(1, 5)))
    program = f"x0[{random_index(rng, shape)}] * 2"
    assert_agree(program, {"x0": rng.normal(size=shape)}, rng)


@pytest.mark.parametrize("seed", range(20))
def test_boolean_masks_have_the_gradients_of_torch(seed):
    rng = np.random.default_rng(4000 + seed)
    shape = tuple(rng.integers(1, 5, rng.integers(1, 4)))
    array, mask = rng.normal(size=shape), rng.random(shape) < 0.5
    ours = kt.GradArray(array, requires_grad=True)
    theirs = torch.tensor(array, requires_grad=True)
    upstream = rng.normal(size=int(mask.sum()))
    (ours[mask] * 3).backward(upstream)
    (theirs[torch.tensor(mask)] * 3).backward(torch.tensor(upstream))
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_hessian_vector_products_are_those_of_torch(seed):
    rng = np.random.default_rng(5000 + seed)
    arrays = {f"x{i}": rng.normal(size=(3, 3)) for i in range(3)}
    program = f"({random_program(rng, 3, 6)}) @ x0"
    vectors = [rng.normal(size=(3, 3)) for _ in arrays]

    ours = {k: kt.GradArray(v, requires_grad=True) for k, v in arrays.items()}
    inputs = list(ours.values())
    total = (eval(program, {"np": np, **ours}) ** 2).sum()
    first = kt.gradients(total, inputs, create_graph=True)
    dot = sum((g * v).sum() for g, v in zip(first, vectors, strict=True))
    second = kt.gradients(dot, inputs)

    theirs = {k: torch.tensor(v, requires_grad=True) for k, v in arrays.items()}
    leaves = list(theirs.values())
    total = (eval(program, {"np": TORCH, **theirs}) ** 2).sum()
    first = torch.autograd.grad(total, leaves, create_graph=True)
    dot = sum((g * torch.tensor(v)).sum() for g, v in zip(first, vectors, strict=True))
    expected = torch.autograd.grad(dot, leaves)
    for gradient, other in zip(second, expected, strict=True):
        scale = max(1.0, np.abs(other.numpy()).max())
        np.testing.assert_allclose(gradient, other.numpy(), atol=1e-9 * scale)
