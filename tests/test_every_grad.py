"""Every operation is held to NumPy's values and to central differences, twice.

Walks all Grad classes of the library; `samples/` says what to feed them.
"""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import keratorch.grads
from keratorch import Grad, GradArray, gradients, registry

from .samples import COMPOSED, SAMPLES

STEP = 1e-5  # of central differences: its error is about STEP**2


def subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from subclasses(child)


def every_grad():
    """Return the concrete Grad classes of the library."""
    for module in pkgutil.walk_packages(keratorch.grads.__path__, "keratorch.grads."):
        importlib.import_module(module.name)
    found = {*subclasses(Grad), *registry.derivatives.values()}
    ours = [cls for cls in found if cls.__module__.startswith("keratorch.grads.")]
    concrete = [cls for cls in ours if not inspect.isabstract(cls)]
    named = [cls for cls in concrete if not cls.__name__.startswith("_")]
    return sorted(named, key=lambda cls: cls.__name__)


OPERATIONS = {**SAMPLES, **COMPOSED}


def each_sample(check):
    """Make one test for each operation of a check of one sample."""

    @pytest.mark.parametrize("operation", OPERATIONS, ids=lambda f: f.__name__)
    def test(operation):
        for i, sample in enumerate(OPERATIONS[operation]):
            try:
                check(operation, sample)
            except Exception as error:
                shapes = ", ".join(str(np.shape(x)) for x in sample.inputs)
                name = f"sample {i} of {operation.__name__}, inputs of shapes {shapes}"
                raise AssertionError(f"{name}: {error}") from error

    test.check = check
    return test


def rng():
    return np.random.default_rng(0)


def leaves(sample, dtype=float):
    """Return the inputs as GradArrays of a float type, or of its complex sibling."""
    arrays = []
    for x in sample.inputs:
        kind = np.result_type(dtype, np.complex64) if np.iscomplexobj(x) else dtype
        arrays.append(GradArray(np.array(x, kind, order="K")))
    return arrays


def values(arrays):
    return [x.numpy() for x in arrays]


def random_like(x, generator):
    """Return an array of the shape of x, complex if x is."""
    drawn = generator.normal(size=np.shape(x))
    if np.iscomplexobj(x):
        drawn = drawn + 1j * generator.normal(size=np.shape(x))
    return drawn


def upstream(sample):
    return random_like(sample.reference(*values(leaves(sample))), rng())


def inner(a, b):
    """Return the sum of a * b, where complex numbers are pairs of real ones."""
    if np.iscomplexobj(a):
        return (a * b.conj()).real.sum()
    return (a * b).sum()


def central_differences(function, arrays):
    """Return the derivative of a scalar function by each element of each array.

    That by a complex one is, as in PyTorch, dL/da + i dL/db.
    """
    slopes = []
    for array in arrays:
        slope = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            center = array[index]
            for unit in (1, 1j) if np.iscomplexobj(array) else (1,):
                array[index] = center + unit * STEP
                above = function(*arrays)
                array[index] = center - unit * STEP
                below = function(*arrays)
                array[index] = center
                slope[index] += unit * (above - below) / (2 * STEP)
        slopes.append(slope)
    return slopes


def assert_close(found, expected):
    for one, other in zip(found, expected, strict=True):
        one = np.zeros(other.shape) if one is None else one
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-8)


@pytest.mark.parametrize("cls", every_grad(), ids=lambda cls: cls.__name__)
def test_class_has_samples(cls):
    assert SAMPLES.get(cls), f"add samples of {cls.__name__} to tests/samples/"


@pytest.mark.parametrize("cls", every_grad(), ids=lambda cls: cls.__name__)
def test_class_states_its_derivative(cls):
    assert cls.__doc__, f"the docstring of {cls.__name__} states its formula"
    assert cls.__name__.endswith("Grad")


def test_samples_are_of_operations_that_there_are():
    assert set(SAMPLES) <= set(every_grad())
    assert set(COMPOSED) <= set(registry.compositions)


