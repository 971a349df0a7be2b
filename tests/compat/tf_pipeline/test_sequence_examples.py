"""Sequences of features: messages of protocol buffers, and their arrays."""

import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")

#: What TensorFlow 2.21 writes for `example([[1, 2], [3, 4]], ["a", "bc"])`.
BYTES = (
    b"\n\x0c\n\n\n\x01n\x12\x05\x1a\x03\n\x01\x02\x12Q\n\x1a\n\x05chars\x12\x11\n\x05\n\x03"
    b"\n\x01a\n\x08\n\x06\n\x01b\n\x01c\n\x19\n\x05pairs\x12\x10\n\x06\x1a\x04\n\x02\x01\x02\n"
    b"\x06\x1a\x04\n\x02\x03\x04\n\x18\n\x05words\x12\x0f\n\x05\n\x03\n\x01a\n\x06\n\x04\n"
    b"\x02bc"
)


def ints(values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def texts(values):
    values = [value.encode() for value in values]
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def example(pairs, words):
    train = tf.train
    lists = {
        "pairs": train.FeatureList(feature=[ints(pair) for pair in pairs]),
        "words": train.FeatureList(feature=[texts([word]) for word in words]),
        "chars": train.FeatureList(feature=[texts(list(word)) for word in words]),
    }
    return train.SequenceExample(
        context=train.Features(feature={"n": ints([len(pairs)])}),
        feature_lists=train.FeatureLists(feature_list=lists),
    )


CONTEXT = {"n": tf.io.FixedLenFeature([], tf.int64)}
SEQUENCES = {
    "pairs": tf.io.FixedLenSequenceFeature([2], tf.int64),
    "words": tf.io.FixedLenSequenceFeature([], tf.string),
    "chars": tf.io.VarLenFeature(tf.string),
    "none": tf.io.FixedLenSequenceFeature([], tf.float32, allow_missing=True),
}


def test_the_bytes_are_those_of_tensorflow():
    message = example([[1, 2], [3, 4]], ["a", "bc"])
    assert message.SerializeToString() == BYTES
    again = tf.train.SequenceExample.FromString(BYTES)
    assert again.SerializeToString() == BYTES
    steps = again.feature_lists.feature_list["pairs"].feature
    assert [step.int64_list.value[:] for step in steps] == [[1, 2], [3, 4]]


def test_one_example_gives_arrays():
    data = example([[1, 2], [3, 4]], ["a", "bc"]).SerializeToString()
    context, sequences = tf.io.parse_single_sequence_example(data, CONTEXT, SEQUENCES)
    assert context["n"].numpy() == 2
    assert sequences["pairs"].numpy().tolist() == [[1, 2], [3, 4]]
    assert sequences["words"].numpy().tolist() == [b"a", b"bc"]
    assert sequences["none"].shape == (0,)
    chars = tf.sparse.to_dense(sequences["chars"]).numpy()
    assert chars.tolist() == [[b"a", b""], [b"b", b"c"]]


def test_several_examples_are_filled_up():
    messages = [example([[1, 2], [3, 4]], ["a", "bc"]), example([[5, 6]], ["d"])]
    data = [message.SerializeToString() for message in messages]
    context, sequences, lengths = tf.io.parse_sequence_example(data, CONTEXT, SEQUENCES)
    assert context["n"].numpy().tolist() == [2, 1]
    assert sequences["pairs"].numpy().tolist() == [[[1, 2], [3, 4]], [[5, 6], [0, 0]]]
    assert sequences["words"].numpy().tolist() == [[b"a", b"bc"], [b"d", b""]]
    assert lengths["pairs"].numpy().tolist() == [2, 1]
    assert lengths["none"].numpy().tolist() == [0, 0]
    assert set(lengths) == {"pairs", "words", "none"}
    chars = sequences["chars"]
    assert chars.shape == (2, 2, 2)
    assert chars.indices.numpy().tolist() == [
        [0, 0, 0],
        [0, 1, 0],
        [0, 1, 1],
        [1, 0, 0],
    ]


def test_examples_without_sequences_may_have_any_number_of_values():
    features = {"n": tf.io.FixedLenSequenceFeature([2], tf.int64, allow_missing=True)}
    messages = [
        tf.train.Example(features=tf.train.Features(feature={"n": ints(values)}))
        for values in ([1, 2, 3, 4], [5, 6], [])
    ]
    data = [message.SerializeToString() for message in messages]
    one = tf.io.parse_single_example(data[0], features)
    assert one["n"].numpy().tolist() == [[1, 2], [3, 4]]
    found = tf.io.parse_example(data, features)["n"].numpy()
    assert found.shape == (3, 2, 2)
    assert found[1].tolist() == [[5, 6], [0, 0]]


@pytest.mark.parametrize(
    ("sequences", "match"),
    [
        ({"other": tf.io.FixedLenSequenceFeature([], tf.int64)}, "no sequence 'other'"),
        ({"pairs": tf.io.FixedLenSequenceFeature([3], tf.int64)}, "must have 3 values"),
        ({"pairs": tf.io.FixedLenFeature([2], tf.int64)}, "needs tf.io.FixedLenSeq"),
        ({"words": tf.io.FixedLenSequenceFeature([], tf.int64)}, "holds a bytes_list"),
    ],
)
def test_what_does_not_fit_is_told(sequences, match):
    data = example([[1, 2]], ["a"]).SerializeToString()
    with pytest.raises(ValueError, match=match):
        tf.io.parse_single_sequence_example(data, sequence_features=sequences)


def test_bytes_that_are_no_message_are_told():
    with pytest.raises(ValueError, match=r"no tf\.train\.Example"):
        tf.train.SequenceExample.FromString(b"\x12\xff")
    np.testing.assert_equal(tf.train.SequenceExample().SerializeToString(), b"")
