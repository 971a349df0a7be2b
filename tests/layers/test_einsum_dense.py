"""EinsumDense is what its equation says, however it computes it."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers.einsum_dense import EinsumDense
from keratorch.layers.equation import MatrixProduct

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("equation", "shape", "output_shape", "one_product"),
    [
        ("ab,bc->ac", (2, 3), 4, True),
        ("abc,cde->abde", (2, 3, 4), (None, 5, 6), True),
        ("abcd,cde->abe", (2, 3, 4, 5), (None, 6), True),
        ("abcd,dce->abe", (2, 3, 4, 5), (None, 6), True),
        ("abc,bd->adc", (2, 3, 4), (5, None), True),
        ("...x,xy->...y", (2, 3, 4), 5, True),
        ("ab...,bc->ac...", (2, 3, 4, 5), 6, True),
        ("abc,bcd->abd", (2, 3, 4), (3, 5), False),
        ("abc,cd->ad", (2, 3, 4), 5, False),
        ("abc,bc->abc", (2, 3, 4), (3, 4), False),
    ],
)
def test_a_matrix_product_gives_what_einsum_gives(
    equation, shape, output_shape, one_product
):
    layer = EinsumDense(equation, output_shape, bias_axes=equation.strip(".")[-1])
    x = RNG.normal(size=shape).astype(np.float32)
    out = layer(x)
    assert (layer._product is not None) is one_product
    kernel, bias = layer.get_weights()
    expected = np.einsum(equation, x, kernel) + bias  # its shape tells its axes
    np.testing.assert_allclose(out.numpy(), expected, atol=1e-5)
    assert out.shape == layer.compute_output_shape(shape)
    assert layer(keras.Input(shape[1:])).shape == (None, *out.shape[1:])


def test_a_bias_of_the_new_axes_is_added_inside_the_product():
    inside = MatrixProduct(("abc", "cde", "abde"), "de")
    outside = MatrixProduct(("abc", "cde", "abde"), "d")
    assert inside.bias_in_product
    assert not outside.bias_in_product


def test_ellipses_let_one_layer_take_any_number_of_axes():
    layer = EinsumDense("...x,xy->...y", 2, bias_axes="y")
    layer.build((None, 3))
    for shape in [(4, 3), (4, 5, 3), (4, 5, 6, 3)]:
        assert layer(np.ones(shape)).shape == (*shape[:-1], 2)
    assert layer.compute_output_shape((None, 5, 6, 3)) == (None, 5, 6, 2)


def test_glorot_counts_the_axes_that_are_summed_and_made():
    keras.utils.set_random_seed(1)
    layer = EinsumDense("abc,cde->abde", (None, 20, 30))
    layer.build((None, 5, 10))
    limit = np.sqrt(6 / (600 + 10))
    largest = np.abs(layer.kernel.numpy()).max()
    assert 0.97 * limit < largest <= limit


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ab->b", 3), "equation must look like"),
        (("ab,bc->ad", 3), "'d' of output stands nowhere"),
        (("ab,bd->ac", 3), "'c' of output stands nowhere|'d' of kernel stands nowhere"),
        (("ab,bc->ac", 3, None, "b"), "'b' of bias_axes stands nowhere in the output"),
    ],
)
def test_equations_are_checked(arguments, message):
    with pytest.raises(ValueError, match=message):
        EinsumDense(*arguments)


@pytest.mark.parametrize(
    ("equation", "output_shape", "shape", "message"),
    [
        ("abc,cd->abd", (None, 4), (2, 3), "inputs with 3 axes"),
        ("abc,cd->abd", 4, (2, 3, 5), "a length for each letter of 'abd'"),
        ("abc,cd->abd", (7, 4), (2, 3, 5), "'b' has length 3 .* but 7"),
        ("ab,bc->ac", None, (2, 3), "know the length of the axis 'c'"),
    ],
)
def test_shapes_are_checked(equation, output_shape, shape, message):
    with pytest.raises(ValueError, match=message):
        EinsumDense(equation, output_shape)(np.ones(shape))


def test_inputs_that_do_not_fit_the_kernel():
    layer = EinsumDense("ab,bc->ac", 3)
    layer(np.ones((2, 4)))
    with pytest.raises(ValueError, match="EinsumDense expects inputs whose last"):
        layer(np.ones((2, 5)))


def test_what_keras_has_for_quantization_is_refused():
    with pytest.raises(ValueError, match="gptq_unpacked_column_size=4.*not supported"):
        EinsumDense("ab,bc->ac", 3, gptq_unpacked_column_size=4)
    with pytest.raises(ValueError, match="config must be a QuantizationConfig.*4"):
        EinsumDense("ab,bc->ac", 3, quantization_config=4)