@pytest.mark.parametrize("function", registry.compositions, ids=lambda f: f.__name__)
def test_composed_function_has_samples(function):
    assert COMPOSED.get(function), f"add samples of {function} to tests/samples/"


@each_sample
def test_value_is_the_one_of_numpy_and_recorded_unless_of_constants(operation, sample):
    arrays = leaves(sample)
    result = sample.function(*arrays)
    expected = sample.reference(*values(arrays))
    if inspect.isclass(operation):
        assert type(result.grad_op) is operation
    assert sample.function(*[x.detach() for x in arrays]).grad_op is None
    assert result.shape == np.shape(expected)
    assert result.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-14)


@each_sample
def test_gradient_equals_central_differences(operation, sample):
    arrays, grad = leaves(sample), upstream(sample)
    sample.function(*arrays).backward(grad)
    expected = central_differences(
        lambda *xs: inner(sample.reference(*xs), grad), values(leaves(sample))
    )
    assert_close([x.grad for x in arrays], expected)


@each_sample
def test_second_derivative_equals_central_differences_of_the_first(operation, sample):
    arrays = [*leaves(sample), GradArray(upstream(sample))]
    directions = [random_like(x, rng()) for x in arrays[:-1]]

    def slope(*arrays, create_graph=False):
        """Return the derivative of ``inner(function, grad)`` along the directions."""
        *xs, grad = arrays
        total = inner(sample.function(*xs), grad)
        found = gradients(total, xs, None, create_graph)
        return sum(inner(g, d) for g, d in zip(found, directions, strict=True))

    second = gradients(slope(*arrays, create_graph=True), arrays)
    expected = central_differences(
        lambda *xs: slope(*map(GradArray, xs)), [x.numpy().copy() for x in arrays]
    )
    assert_close(second, expected)


@each_sample
def test_float32_gives_float32(operation, sample):
    arrays = leaves(sample, np.float32)
    for x in arrays:
        x.numpy().setflags(write=False)
    result = sample.function(*arrays)
    if sample.keeps_dtype:
        assert result.dtype in (np.float32, np.complex64)
    grad = upstream(sample)
    result.backward(grad)
    exact = leaves(sample)
    sample.function(*exact).backward(grad)
    for x, y in zip(arrays, exact, strict=True):
        assert x.grad.dtype == x.dtype
        np.testing.assert_allclose(x.grad, y.grad, rtol=1e-3, atol=1e-4)


@each_sample
def test_inputs_stay_untouched_and_gradients_have_memory_of_their_own(
    operation, sample
):
    arrays, grad = leaves(sample), upstream(sample)
    given = [*values(arrays), grad]
    before = [x.copy() for x in given]
    result = sample.function(*arrays)
    result.backward(grad)
    for x, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(x, old)
    np.testing.assert_array_equal(result.grad, grad)
    for i, x in enumerate(arrays):
        assert type(x.grad) is np.ndarray
        assert x.grad.shape == x.shape
        assert x.grad.flags.writeable
        others = [y.grad for y in arrays[:i]]
        for other in [*given, result.numpy(), result.grad, *others]:
            assert not np.shares_memory(x.grad, other)


@each_sample
def test_gradient_of_one_input_does_not_depend_on_which_others_want_one(
    operation, sample
):
    arrays, grad = leaves(sample), upstream(sample)
    together = gradients(sample.function(*arrays), arrays, grad)
    for i, expected in enumerate(together):
        alone = leaves(sample)
        for j, x in enumerate(alone):
            x.requires_grad = i == j
        sample.function(*alone).backward(grad)
        np.testing.assert_allclose(alone[i].grad, expected, rtol=1e-13)
        assert all(x.grad is None for j, x in enumerate(alone) if i != j)
        one = gradients(sample.function(*arrays), arrays[i], grad)
        np.testing.assert_allclose(one, expected, rtol=1e-13)
