"""Quantizers give the numbers of Keras, and describe themselves as Keras's do."""

import numpy as np
import pytest

import keratorch
from keratorch import GradArray

from ..references import plain

keras = pytest.importorskip("keras")
# Warnings of another library are not this suite's errors.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RNG = np.random.default_rng(11)
X = RNG.normal(size=(5, 6)).astype(np.float32)
FUNCTIONS = {
    "abs_max_quantize": [
        ((X,), {"axis": -1}),
        ((X,), {"axis": (0, 1), "value_range": (-8, 7)}),
        ((X,), {"axis": 0, "to_numpy": True}),
        ((np.zeros((2, 3), np.float32),), {"axis": 1}),
    ],
    "abs_max_quantize_grouped_with_zero_point": [
        ((X, 2), {}),
        ((X + 1, 3), {"to_numpy": True}),
        ((X, 5), {"value_range": (-127, 127), "to_numpy": True}),
    ],
    "compute_float8_amax_history": [((X, np.arange(4, dtype=np.float32)), {})],
    "compute_float8_scale": [
        ((np.float32(a), np.float32(2), 448.0), {"margin": margin})
        for a in (0, 3, np.inf)
        for margin in (0, 1)
    ],
    "fake_quant_with_min_max_vars": [
        ((X, np.float32(-1.1), np.float32(0.7)), options)
        for options in [{}, {"num_bits": 3}, {"num_bits": 4, "narrow_range": True}]
    ]
    + [
        ((X, X[0] - 2, X[0] + 1), {"axis": 1}),
        ((X, X[:, :1] - 1, X[:, :1] + 1), {"axis": 0}),
    ],
    "pack_int4": [
        ((RNG.integers(-8, 8, (5, 3)).astype(np.int8),), {"axis": axis})
        for axis in (0, 1, -1)
    ],
    "quantize_and_dequantize": [
        ((scale * X, np.float32(3), dtype, "float32"), {})
        for dtype in ("float8_e4m3fn", "float8_e5m2")
        for scale in (np.float32(1e-5), np.float32(1), np.float32(1e4))
    ],
    "unpack_int4": [
        ((RNG.integers(-128, 128, (3, 2)).astype(np.int8), 5), {}),
        (
            (RNG.integers(0, 256, (3, 2)).astype(np.uint8), 4),
            {"axis": 1, "dtype": "uint8"},
        ),
    ],
}
CASES = [
    pytest.param(name, args, options, id=f"{name}-{i}")
    for name, cases in FUNCTIONS.items()
    for i, (args, options) in enumerate(cases)
]


def values(out):
    out = out if isinstance(out, tuple) else (out,)
    return [
        x.detach().numpy() if type(x).__module__ == "torch" else np.asarray(x)
        for x in out
    ]


@pytest.mark.parametrize(("name", "args", "options"), CASES)
def test_numbers_and_types_are_those_of_keras(name, args, options):
    ours = getattr(keratorch.quantizers, name)(*args, **options)
    tensors = [
        keras.ops.convert_to_tensor(x) if hasattr(x, "dtype") else x for x in args
    ]
    theirs = getattr(keras.quantizers, name)(*tensors, **options)
    for a, b in zip(values(ours), values(theirs), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_gradients_of_fake_quantization_are_those_of_keras(axis):
    import torch

    shape = {None: (), 0: (5, 1), 1: (6,)}[axis]
    arrays = [X, np.full(shape, -0.9, np.float32), np.full(shape, 0.8, np.float32)]
    ours = [GradArray(x, requires_grad=True) for x in arrays]
    theirs = [torch.tensor(x, requires_grad=True) for x in arrays]
    weights = RNG.normal(size=X.shape).astype(np.float32)
    for library, inputs in [(keratorch, ours), (keras, theirs)]:
        out = library.quantizers.fake_quant_with_min_max_vars(
            *inputs, num_bits=4, axis=axis
        )
        kernel = weights if library is keratorch else torch.tensor(weights)
        (out * kernel).sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda q: q.AbsMaxQuantizer(),
        lambda q: q.AbsMaxQuantizer(axis=0, value_range=(-8, 7), epsilon=1e-5),
        lambda q: q.Int8QuantizationConfig(),
        lambda q: q.Int8QuantizationConfig(q.AbsMaxQuantizer(axis=1), None),
        lambda q: q.Int4QuantizationConfig(),
        lambda q: q.Float8QuantizationConfig(),
    ],
)
def test_descriptions_are_those_of_keras(make):
    ours = keratorch.quantizers.serialize(make(keratorch.quantizers))
    assert plain(ours) == plain(keras.quantizers.serialize(make(keras.quantizers)))
    again = keratorch.quantizers.deserialize(ours)
    assert plain(keratorch.quantizers.serialize(again)) == plain(ours)
