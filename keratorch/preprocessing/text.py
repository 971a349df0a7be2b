"""Texts cut into words, and words turned into numbers."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch.preprocessing._vectors import fill_row

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_COUNTS = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")

Text = str | list[str]


def text_to_word_sequence(
    input_text: str, filters: str = _FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """Return the words of a text.

    Parameters
    ----------
    input_text : str.
    filters : the characters that part words as `split` does.
    lower : bool, whether to make the text lower case.
    split : str, what parts words.

    Examples
    --------
    >>> text_to_word_sequence("Hello, world! Hello.")
    ['hello', 'world', 'hello']
    """
    if lower:
        input_text = input_text.lower()
    spaced = input_text.translate({ord(mark): split for mark in filters})
    return [word for word in spaced.split(split) if word]


def one_hot(
    input_text: str,
    n: int,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Return a number from 1 to n - 1 for each word, by Python's `hash`.

    Two words may share a number. Python's hashes of strings differ from one run of a
    program to the next: `hashing_trick` with 'md5' gives lasting numbers.

    Parameters as in `hashing_trick`.

    Examples
    --------
    >>> first, second, third = one_hot("a rose, a", 50)
    >>> first == third
    True
    """
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(
    text: str,
    n: int,
    hash_function: str | Callable[[str], int] | None = None,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Return a number from 1 to n - 1 for each word, by a hash function.

    Parameters
    ----------
    text : str.
    n : int, the numbers are below it.
    hash_function : 'md5', or a function of a word; None for Python's `hash`.
    filters, lower, split : as in `text_to_word_sequence`.
    analyzer : function that cuts the text into words, in place of these three.

    Examples
    --------
    >>> hashing_trick("a rose is a rose", 50, "md5")
    [15, 8, 12, 15, 8]
    """
    if hash_function == "md5":
        function: Callable[[str], int] = _md5
    elif isinstance(hash_function, str):
        raise ValueError(
            f"hash_function must be 'md5', a function or None; got {hash_function!r}."
        )
    else:
        function = hash_function or hash
    if analyzer is None:
        words: Iterable[str] = text_to_word_sequence(text, filters, lower, split)
    else:
        words = analyzer(text)
    return [function(word) % (n - 1) + 1 for word in words]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


class Tokenizer:
    """Numbers words by how often they occur, from 1 for the most frequent.

    Parameters
    ----------
    num_words : int, only words with numbers below it are kept; None keeps all.
    filters, lower, split : as in `text_to_word_sequence`.
    char_level : bool, whether each character is a word.
    oov_token : str, the word with number 1, which stands for unknown words; None leaves
        these out.
    analyzer : function that cuts a text into words, in place of filters, lower, split.
    document_count : int, number of texts seen before.

    Attributes
    ----------
    word_index, index_word : dict, number of each word and word of each number.
    word_counts, word_docs : dict, how often a word occurs, and in how many texts.
    index_docs : dict, in how many texts each number occurs.

    Examples
    --------
    >>> tokenizer = Tokenizer(num_words=4)
    >>> tokenizer.fit_on_texts(["The cat sat.", "The cat ran."])
    >>> tokenizer.texts_to_sequences(["the cat sat and ran"])
    [[1, 2, 3]]
    >>> tokenizer.word_index
    {'the': 1, 'cat': 2, 'sat': 3, 'ran': 4}
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = _FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Callable[[str], Iterable[str]] | None = None,
        document_count: int = 0,
    ):
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.analyzer = analyzer
        self.document_count = document_count
        self.word_counts: dict[str, int] = OrderedDict()
        self.word_docs: dict[str, int] = defaultdict(int)
        self.index_docs: dict[int, int] = defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def fit_on_texts(self, texts: Iterable[Text]) -> None:
        """Count the words of texts, and number all words anew.

        Parameters
        ----------
        texts : list of str, or of lists of words.
        """
        for text in texts:
            self.document_count += 1
            words = list(self._words(text))
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] = self.word_docs.get(word, 0) + 1
        # Sorting is stable: of equal counts, the word seen first goes first.
        ranked = sorted(self.word_counts, key=lambda word: -self.word_counts[word])
        if self.oov_token is not None:
            ranked.insert(0, self.oov_token)
        self.word_index = {word: number for number, word in enumerate(ranked, 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Sequence[Iterable[int]]) -> None:
        """Count in how many sequences each number occurs, for the mode 'tfidf'."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for number in set(sequence):
                self.index_docs[number] = self.index_docs.get(number, 0) + 1

    def texts_to_sequences(self, texts: Iterable[Text]) -> list[list[int]]:
        """Return the numbers of the words of each text."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(
        self, texts: Iterable[Text]
    ) -> Iterator[list[int]]:
        """Yield the numbers of the words of one text after the other."""
        unknown = self._unknown()
        for text in texts:
            numbers = (self.word_index.get(word) for word in self._words(text))
            kept = (n if self._keeps(n) else unknown for n in numbers)
            yield [number for number in kept if number is not None]

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Return the words of the numbers of each sequence, with spaces in between."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(
        self, sequences: Iterable[Iterable[int]]
    ) -> Iterator[str]:
        """Yield the words of one sequence after the other."""
        unknown = self.index_word.get(self._unknown() or 0)
        for sequence in sequences:
            words = (
                self.index_word.get(n, unknown) if self._keeps(n) else unknown
                for n in sequence
            )
            yield " ".join(word for word in words if word is not None)

    def texts_to_matrix(
        self, texts: Iterable[Text], mode: str = "binary"
    ) -> np.ndarray:
        """Return a row for each text, as `sequences_to_matrix` does."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(
        self, sequences: Sequence[Sequence[int]], mode: str = "binary"
    ) -> np.ndarray:
        """Return a row for each sequence, with a column for each number.

        Parameters
        ----------
        sequences : lists of ints.
        mode : 'binary' for 1 where a number occurs, 'count' for how often, 'freq' for
            its share of the sequence, 'tfidf' for
            (1 + log count) * log(1 + texts / (1 + texts with that number)).

        Returns
        -------
        (len(sequences), num_words or number of words + 1), float64.

        Raises
        ------
        ValueError : another mode, or no text was seen yet.
        """
        if not self.num_words and not self.word_index:
            raise ValueError("give num_words, or call fit_on_texts first.")
        if mode == "tfidf" and not self.document_count:
            raise ValueError("mode='tfidf' needs texts: call fit_on_texts first.")
        width = self.num_words or len(self.word_index) + 1
        rows = np.zeros((len(sequences), width))
        for row, sequence in zip(rows, sequences, strict=True):
            fill_row(row, sequence, mode, self.index_docs, self.document_count)
        return rows

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, and the counts as JSON."""
        names = ("num_words", "filters", "lower", "split", "char_level", "oov_token")
        config = {name: getattr(self, name) for name in names}
        config["document_count"] = self.document_count
        for name in _COUNTS:
            config[name] = json.dumps(getattr(self, name))
        return config

    def to_json(self, **kwargs: Any) -> str:
        """Return the tokenizer as JSON; `kwargs` are those of `json.dumps`."""
        config = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(config, **kwargs)

    def _words(self, text: Text) -> Iterable[str]:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            if isinstance(text, list):
                return [word.lower() for word in text]
            return text.lower()
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def _unknown(self) -> int | None:
        if self.oov_token is None:
            return None
        return self.word_index.get(self.oov_token)

    def _keeps(self, number: int | None) -> bool:
        return number is not None and not (self.num_words and number >= self.num_words)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Return the tokenizer that `Tokenizer.to_json` wrote.

    Examples
    --------
    >>> tokenizer = Tokenizer()
    >>> tokenizer.fit_on_texts(["to be or not to be"])
    >>> tokenizer_from_json(tokenizer.to_json()).word_index
    {'to': 1, 'be': 2, 'or': 3, 'not': 4}
    """
    config = dict(json.loads(json_string)["config"])
    counts = {name: json.loads(config.pop(name)) for name in _COUNTS}
    for name in ("index_docs", "index_word"):  # JSON makes strings of numbers
        counts[name] = {int(key): value for key, value in counts[name].items()}
    tokenizer = Tokenizer(**config)
    for name, value in counts.items():
        setattr(tokenizer, name, value)
    return tokenizer
