"""Layers of texts and categories: Keras's documented numbers, and what they refuse.

Keras's own layers of text need TensorFlow; the numbers are those of its documentation.
"""

import numpy as np
import pytest

from keratorch import Input, Layer, Model, layers, ops
from keratorch.layers.preprocessing.discretization import Discretization
from keratorch.layers.preprocessing.fingerprints import fingerprint64, siphash64
from keratorch.layers.preprocessing.hashing import HashedCrossing, Hashing
from keratorch.layers.preprocessing.lookups import IntegerLookup, StringLookup
from keratorch.layers.preprocessing.text_vectorization import TextVectorization
from keratorch.symbolic import KerasTensor

# FarmHash's library says so
TEXT = "The quick brown fox jumps over the lazy dog. 0123456789 äöü " * 6
FINGERPRINTS = {
    0: 11160318154034397263, 1: 1366698271136253306, 4: 17648915545525335717,
    9: 5536152759197313107, 20: 14682102640708416407, 40: 11893331242100975777,
    64: 1395941769842642094, 65: 1078237260158516912, 128: 7878043455955953563,
    129: 10300747559177935270, 300: 16931701001478480157,
}  # fmt: skip


def values(out):
    return np.asarray(out).tolist()


@pytest.mark.parametrize("length", FINGERPRINTS)
def test_fingerprints_are_those_of_farmhash(length):
    assert fingerprint64(TEXT[:length].encode()) == FINGERPRINTS[length]


def test_siphash_is_that_of_its_paper():
    key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
    assert siphash64(bytes(range(15)), key) == 0xA129CA6149BE45E5


def test_hashing_gives_the_numbers_of_keras():
    letters = [["A"], ["B"], ["C"], ["D"], ["E"]]
    assert values(Hashing(3)(letters)) == [[1], [0], [1], [1], [2]]
    assert values(Hashing(3, salt=[133, 137])(letters)) == [[1], [2], [1], [0], [2]]
    assert values(Hashing(3, salt=133)(letters)) == [[0], [0], [2], [1], [0]]
    masked = Hashing(3, mask_value="")([["A"], ["B"], [""], ["C"], ["D"]])
    assert values(masked) == [[1], [1], [0], [2], [2]]
    assert values(Hashing(4)([12])) == values(Hashing(4)(["12"]))


def test_hashing_encodes():
    one_hot = Hashing(3, output_mode="one_hot")([["A"], ["B"]])
    assert values(one_hot) == [[0, 1, 0], [1, 0, 0]] and one_hot.dtype == np.float32
    count = Hashing(3, output_mode="count")([["A", "B", "C"]])
    assert values(count) == [[1, 2, 0]]
    assert Hashing(3).get_config()["dtype"]["config"]["name"] == "int64"


def test_crossing_gives_the_numbers_of_keras():
    letters = np.array(["A", "B", "A", "B", "A"])
    numbers = np.array([101, 101, 101, 102, 102])
    assert values(HashedCrossing(5)((letters, numbers))) == [1, 4, 1, 1, 3]
    one_hot = HashedCrossing(5, output_mode="one_hot")((letters, numbers))
    assert values(one_hot.argmax(axis=1)) == [1, 4, 1, 1, 3]
    assert values(HashedCrossing(5)((letters[:, None], numbers[:, None])))[1] == [4]


def test_string_lookup_gives_indices():
    data = [["a", "c", "d"], ["d", "z", "b"]]
    vocabulary = ["a", "b", "c", "d"]
    layer = StringLookup(vocabulary=vocabulary)
    assert values(layer(data)) == [[1, 3, 4], [4, 0, 2]]
    assert layer(data).dtype == np.int64
    masked = StringLookup(vocabulary=vocabulary, mask_token="")
    assert values(masked([["a", "", "q"]])) == [[2, 0, 1]]
    assert masked.get_vocabulary() == ["", "[UNK]", *vocabulary]
    several = StringLookup(vocabulary=vocabulary, num_oov_indices=2)
    more = [["a", "c", "d"], ["m", "z", "b"]]
    assert values(several(more)) == [[2, 4, 5], [0, 1, 3]]
    assert values(layer(np.array([b"a", b"b"]))) == [1, 2]


def test_string_lookup_inverts():
    layer = StringLookup(vocabulary=["a", "b", "c"], invert=True)
    out = layer(np.array([[1, 3], [0, 9]]))
    assert out.tolist() == [["a", "c"], ["[UNK]", "[UNK]"]]


