import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")

DATA = {
    "age": np.array([17, 30, 65]),
    "kind": np.array(["cat", "dog", "owl"]),
    "words": np.array([["a", "b"], ["b", "b"], ["c", ""]]),
    "number": np.array([0, 2, 1]),
    "point": np.arange(6.0).reshape(3, 2),
}


def numbers(*columns):
    return tf.keras.layers.DenseFeatures(list(columns))(DATA).numpy()


@pytest.fixture
def fc():
    return tf.feature_column


def test_numbers_come_as_they_are_or_scaled(fc):
    point = fc.numeric_column("point", shape=[2], normalizer_fn=lambda x: x / 2)
    assert numbers(point).tolist() == [[0, 0.5], [1, 1.5], [2, 2.5]]
    assert numbers(point).dtype == np.float32
    with pytest.raises(ValueError, match="needs numbers; received texts"):
        numbers(fc.numeric_column("kind"))
    with pytest.raises(ValueError, match="'size' is not among"):
        numbers(fc.numeric_column("size"))


def test_intervals_hold_their_lower_boundary(fc):
    ages = fc.bucketized_column(fc.numeric_column("age"), [18, 30, 60])
    assert numbers(ages).argmax(1).tolist() == [0, 2, 3]
    point = fc.bucketized_column(fc.numeric_column("point", shape=2), [2.5])
    assert numbers(point).tolist() == [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]]
    with pytest.raises(ValueError, match="must rise"):
        fc.bucketized_column(fc.numeric_column("age"), [3, 1])


def test_categories_by_list_number_and_fingerprint(fc):
    kinds = fc.categorical_column_with_vocabulary_list("kind", ["cat", "dog"])
    assert numbers(fc.indicator_column(kinds)).tolist() == [[1, 0], [0, 1], [0, 0]]
    more = fc.categorical_column_with_vocabulary_list(
        "kind", ["cat", "dog"], num_oov_buckets=2
    )
    assert numbers(fc.indicator_column(more)).sum(1).tolist() == [1, 1, 1]
    places = fc.categorical_column_with_identity("number", 3)
    assert numbers(fc.indicator_column(places)).argmax(1).tolist() == [0, 2, 1]
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b"])
    assert numbers(fc.indicator_column(words)).tolist() == [[1, 1], [0, 2], [0, 0]]
    hashed = fc.categorical_column_with_hash_bucket("words", 10)
    buckets = tf.strings.to_hash_bucket_fast(DATA["words"], 10).numpy()
    counts = numbers(fc.indicator_column(hashed))
    assert counts[0, buckets[0]].all() and counts[2].sum() == 1
    with pytest.raises(ValueError, match="below num_buckets=2; received 2"):
        numbers(fc.indicator_column(fc.categorical_column_with_identity("number", 2)))


def test_crosses_are_those_of_the_layer_of_keras(fc):
    crossed = fc.crossed_column(["kind", "number"], hash_bucket_size=16)
    layer = keras.layers.HashedCrossing(16)
    expected = layer((DATA["kind"], DATA["number"])).numpy()
    assert numbers(fc.indicator_column(crossed)).argmax(1).tolist() == expected.tolist()


def test_columns_stand_in_the_order_of_their_names(fc):
    kinds = fc.categorical_column_with_vocabulary_list("kind", ["cat", "dog", "owl"])
    both = numbers(fc.numeric_column("number"), fc.indicator_column(kinds))
    assert both.tolist() == [[1, 0, 0, 0], [0, 1, 0, 2], [0, 0, 1, 1]]
    with pytest.raises(ValueError, match="received the categorical 'kind'"):
        tf.keras.layers.DenseFeatures([kinds])


@pytest.mark.parametrize(
    ("combiner", "scale"), [("mean", 1 / 2), ("sum", 1), ("sqrtn", 1 / 2**0.5)]
)
def test_vectors_of_a_row_are_combined_and_learn(fc, combiner, scale):
    words = fc.categorical_column_with_vocabulary_list("words", ["a", "b", "c"])
    vectors = fc.embedding_column(words, 2, combiner)
    layer = tf.keras.layers.DenseFeatures(vectors)
    result = layer(DATA).numpy()
    table = layer.get_weights()[0]
    np.testing.assert_allclose(result[0], (table[0] + table[1]) * scale, rtol=1e-5)
    np.testing.assert_allclose(result[2], table[2], rtol=1e-5)
    model = keras.Sequential([layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    dataset = tf.data.Dataset.from_tensor_slices((DATA, np.ones(3))).batch(2)
    model.fit(dataset, epochs=2, verbose=0)
    assert (layer.get_weights()[0] != table).all()


def test_symbols_have_the_shape_of_all_columns(fc):
    inputs = {
        "age": keras.Input((), name="age"),
        "kind": keras.Input((), dtype=tf.string, name="kind"),
    }
    kinds = fc.categorical_column_with_hash_bucket("kind", 5)
    columns = [fc.numeric_column("age"), fc.embedding_column(kinds, 4)]
    outputs = tf.keras.layers.DenseFeatures(columns)(inputs)
    assert outputs.shape == (None, 5)
    model = keras.Model(inputs, outputs)
    result = model.predict({"age": DATA["age"], "kind": DATA["kind"]}, verbose=0)
    assert result[:, 0].tolist() == [17, 30, 65]
