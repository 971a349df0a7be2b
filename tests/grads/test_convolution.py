"""The graph of a convolution: what it holds, and what it need not compute."""

import copy
import pickle

import numpy as np
import pytest

from keratorch import GradArray, config, gradients
from keratorch.grads import convolution
from keratorch.grads.convolution import ConvActivationGrad, ConvGrad

X = np.random.default_rng(0).normal(size=(2, 5, 4, 2))
KERNEL = np.random.default_rng(1).normal(size=(3, 2, 2, 3))


def test_gradients_are_recorded_as_the_two_other_operations():
    x, kernel = GradArray(X), GradArray(KERNEL)
    out = ConvGrad.apply(x, kernel, padding="same").sum()
    by_x, by_kernel = gradients(out, [x, kernel], create_graph=True)
    assert type(by_x.grad_op) is convolution.ConvInputGrad
    assert type(by_kernel.grad_op) is convolution.ConvKernelGrad


@pytest.mark.parametrize("wanted", [0, 1])
def test_gradient_that_nobody_wants_is_not_computed(wanted, monkeypatch):
    arrays = [GradArray(X), GradArray(KERNEL)]
    arrays[1 - wanted].requires_grad = False
    out = ConvGrad.apply(*arrays)
    unwanted = ["kernel_product", "spreading"][wanted]
    monkeypatch.delattr(convolution.convolution, unwanted)
    out.backward(np.ones(out.shape))
    assert arrays[wanted].grad is not None


@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_each_gradient_of_the_fused_operation_comes_alone(wanted):
    values = X, KERNEL, np.ones(3)
    every = [GradArray(x) for x in values]
    grad = np.cos(ConvActivationGrad.apply(*every, "relu").numpy())
    ConvActivationGrad.apply(*every, "relu").backward(grad)
    alone = [GradArray(x, requires_grad=i == wanted) for i, x in enumerate(values)]
    ConvActivationGrad.apply(*alone, "relu").backward(grad)
    for i, (one, other) in enumerate(zip(alone, every, strict=True)):
        if i == wanted:
            np.testing.assert_allclose(one.grad, other.grad)
        else:
            assert one.grad is None


def test_textbook_form_is_made_of_functions_of_numpy():
    config.set_fast(False)
    try:
        out = ConvActivationGrad.apply(GradArray(X), GradArray(KERNEL), None, "relu")
    finally:
        config.set_fast(True)
    names, waiting = set(), [out]
    while waiting:
        op = waiting.pop().grad_op
        if op is not None:
            names.add(type(op).__name__)
            waiting += [x for x in op.inputs if isinstance(x, GradArray)] or [
                x for x in op._inputs if isinstance(x, GradArray)
            ]
    assert {"ReluGrad", "StackGrad", "GetItemGrad"} <= names
    assert not any("Conv" in name for name in names)


def test_third_derivative_along_the_input_is_that_of_a_cube():
    # f(t) = sum(conv(t * x) ** 3) has the derivatives 3 f, 6 f, 6 f at t = 1
    x, kernel = GradArray(X[:1]), GradArray(KERNEL)
    y = (ConvGrad.apply(x, kernel, strides=(3, 2)) ** 3).sum()
    total = y.item()
    for factor in (3, 2, 1):
        (by_x,) = gradients(y, [x], create_graph=True)
        y = (by_x * X[:1]).sum()
        total *= factor
        assert y.item() == pytest.approx(total)


@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_graph_can_be_copied(twin):
    out = ConvGrad.apply(GradArray(X), GradArray(KERNEL), 2, "same")
    other = twin(out)
    kernels = []
    for result in (out, other):
        result.backward(np.ones(out.shape))
        kernels.append(result.grad_op._inputs[1].grad)
    np.testing.assert_array_equal(*kernels)


def test_complex_kernel_has_the_gradients_of_its_parts():
    z = GradArray(KERNEL + 1j * KERNEL[::-1])
    real, imaginary = GradArray(KERNEL), GradArray(KERNEL[::-1])
    out = ConvGrad.apply(X, z)
    grad = np.cos(out.numpy())
    out.backward(grad)
    ConvGrad.apply(X, real).backward(grad.real)
    ConvGrad.apply(X, imaginary).backward(grad.imag)
    np.testing.assert_allclose(z.grad, real.grad + 1j * imaginary.grad)
