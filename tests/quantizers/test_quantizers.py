"""Quantizers: whole numbers of few bits, and the scale that leads back."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, quantizers

RNG = np.random.default_rng(5)
X = RNG.normal(size=(4, 6)).astype(np.float32)


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1)])
def test_largest_number_along_the_axes_becomes_127(axis):
    whole, scale = quantizers.abs_max_quantize(X, axis)
    assert whole.dtype == np.int8
    assert np.all(np.abs(whole.numpy()).max(axis=axis) == 127)
    np.testing.assert_allclose(whole / scale, X, atol=0.51 * np.abs(X).max() / 127)


def test_axis_of_the_call_comes_before_that_of_the_quantizer():
    quantizer = quantizers.AbsMaxQuantizer(axis=0)
    assert quantizer(X)[1].shape == (1, 6)
    assert quantizer(X, axis=1)[1].shape == (4, 1)
    assert quantizers.AbsMaxQuantizer()(X)[1].shape == (4, 1)


def test_zeros_stay_zeros():
    whole, scale = quantizers.abs_max_quantize(np.zeros((2, 3), np.float32), 1)
    assert not whole.numpy().any()
    assert np.isfinite(scale.numpy()).all()


def test_blocks_of_rows_have_a_scale_and_a_zero_each():
    x = X + np.float32(3)
    whole, scale, zero = quantizers.abs_max_quantize_grouped_with_zero_point(x, 3)
    assert scale.shape == zero.shape == (2, 6)
    rows = np.repeat(scale.numpy(), 3, axis=0)[:4]
    zeros = np.repeat(zero.numpy(), 3, axis=0)[:4]
    assert whole.numpy().min() >= -8
    assert whole.numpy().max() <= 7
    assert zeros.dtype == np.int8
    near = (whole.numpy() - zeros.astype(np.float32)) * rows
    assert np.abs(near - x)[whole.numpy() < 7].max() <= 0.51 * rows.max()


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize(("dtype", "low"), [("int8", -8), ("uint8", 0)])
def test_numbers_of_4_bits_come_out_of_bytes_as_they_went_in(axis, dtype, low):
    x = RNG.integers(low, low + 16, (3, 5)).astype(dtype)
    packed, shape, length = quantizers.pack_int4(x, axis, dtype)
    assert packed.shape == shape
    assert length == x.shape[axis]
    assert shape[axis] == (length + 1) // 2
    back = quantizers.unpack_int4(packed, length, axis, dtype)
    np.testing.assert_array_equal(back.numpy(), x)


def test_floats_of_8_bits_are_the_nearest_of_their_values():
    halves = np.array([1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875])
    values = np.sort(np.append(np.outer(2.0 ** np.arange(-6, 8), halves).ravel(), 0))
    x = RNG.uniform(0.02, 200, 500)
    found = quantizers.quantize_and_dequantize(x, 1.0, "float8_e4m3fn", "float64")
    nearest = values[np.abs(x[:, None] - values).argmin(1)]
    np.testing.assert_array_equal(found.numpy(), nearest)
    tiny = quantizers.quantize_and_dequantize(
        np.array([2.0**-9, 2.0**-11]), 1.0, "float8_e4m3fn", "float64"
    )
    np.testing.assert_array_equal(tiny.numpy(), [2.0**-9, 0])


def test_gradient_of_fake_quantization_passes_between_the_bounds():
    x = GradArray([-2.0, 0.3, 2.0], requires_grad=True)
    low, high = GradArray(-1.0, requires_grad=True), GradArray(1.0, requires_grad=True)
    out = quantizers.fake_quant_with_min_max_vars(x, low, high)
    assert np.abs(out.numpy() - [-1, 0.3, 1]).max() < 0.01
    (out * np.array([1.0, 10.0, 100.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 10, 0])
    assert (low.grad, high.grad) == (1, 100)


def test_fake_quantization_has_symbols_of_the_inputs_shape():
    x = keras.Input((3,))
    out = quantizers.fake_quant_with_min_max_vars(x, -1.0, 1.0)
    model = keras.Model(x, out)
    assert out.shape == (None, 3)
    assert model.predict(X[:, :3], verbose=0).shape == (4, 3)


def test_quantizers_are_found_by_name_class_and_description():
    assert quantizers.get(None) is None
    for identifier in ("AbsMaxQuantizer", quantizers.AbsMaxQuantizer):
        assert isinstance(quantizers.get(identifier), quantizers.AbsMaxQuantizer)
    config = quantizers.Int8QuantizationConfig(quantizers.AbsMaxQuantizer(axis=1))
    described = quantizers.serialize(config)
    assert quantizers.deserialize(described).weight_quantizer.axis == (1,)
    assert keras.saving.deserialize_keras_object(described).mode == "int8"
    assert keras.Quantizer is quantizers.Quantizer


@pytest.mark.parametrize(
    ("call", "error", "parts"),
    [
        (lambda q: q.AbsMaxQuantizer(value_range=(-129, 1)), ValueError, "-129"),
        (lambda q: q.pack_int4(X), TypeError, "float32"),
        (lambda q: q.pack_int4(X, dtype="int4"), ValueError, "'int4'"),
        (lambda q: q.unpack_int4(X, 2), TypeError, "float32"),
        (
            lambda q: q.quantize_and_dequantize(X, 1, "float8", "float32"),
            ValueError,
            "float8_e5m2",
        ),
        (
            lambda q: q.abs_max_quantize_grouped_with_zero_point(X[0], 2),
            ValueError,
            "matrix",
        ),
        (lambda q: q.Quantizer().get_config(), NotImplementedError, "get_config"),
        (lambda q: q.QuantizationConfig().mode, NotImplementedError, "mode"),
        (lambda q: q.Int4QuantizationConfig(block_size=0), ValueError, "block_size"),
        (
            lambda q: q.Int4QuantizationConfig(q.AbsMaxQuantizer()),
            ValueError,
            "block_size=128",
        ),
        (
            lambda q: q.Int8QuantizationConfig(q.AbsMaxQuantizer(output_dtype="int16")),
            ValueError,
            "int16",
        ),
        (lambda q: q.get("abs_max"), ValueError, "abs_max_quantizer"),
    ],
)
def test_mistakes_are_named(call, error, parts):
    with pytest.raises(error, match=parts):
        call(quantizers)


def test_bounds_without_an_axis_of_their_own_hold_along_each():
    x = RNG.normal(size=(2, 3, 4)).astype(np.float32)
    plain = quantizers.fake_quant_with_min_max_vars(x, -1.0, 1.0)
    along = quantizers.fake_quant_with_min_max_vars(x, -1.0, 1.0, axis=1)
    np.testing.assert_array_equal(plain.numpy(), along.numpy())
