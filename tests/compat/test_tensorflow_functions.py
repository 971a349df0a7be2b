import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf.functions import function
from keratorch.compat.tf.signatures import FUNCTIONS

pytestmark = pytest.mark.usefixtures("installed")

A = np.arange(6.0, dtype="float32").reshape(2, 3)
# one place of eight channels, and the four places of two channels made of it
BLOCKS = np.arange(8.0, dtype="float32").reshape(1, 1, 1, 8)
PLACES = np.arange(8.0, dtype="float32").reshape(1, 2, 2, 2)

CASES = [
    ("reduce_mean", (A,), {"axis": 1, "name": "mean"}, A.mean(1)),
    ("reduce_sum", (A, 0, True), {}, A.sum(0, keepdims=True)),
    ("reduce_max", (A,), {"reduction_indices": [1], "keep_dims": True}, [[2], [5]]),
    ("math.reduce_std", (A,), {}, A.std()),
    ("reduce_variance", (A,), {}, A.var()),
    ("reduce_any", (A > 4,), {"axis": 1}, [False, True]),
    ("abs", (-A,), {}, A),
    ("math.log1p", (A,), {}, np.log1p(A)),
    ("maximum", (A, 2.0), {}, np.maximum(A, 2)),
    ("math.squared_difference", (A, 1.0), {}, (A - 1) ** 2),
    ("math.divide_no_nan", (A, A), {}, A > 0),
    ("pow", (A, 2), {}, A**2),
    ("equal", (A, 1.0), {}, A == 1),
    (
        "nn.lrn",
        (A[None, None], 1, 2, 0.1, 0.75),
        {},
        (A / (2 + 0.1 * np.array([[1, 5, 5], [25, 50, 41]])) ** 0.75)[None, None],
    ),
    ("argmax", (A,), {}, [1, 1, 1]),
    ("argmin", (A,), {"axis": -1}, [0, 0]),
    ("cast", (A > 2, "float32"), {}, A > 2),
    ("to_float", ([1, 2],), {}, [1.0, 2.0]),
    ("clip_by_value", (A, 1, 2), {}, np.clip(A, 1, 2)),
    ("concat", ([A, A], 0), {}, np.concatenate([A, A])),
    ("concat", (), {"values": [A, A], "axis": -1}, np.concatenate([A, A], -1)),
    ("constant", ([1, 2],), {"dtype": "float32"}, [1.0, 2.0]),
    ("expand_dims", (A, 0), {}, A[None]),
    ("fill", ([2], 3.0), {}, [3.0, 3.0]),
    ("gather", (A, [1, 0]), {}, A[[1, 0]]),
    ("gather", (A, [2]), {"axis": 1}, A[:, [2]]),
    ("matmul", (A, A), {"transpose_b": True}, A @ A.T),
    ("linalg.matmul", (A, A), {"transpose_a": True}, A.T @ A),
    ("one_hot", ([1, 0], 2), {}, [[0, 1], [1, 0]]),
    ("ones", ((2, 1),), {}, [[1], [1]]),
    ("range", (4,), {}, [0, 1, 2, 3]),
    ("range", (1, 7, 2), {}, [1, 3, 5]),
    ("reshape", (A, [-1]), {}, A.ravel()),
    ("squeeze", (A[None],), {"input": A[:, :1], "axis": 1}, A[:, 0]),
    ("stack", ([A, A],), {"axis": 1}, np.stack([A, A], 1)),
    ("tile", (A, [1, 2]), {}, np.tile(A, (1, 2))),
    ("transpose", (A,), {"perm": [1, 0]}, A.T),
    ("where", (A > 2, A, -A), {}, np.where(A > 2, A, -A)),
    ("add_n", ([A, A, A],), {}, 3 * A),
    ("math.floormod", (A, 4), {}, A % 4),
    ("cumsum", (A, 1), {}, A.cumsum(1)),
    ("norm", (A,), {"axis": 1}, np.linalg.norm(A, axis=1)),
    ("linalg.norm", (A,), {"ord": 1, "axis": 0}, np.abs(A).sum(0)),
    (
        "nn.l2_normalize",
        (A + 1, 1),
        {},
        (A + 1) / np.linalg.norm(A + 1, axis=1)[:, None],
    ),
    ("pad", (A, [[0, 1], [1, 0]]), {}, np.pad(A, [(0, 1), (1, 0)])),
    (
        "pad",
        (A, [[0, 0], [1, 1]], "REFLECT"),
        {},
        np.pad(A, [(0, 0), (1, 1)], "reflect"),
    ),
    ("reverse", (A, [1]), {}, A[:, ::-1]),
    ("tensordot", (A, A), {"axes": [[1], [1]]}, A @ A.T),
    (
        "nn.sigmoid_cross_entropy_with_logits",
        (),
        {"labels": A / 5, "logits": A},
        np.log1p(np.exp(A)) - A * A / 5,
    ),
    (
        "nn.softmax_cross_entropy_with_logits",
        (),
        {"labels": np.eye(3)[:2], "logits": A},
        np.log(np.exp(A).sum(1)) - A[[0, 1], [0, 1]],
    ),
    (
        "nn.sparse_softmax_cross_entropy_with_logits",
        (),
        {"labels": np.array([0, 1]), "logits": A},
        np.log(np.exp(A).sum(1)) - A[[0, 1], [0, 1]],
    ),
    ("depth_to_space", (BLOCKS, 2), {}, PLACES),
    ("nn.depth_to_space", (), {"input": BLOCKS, "block_size": 2, "name": "a"}, PLACES),
    (
        "nn.depth_to_space",
        (BLOCKS.transpose(0, 3, 1, 2), 2, "NCHW"),
        {},
        PLACES.transpose(0, 3, 1, 2),
    ),
    ("space_to_depth", (PLACES,), {"block_size": 2}, BLOCKS),
    ("nn.space_to_depth", (PLACES, 2), {"data_format": "NHWC"}, BLOCKS),
    (
        "nn.space_to_depth",
        (PLACES.transpose(0, 3, 1, 2), 2, "NCHW"),
        {},
        BLOCKS.transpose(0, 3, 1, 2),
    ),
    ("zeros_like", (A,), {}, A * 0),
]


