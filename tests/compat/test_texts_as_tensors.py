import numpy as np
import pytest

import keratorch as keras


@pytest.mark.usefixtures("installed")
def test_texts_become_tensors_in_scripts():
    found = keras.ops.convert_to_tensor(["no", "yes"])
    assert found.shape == (2,)
    assert found.numpy().tolist() == [b"no", b"yes"]
    lookup = keras.layers.StringLookup(vocabulary=["no", "yes"], num_oov_indices=0)
    np.testing.assert_array_equal(lookup(found), [0, 1])
    with pytest.raises(TypeError, match="value must hold numbers"):
        keras.ops.convert_to_tensor([object()])


@pytest.mark.usefixtures("installed")
def test_dtypes_have_numbers():
    import tensorflow as tf

    assert tf.as_dtype(3) == tf.int32
    zeros = tf.zeros(1, 1)  # so says Keras's guide to layers of one's own
    assert (zeros.shape, zeros.dtype) == ((1,), tf.float32)
    assert tf.cast([1.5], 9).dtype == tf.int64
    with pytest.raises(TypeError):
        tf.as_dtype(-1)