def test_string_lookup_encodes():
    data = [["a", "c", "d", "d"], ["d", "z", "b", "z"]]
    vocabulary = ["a", "b", "c", "d"]
    multi_hot = StringLookup(vocabulary=vocabulary, output_mode="multi_hot")
    assert values(multi_hot(data)) == [[0, 1, 0, 1, 1], [1, 0, 1, 0, 1]]
    count = StringLookup(vocabulary=vocabulary, output_mode="count")
    assert values(count(data)) == [[0, 1, 0, 1, 2], [2, 0, 1, 0, 1]]
    one_hot = StringLookup(vocabulary=["a", "b"], output_mode="one_hot")
    assert values(one_hot(["a", "z"])) == [[0, 1, 0], [1, 0, 0]]
    weights = [0.25, 0.75, 0.6, 0.4]
    idf = StringLookup(vocabulary=vocabulary, idf_weights=weights, output_mode="tf_idf")
    expected = [[0.0, 0.25, 0.0, 0.6, 0.8], [1.0, 0.0, 0.75, 0.0, 0.4]]
    np.testing.assert_allclose(np.asarray(idf(data)), expected, rtol=1e-6)
    padded = StringLookup(9, vocabulary=vocabulary, output_mode="count",
                          pad_to_max_tokens=True)  # fmt: skip
    assert padded(data).shape == (2, 9)


def test_vocabulary_is_learned_by_frequency_then_backwards():
    layer = StringLookup()
    layer.adapt([["a", "c", "d"], ["d", "z", "b"]])
    assert layer.get_vocabulary() == ["[UNK]", "d", "z", "c", "b", "a"]
    short = StringLookup(max_tokens=3)
    short.adapt(iter([["x", "y"], ["y", "z", "z"]]))
    assert short.get_vocabulary() == ["[UNK]", "z", "y"]
    whole = IntegerLookup()
    whole.adapt([[12, 1138, 42], [42, 1000, 36]])
    assert whole.get_vocabulary() == [-1, 42, 1138, 1000, 36, 12]


def test_integer_lookup_gives_indices():
    layer = IntegerLookup(vocabulary=[12, 36, 1138, 42])
    assert values(layer([[12, 1138, 42], [42, 1000, 36]])) == [[1, 3, 4], [4, 0, 2]]
    several = IntegerLookup(vocabulary=[12, 36, 1138, 42], num_oov_indices=2)
    data = [[12, 1138, 42], [37, 1000, 36]]
    assert values(several(data)) == [[2, 4, 5], [1, 0, 3]]
    back = IntegerLookup(vocabulary=[12, 36, 1138, 42], invert=True)
    assert values(back([[1, 3, 4], [4, 0, 2]])) == [[12, 1138, 42], [42, -1, 36]]
    masked = IntegerLookup(vocabulary=[12], mask_token=0)
    assert values(masked([12, 0, 5])) == [2, 0, 1]


def test_vocabularies_go_to_files_and_back(tmp_path):
    layer = StringLookup(output_mode="tf_idf")
    layer.adapt([["a", "b"], ["b", "ö"]])
    layer.save_assets(tmp_path)
    store = {}
    layer.save_own_variables(store)
    again = StringLookup.from_config(layer.get_config())
    again.load_own_variables(store)
    again.load_assets(tmp_path)
    data = [["b", "ö", "q"]]
    np.testing.assert_allclose(np.asarray(again(data)), np.asarray(layer(data)))
    path = tmp_path / "words.txt"
    path.write_text("x\ny\n", encoding="utf-8")
    assert StringLookup(vocabulary=str(path)).get_vocabulary() == ["[UNK]", "x", "y"]


def test_text_vectorization_gives_indices():
    layer = TextVectorization(max_tokens=5000, output_sequence_length=4)
    layer.adapt(["foo bar", "bar baz", "baz bada boom"])
    assert layer.get_vocabulary() == ["", "[UNK]", "baz", "bar", "foo", "boom", "bada"]
    out = layer([["foo qux bar"], ["qux baz"]])
    assert values(out) == [[4, 1, 3, 0], [1, 2, 0, 0]] and out.dtype == np.int64
    given = TextVectorization(
        output_sequence_length=4, vocabulary=["earth", "wind", "and"]
    )
    assert values(given(["Earth, WIND and fire!"])) == [[2, 3, 4, 1]]


