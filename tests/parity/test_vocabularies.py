"""Models with vocabularies cross to Keras and back; Keras needs TensorFlow for them."""

import warnings

import numpy as np
import pytest

import keratorch
from keratorch import saving

from . import vocabularies

keras = pytest.importorskip("keras")
tensorflow = pytest.importorskip("tensorflow")
pytest.importorskip("h5py")

EACH = pytest.mark.parametrize("make", vocabularies.MODELS, ids=lambda f: f.__name__)


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def assert_same_outputs(ours, theirs, make):
    x = vocabularies.data(make)
    found = ours(np.array(x, object if isinstance(x[0][0], str) else "int64"))
    expected = keras.ops.convert_to_numpy(theirs(tensorflow.constant(x)))
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6, atol=1e-6)


@EACH
def test_keras_loads_our_vocabularies(make, tmp_path):
    ours = make(keratorch)
    ours.save(tmp_path / "m.keras")
    assert_same_outputs(ours, keras.models.load_model(tmp_path / "m.keras"), make)


@EACH
def test_we_load_vocabularies_of_keras(make, tmp_path):
    theirs = make(keras)
    theirs.save(tmp_path / "m.keras")
    assert_same_outputs(saving.load_model(tmp_path / "m.keras"), theirs, make)
