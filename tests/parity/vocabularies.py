"""Models of words and whole numbers: their layers keep vocabularies in files."""

import numpy as np

SENTENCES = ["the cat sat on the mat", "a dog and a cat", "the dog ate"]


def text_model(keras, **options):
    layer = keras.layers.TextVectorization(**options)
    if layer.get_config()["vocabulary"] is None:
        layer.adapt(SENTENCES)
    inputs = keras.Input((1,), dtype="string")
    outputs = layer(inputs)
    if options.get("output_sequence_length"):
        outputs = keras.layers.Flatten()(keras.layers.Embedding(20, 2)(outputs))
    return keras.Model(inputs, keras.layers.Dense(2)(outputs))


def sequences(keras):
    return text_model(keras, max_tokens=9, output_sequence_length=4)


def frequencies(keras):
    return text_model(keras, output_mode="tf_idf", ngrams=2, standardize="lower")


def given_words(keras):
    words = ["cat", "dog", "the"]
    return text_model(keras, vocabulary=words, output_mode="multi_hot")


def lookup_model(keras, layer, dtype):
    return keras.Sequential(
        [keras.Input((2,), dtype=dtype), layer, keras.layers.Dense(2)]
    )


def words(keras):
    layer = keras.layers.StringLookup(num_oov_indices=2, output_mode="count")
    layer.adapt(["cat", "dog", "dog", "mat"])
    return lookup_model(keras, layer, "string")


def integers(keras):
    layer = keras.layers.IntegerLookup(output_mode="multi_hot")
    layer.adapt(np.array([3, 5, 5, 8, 8, 8]))
    return lookup_model(keras, layer, "int64")


def hashes(keras):
    layer = keras.layers.Hashing(5, salt=3, output_mode="multi_hot")
    return lookup_model(keras, layer, "string")


MODELS = [sequences, frequencies, given_words, words, integers, hashes]
TEXTS = [["the cat"], ["a DOG and a zebra"], ["x the cat, mat"]]
DATA = {
    "words": [["cat", "zebra"], ["dog", "mat"], ["", "cat"]],
    "integers": [[3, 5], [8, 8], [9, -1]],
    "hashes": [["cat", "zebra"], ["dog", "mat"], ["", "cat"]],
}


def data(make):
    """The inputs of a model, as nested lists."""
    return DATA.get(make.__name__, TEXTS)