def test_text_vectorization_splits_standardizes_and_joins():
    def vocabulary(*texts, **arguments):
        layer = TextVectorization(**arguments)
        layer.adapt(list(texts))
        return sorted(layer.get_vocabulary(include_special_tokens=False))

    assert vocabulary("A b", standardize=None) == ["A", "b"]
    assert vocabulary("Aé! b", standardize="lower") == ["aé!", "b"]
    assert vocabulary("A!b", standardize="strip_punctuation") == ["Ab"]
    assert vocabulary("ab", split="character") == ["a", "b"]
    assert vocabulary("a b c", ngrams=2) == ["a", "a b", "b", "b c", "c"]
    assert vocabulary("a b c", ngrams=(3,)) == ["a b c"]
    halves = vocabulary(
        "a-b", standardize=None, split=lambda xs: [x.split("-") for x in xs]
    )
    assert halves == ["a", "b"]
    assert vocabulary("x1", standardize=lambda xs: np.char.upper(xs.astype(str))) == [
        "X1"
    ]


def test_text_vectorization_counts():
    texts = ["a b a", "b c", ""]
    for mode, rows in [
        ("multi_hot", [[0, 1, 1], [1, 1, 0], [0, 0, 0]]),
        ("count", [[0, 1, 2], [1, 1, 0], [0, 0, 0]]),
    ]:
        layer = TextVectorization(output_mode=mode, vocabulary=["b", "a"])
        assert values(layer(texts)) == rows
    layer = TextVectorization(output_mode="tf_idf")
    layer.adapt(["a b a", "b c"])
    weights = {"b": np.log(1 + 2 / 3), "a": np.log(2), "c": np.log(2)}
    out = dict(zip(layer.get_vocabulary(), values(layer(["a a b c"]))[0], strict=True))
    for token, count in [("a", 2), ("b", 1), ("c", 1)]:
        assert out[token] == pytest.approx(count * weights[token], rel=1e-6)


def test_text_vectorization_takes_shapes_as_keras_does():
    layer = TextVectorization(vocabulary=["a", "b"])
    assert layer("a b a").shape == (3,)
    assert layer([["a"], ["b a"]]).shape == (2, 2)
    tokens = TextVectorization(vocabulary=["a", "b"], split=None)
    assert values(tokens([["a", "q"], ["b", ""]])) == [[2, 1], [3, 0]]
    again = TextVectorization.from_config(layer.get_config())
    assert again.get_vocabulary() == layer.get_vocabulary()


def test_discretization_encodes():
    layer = Discretization([0.0, 1.0, 2.0], output_mode="one_hot")
    assert values(layer([[0.5], [9.0]])) == [[0, 1, 0, 0], [0, 0, 0, 1]]
    layer = Discretization(num_bins=2)
    layer.adapt(np.arange(10.0))
    again = Discretization.from_config(layer.get_config())
    assert again.bin_boundaries == layer.bin_boundaries


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Hashing(0), ValueError, "num_bins must be a positive"),
        (lambda: Hashing(2, salt="x"), ValueError, "salt must be"),
        (lambda: Hashing(2, sparse=True), ValueError, "sparse"),
        (lambda: Hashing(2, output_mode="x"), ValueError, "output_mode must be one"),
        (lambda: Hashing(2)([object()]), TypeError, "expects texts"),
        (lambda: HashedCrossing(2)(["a"]), ValueError, "two inputs or more"),
        (lambda: HashedCrossing(2)((["a"], [1, 2])), ValueError, "one shape"),
        (lambda: HashedCrossing(2)((["a"], [1.5])), ValueError, "whole numbers"),
        (lambda: StringLookup(1), ValueError, "max_tokens must be more than 1"),
        (lambda: StringLookup(vocabulary=[]), ValueError, "empty"),
        (lambda: StringLookup(vocabulary=["a", "a"]), ValueError, "once"),
        (lambda: StringLookup(2, vocabulary=["a", "b"]), ValueError, "max_tokens=2"),
        (lambda: StringLookup(vocabulary=["a"])([1]), TypeError, "IntegerLookup"),
        (lambda: StringLookup(vocabulary=["a"])([["a"], ["a", "b"]]), ValueError,
         "one length"),
        (lambda: StringLookup(num_oov_indices=0, vocabulary=["a"])(["b"]), ValueError,
         "num_oov"),
        (lambda: StringLookup(vocabulary=["a"]).adapt(["b"]), ValueError, "given its"),
        (lambda: StringLookup(vocabulary="nowhere.txt"), ValueError, "no vocabulary"),
        (lambda: StringLookup(output_mode="tf_idf", vocabulary=["a"]), ValueError,
         "idf"),
        (lambda: IntegerLookup(vocabulary=[1])(["a"]), TypeError, "StringLookup"),
        (lambda: TextVectorization(ragged=True), ValueError, "ragged"),
        (lambda: TextVectorization(split="word"), ValueError, "split must be one of"),
        (lambda: TextVectorization(ngrams="2"), ValueError, "ngrams"),
        (lambda: TextVectorization(output_mode="count", output_sequence_length=3),
         ValueError, "output_sequence_length"),
        (lambda: TextVectorization()(np.ones(3)), TypeError, "expects texts"),
        (lambda: TextVectorization()([["a", "b"]]), ValueError, "split=None"),
        (lambda: Discretization(), ValueError, "either"),
        (lambda: Discretization(num_bins=2)([1.0]), ValueError, "no boundaries"),
        (lambda: Discretization([1.0]).adapt([1.0]), ValueError, "was given"),
    ],
)  # fmt: skip
def test_mistakes_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_symbolic_categories_get_shapes_and_dtypes():
    numbers = layers.Input((3,), dtype="int32")
    lookup = IntegerLookup(vocabulary=[12, 36])
    index = lookup(numbers)
    assert index.shape == (None, 3) and index.dtype == "int64"
    bins = Discretization([0.0, 1.0], output_mode="count")(layers.Input((4,)))
    assert bins.shape == (None, 3) and bins.dtype == "float32"
    model = Model(numbers, layers.Embedding(3, 2)(index))
    assert model(np.array([[12, 36, 5]])).shape == (1, 3, 2)
    texts = KerasTensor((None, 1), "str")
    words = TextVectorization(output_sequence_length=5, vocabulary=["a"])(texts)
    assert words.shape == (None, 5) and words.dtype == "int64"


