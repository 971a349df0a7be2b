"""Functions, operators and variables of `tf` give what TensorFlow gave."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from keratorch.compat import tf as room
from keratorch.compat.tf.eager.signatures import EAGER_FUNCTIONS

from ..samples import tensorflow_eager

TESTS = Path(__file__).parents[1]
STORED = json.loads(
    gzip.decompress((TESTS / "data/references/tensorflow_eager.json.gz").read_bytes())
)["results"]

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture
def tf():
    return room.tensorflow


def _is_array(x):
    return isinstance(x, list) and len(x) == 3 and isinstance(x[0], str)


def _compare(found, stored):
    if _is_array(stored):
        assert found[:2] == stored[:2]
        np.testing.assert_allclose(found[2], stored[2], rtol=2e-5, atol=2e-5)
    elif isinstance(stored, list):
        assert len(found) == len(stored)
        for one, other in zip(found, stored, strict=True):
            _compare(one, other)
    else:
        assert found == stored


#: Of these NumPy 1 made int64: it took a number's type for weaker than an int's.
OF_NUMPY_2 = {
    "tf.map_fn(lambda x: x * 2, tf.constant([1,2]))",
    "tf.constant(7) // 2",
    "tf.constant(7) % 4",
}
EXPRESSIONS = [
    text
    for text in tensorflow_eager.EXPRESSIONS
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0" or text not in OF_NUMPY_2
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression_gives_what_tensorflow_gave(text, tf, monkeypatch):
    monkeypatch.setattr(tensorflow_eager, "EXPRESSIONS", [text])
    _compare(json.loads(json.dumps(tensorflow_eager.results(tf)))[text], STORED[text])


def test_random_functions_have_shapes_and_dtypes(tf):
    assert tf.random.normal([2, 3]).shape == (2, 3)
    assert tf.random.normal([2], dtype=tf.float64).dtype == tf.float64
    drawn = tf.random.uniform([100], 2, 5, tf.int32)
    assert drawn.dtype == tf.int32 and set(drawn.numpy()) == {2, 3, 4}
    assert tf.random.uniform([3], minval=-1.0, maxval=1.0).numpy().min() >= -1
    assert abs(tf.random.truncated_normal([500]).numpy()).max() <= 2
    assert sorted(tf.random.shuffle(tf.range(5)).numpy()) == [0, 1, 2, 3, 4]
    classes = tf.random.categorical([[0.0, -1e9]], 4)
    assert classes.dtype == tf.int64 and classes.numpy().tolist() == [[0] * 4]
    assert tf.random.gamma([2], [1.0, 2.0]).shape == (2, 2)
    assert tf.random.poisson([3], 2.0).dtype == tf.float32
    with pytest.raises(ValueError, match="maxval"):
        tf.random.uniform([3], dtype=tf.int32)


def test_seeds_of_operations_go_on_and_begin_anew_with_the_global_seed(tf):
    tf.random.set_seed(1)
    first, second = tf.random.normal([3], seed=7), tf.random.normal([3], seed=7)
    assert not np.array_equal(first.numpy(), second.numpy())
    tf.random.set_seed(1)
    again = tf.random.normal([3], seed=7)
    np.testing.assert_array_equal(first.numpy(), again.numpy())
    one = tf.random.stateless_uniform([2], seed=[1, 2])
    np.testing.assert_array_equal(
        one.numpy(), tf.random.stateless_uniform([2], seed=(1, 2)).numpy()
    )


def test_generators_are_streams_of_their_own(tf):
    one, other = (tf.random.Generator.from_seed(3) for _ in range(2))
    np.testing.assert_array_equal(one.normal([2]), other.normal([2]))
    np.testing.assert_array_equal(one.uniform([2]), other.uniform([2]))
    assert one.split(2)[0].truncated_normal([1]).shape == (1,)
    assert one.make_seeds(2).shape == (2, 2)
    assert tf.random.Generator.from_non_deterministic_state().normal([1]).size == 1
    assert tf.random.get_global_generator().normal([2]).shape == (2,)


def test_symbols_are_taken_by_eager_functions(tf):
    x = tf.keras.Input((4,))
    clipped = tf.keras.layers.Lambda(lambda t: tf.clip_by_norm(t, 1.0, axes=[1]))(x)
    picked = tf.gather(x, [1, 3], axis=1)
    model = tf.keras.Model(x, [clipped, picked, tf.one_hot(tf.argmax(x, 1), 4)])
    data = np.float32([[3.0, 4.0, 0.0, 0.0]])
    found = model(data)
    np.testing.assert_allclose(found[0].numpy(), [[0.6, 0.8, 0, 0]], rtol=1e-6)
    np.testing.assert_allclose(found[1].numpy(), [[4.0, 0.0]])
    np.testing.assert_allclose(found[2].numpy(), [[0, 1, 0, 0]])


@pytest.mark.parametrize(
    "compute",
    [
        lambda tf, x: tf.gather(x, [1, 0], axis=1),
        lambda tf, x: tf.one_hot(tf.argmax(x, axis=1), 4),
        lambda tf, x: tf.cumsum(tf.zeros_like(x), 1),
        lambda tf, x: tf.where(x > 0, x, tf.nn.softmax(x)),
    ],
)
def test_models_of_keras_operations_have_a_configuration(compute, tf):
    x = tf.keras.Input((4,))
    model = tf.keras.Model(x, compute(tf, x))
    again = tf.keras.models.model_from_json(model.to_json())
    data = np.float32([[3.0, -4.0, 0.0, 1.0]])
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())


def test_names_of_all_tables_resolve(tf):
    for name in (*EAGER_FUNCTIONS, *room.names.EAGER):
        found = tf
        for part in name.split("."):
            found = getattr(found, part)
        assert not isinstance(found, room.Missing), name


def test_gradients_flow_through_rearranging_functions(tf):
    x = tf.Variable([[3.0, 1.0], [2.0, 5.0]])
    with tf.GradientTape() as tape:
        parts = [
            tf.sort(x, axis=1)[:, 1],
            tf.gather_nd(x, [[0, 0], [1, 1]]),
            tf.boolean_mask(x, [[True, False], [False, True]]),
            tf.linalg.diag_part(x) * 2.0,
            tf.tensor_scatter_nd_update(x, [[0, 0]], [7.0])[0],
        ]
        loss = tf.add_n([tf.reduce_sum(part) for part in parts])
    np.testing.assert_allclose(tape.gradient(loss, x), [[5.0, 1.0], [0.0, 5.0]])


def test_names_are_looked_up_once(tf, monkeypatch):
    first = tf.math.log1p, tf.errors.FailedPreconditionError
    monkeypatch.setattr(room, "lookup", None)
    assert (tf.math.log1p, tf.errors.FailedPreconditionError) == first