@pytest.mark.parametrize(("name", "args", "kwargs", "expected"), CASES)
def test_a_function_computes_as_in_tensorflow(name, args, kwargs, expected):
    found = function(name)(*args, **kwargs).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_shapes_are_tuples_and_random_numbers_are_arrays():
    import tensorflow as tf

    assert tuple(tf.shape(A)) == (2, 3)
    assert tf.random.normal([2, 3], stddev=2.0).shape == (2, 3)
    assert (tf.random_uniform((50,), 1, 2).numpy() >= 1).all()
    assert tf.zeros((2,)).dtype == "float32"


def test_an_array_is_split_by_a_number_and_by_sizes():
    import tensorflow as tf

    assert [part.shape for part in tf.split(A, 3, axis=1)] == [(2, 1)] * 3
    parts = tf.split(A, num_or_size_splits=[2, 1], axis=-1)
    assert [part.numpy().shape for part in parts] == [(2, 2), (2, 1)]
    assert len(tf.unstack(A, axis=1)) == 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_refuses_arguments_that_it_does_not_take(name):
    with pytest.raises(TypeError, match=f"tf.{name} takes"):
        function(name)(*[A] * 9)
    with pytest.raises(TypeError, match=f"tf.{name} takes.*received 'back_prop'"):
        function(name)(back_prop=False)


def test_a_loss_and_a_metric_of_a_script_are_made_of_them():
    import tensorflow as tf

    def distance(y_true, y_pred):
        return tf.reduce_mean(tf.square(tf.subtract(y_true, y_pred)), axis=-1)

    def near(y_true, y_pred):
        close = tf.less(tf.abs(y_true - y_pred), 0.5)
        return tf.reduce_mean(tf.cast(close, tf.float32))

    x, y = np.random.default_rng(0).random((2, 8, 3))
    weights = []
    for loss in (distance, "mse"):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
        model.compile("sgd", loss, metrics=[near])
        history = model.fit(x, y, epochs=2, verbose=0).history
        weights.append(model.get_weights()[0])
    np.testing.assert_allclose(*weights, rtol=1e-5)
    assert 0 <= history["near"][0] <= 1


def test_layers_are_made_of_them():
    import tensorflow as tf

    inputs = keras.Input((3,))
    doubled = keras.layers.Lambda(lambda x: tf.concat([x, tf.exp(x)], axis=-1))(inputs)
    total = tf.reduce_sum(doubled, axis=1)
    model = keras.Model(inputs, total)
    expected = A.sum(1) + np.exp(A).sum(1)
    np.testing.assert_allclose(model.predict(A, verbose=0), expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["math.top_k", "unique", "unique_with_counts"])
def test_each_of_several_results_is_a_tensor(name):
    given = A if name == "math.top_k" else A[0]
    for result in function(name)(given):
        assert isinstance(result, keras.GradArray)
        assert result.numpy().size


@pytest.mark.parametrize("sizes", [(1, 1), (None, None)])
def test_a_lambda_makes_larger_images_of_channels(sizes):
    import tensorflow as tf

    inputs = keras.Input((*sizes, 8))
    larger = keras.layers.Lambda(lambda x: tf.nn.depth_to_space(x, 2))(inputs)
    model = keras.Model(inputs, larger)
    np.testing.assert_array_equal(model.predict(BLOCKS, verbose=0), PLACES)
    with pytest.raises(ValueError, match="data_format must be 'NHWC' or 'NCHW'"):
        tf.nn.depth_to_space(BLOCKS, 2, "NCHW_VECT_C")