class Quotients(Layer):
    """Has texts looked up by a layer inside, without places for strangers."""

    def __init__(self, words):
        super().__init__()
        self.lookup = StringLookup(vocabulary=words, mask_token=None, num_oov_indices=0)

    def call(self, inputs):
        return ops.floor_divide(self.lookup(inputs), 2)


def test_layer_of_ones_own_may_hold_a_lookup():
    texts = Input((), dtype="string")
    model = Model(texts, Quotients(["a", "b", "c"])(texts))
    assert model.output_shape == (None,)
    result = model.predict(np.array(["c", "a"]), verbose=0)
    np.testing.assert_array_equal(result, [1, 0])
    with pytest.raises(ValueError, match="num_oov_indices=0"):
        model.predict(np.array(["d"]), verbose=0)


def test_vectors_of_an_unknown_length_need_a_vocabulary():
    for mode in ("one_hot", "multi_hot", "count"):
        with pytest.raises(RuntimeError, match="has no vocabulary yet"):
            StringLookup(output_mode=mode)([["a"]])
    padded = StringLookup(output_mode="count", max_tokens=3, pad_to_max_tokens=True)
    with pytest.warns(UserWarning, match="has no vocabulary yet"):
        assert values(padded([["a", "b"]])) == [[2, 0, 0]]


def test_vectors_stand_for_the_second_axis():
    x = np.array([[[0, 1, 1], [2, 2, 1]]])
    for layer in (
        IntegerLookup(vocabulary=[0, 1, 2], num_oov_indices=0, output_mode="count"),
        Discretization([1, 2], output_mode="count"),
    ):
        assert values(layer(x)) == [[[1, 0, 1], [0, 1, 1], [0, 2, 0]]]
        assert layer.compute_output_shape((None, 2, 3)) == (None, 3, 3)
    one_hot = Discretization([1, 2], output_mode="one_hot")
    assert one_hot.compute_output_shape((None, 2, 1)) == (None, 2, 3)
    assert one_hot.compute_output_shape(()) == (3,)


def test_own_functions_get_arrays_of_texts():
    seen = []

    def standardize(texts):
        seen.append(texts.dtype.kind)
        return np.char.replace(np.char.lower(texts), "-", " ")

    def split(texts):
        seen.append(texts.dtype.kind)
        return [text.split(" ") for text in texts]

    layer = TextVectorization(standardize=standardize, split=split)
    layer.adapt(["A-B", "a"])
    assert layer.get_vocabulary() == ["", "[UNK]", "a", "b"] and {*seen} == {"U"}
    assert values(layer(["B-a"])) == [[3, 2]]


def test_tokens_of_one_text_give_one_row():
    for mode, wanted in (("int", [3, 2, 1]), ("count", [1, 1, 1])):
        layer = TextVectorization(
            vocabulary=["a", "b"], split=None, output_mode=mode, standardize=None
        )
        assert values(layer(["b", "a", "z"])) == wanted
        assert values(layer([["b", "a", "z"]])) == [wanted]
