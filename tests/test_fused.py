"""Each fused operation equals its textbook form: values and derivatives.

`samples/` says what to feed them, as to every other Grad. Their second derivatives are
held to finite differences in `test_every_grad.py`.
"""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from keratorch import GradArray, config, gradients
from keratorch.grads.fused import Fused

from .samples import SAMPLES
from .test_every_grad import every_grad

FUSED = [cls for cls in every_grad() if issubclass(cls, Fused)]
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-11}


def computed(sample, dtype):
    """Return the value and the gradients by all inputs that are floats."""
    inputs = [
        GradArray(np.asarray(x).astype(dtype)) if np.asarray(x).dtype.kind == "f" else x
        for x in sample.inputs
    ]
    out = sample.function(*inputs)
    wanted = [x for x in inputs if isinstance(x, GradArray)]
    upstream = np.random.default_rng(1).normal(size=out.shape).astype(dtype)
    return out, gradients(out, wanted, upstream)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cls", FUSED, ids=lambda cls: cls.__name__)
def test_a_fused_operation_equals_its_textbook_form(cls, dtype):
    for sample in SAMPLES[cls]:
        out, found = computed(sample, dtype)
        config.set_fast(False)
        try:
            expected_out, expected = computed(sample, dtype)
        finally:
            config.set_fast(True)
        assert not isinstance(expected_out._grad_op, cls)
        assert out.dtype == expected_out.dtype == dtype
        tolerance = TOLERANCE[dtype]
        for x, y in zip(
            [out.numpy(), *found], [expected_out.numpy(), *expected], strict=True
        ):
            assert x.dtype == dtype
            scale = max(1.0, float(np.abs(y).max(initial=0)))
            np.testing.assert_allclose(x, y, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize("cls", FUSED, ids=lambda cls: cls.__name__)
def test_a_fused_operation_names_its_twin(cls):
    assert "Equals" in inspect.getdoc(cls)


@pytest.mark.parametrize("cls", FUSED, ids=lambda cls: cls.__name__)
def test_a_fused_operation_has_a_line_in_the_benchmark(cls):
    table = (Path(__file__).parent / "benchmarks" / "README.md").read_text("utf-8")
    assert re.search(rf"\b{cls.__name__}\b", table)


def test_set_fast_takes_a_bool_alone():
    with pytest.raises(TypeError, match="fast must be True or False; received 1"):
        config.set_fast(1)
    assert config.is_fast()
