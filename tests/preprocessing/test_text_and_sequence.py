import json

import numpy as np
import pytest

from keratorch.preprocessing.sequence import TimeseriesGenerator, pad_sequences
from keratorch.preprocessing.text import Tokenizer, hashing_trick, tokenizer_from_json
from keratorch.utils import PyDataset
from keratorch.utils import pad_sequences as padded

TEXTS = ["The cat sat on the mat.", "The dog, the cat"]


@pytest.fixture
def tokenizer():
    tokenizer = Tokenizer(num_words=4, oov_token="?")
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def test_unknown_and_rare_words_become_the_token(tokenizer):
    assert tokenizer.word_index == {
        "?": 1,
        "the": 2,
        "cat": 3,
        "sat": 4,
        "on": 5,
        "mat": 6,
        "dog": 7,
    }
    assert tokenizer.texts_to_sequences(["The dog sat, bird"]) == [[2, 1, 1, 1]]
    assert tokenizer.sequences_to_texts([[2, 3, 7]]) == ["the cat ?"]


def test_matrices_count_words(tokenizer):
    rows = {
        mode: tokenizer.texts_to_matrix(["the the cat bird"], mode)[0].tolist()
        for mode in ("binary", "count", "freq")
    }
    assert rows == {
        "binary": [0, 1, 1, 1],
        "count": [0, 1, 2, 1],
        "freq": [0, 0.25, 0.5, 0.25],
    }
    tfidf = tokenizer.texts_to_matrix(["the the cat"], "tfidf")[0]
    np.testing.assert_allclose(tfidf[2], (1 + np.log(2)) * np.log(1 + 2 / 3))


def test_tokenizer_comes_back_from_json(tokenizer):
    back = tokenizer_from_json(tokenizer.to_json())
    assert back.get_config() == tokenizer.get_config()
    assert json.loads(back.to_json())["class_name"] == "Tokenizer"


def test_wrong_use_is_told(tokenizer):
    with pytest.raises(ValueError, match="mode must be"):
        tokenizer.texts_to_matrix(TEXTS, "tf-idf")
    with pytest.raises(ValueError, match="fit_on_texts"):
        Tokenizer().texts_to_matrix(TEXTS)
    with pytest.raises(ValueError, match="fit_on_texts"):
        Tokenizer(num_words=3).texts_to_matrix(TEXTS, "tfidf")
    with pytest.raises(ValueError, match="hash_function"):
        hashing_trick("a", 5, "sha1")


def test_timeseries_generator_is_a_dataset_of_batches():
    data = np.arange(10.0)[:, None]
    generator = TimeseriesGenerator(data, data, 3, batch_size=4, workers=2)
    assert isinstance(generator, PyDataset) and generator.workers == 2
    assert len(generator) == 2
    assert [x.shape for x, _ in generator] == [(4, 3, 1), (3, 3, 1)]
    config = json.loads(generator.to_json())["config"]
    assert config["start_index"] == 3 and json.loads(config["data"])[1] == [1.0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"targets": range(9), "length": 2}, "one length"),
        ({"targets": range(10), "length": 10}, "no step is left"),
    ],
)
def test_timeseries_that_cannot_be_are_told(arguments, told):
    with pytest.raises(ValueError, match=told):
        TimeseriesGenerator(range(10), **arguments)


def test_pad_sequences_stands_where_keras_2_had_it():
    assert pad_sequences is padded
