"""Functions of tf.image, tf.strings, tf.lookup ... give what TensorFlow gives."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf

from ...samples.tensorflow_pipelines import CASES, described

pytestmark = pytest.mark.usefixtures("installed")

FILE = (
    Path(__file__).parents[2] / "data" / "references" / "tensorflow_pipelines.json.gz"
)
RESULTS = json.loads(gzip.decompress(FILE.read_bytes()))["results"]


def compare(ours, theirs):
    if isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for our, their in zip(ours, theirs, strict=True):
            compare(our, their)
        return
    for key in ("ragged", "dtype", "shape"):
        assert ours.get(key) == theirs.get(key)
    if "ragged" in theirs:
        return
    if theirs["dtype"] in ("string", "bool"):
        assert ours["values"] == theirs["values"]
        return
    tolerance = 1 if theirs["dtype"] == "uint8" else 3e-4
    np.testing.assert_allclose(
        ours["values"], theirs["values"], rtol=2e-5, atol=tolerance
    )


@pytest.mark.parametrize("name", sorted(CASES))
def test_result_is_that_of_tensorflow(name):
    result = CASES[name](tf)
    parts = result if isinstance(result, (tuple, list)) else [result]
    assert all(hasattr(part, "numpy") for part in parts)
    compare(described(result), RESULTS[name])
