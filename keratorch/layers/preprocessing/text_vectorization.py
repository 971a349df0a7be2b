"""TextVectorization: texts as indices of their words."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.layers.preprocessing.lookups import StringLookup
from keratorch.layers.preprocessing.text_layer import (
    TextLayer,
    as_texts_or_numbers,
    batches,
)
from keratorch.ops.image.layout import check_known

_STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
_SPLITS = ("whitespace", "character")
_OF_LOOKUP = (
    *("max_tokens", "output_mode", "pad_to_max_tokens", "sparse", "vocabulary"),
    "idf_weights",
)
_PUNCTUATION = str.maketrans("", "", string.punctuation)
# as TensorFlow: ASCII letters alone become lower case, ASCII spaces alone divide
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_WORD = re.compile(r"[^ \t\n\v\f\r]+")


class TextVectorization(TextLayer):
    """Turn texts into indices of their words, or into vectors that count words.

    Each text is standardized, split into tokens, these are joined to n-grams, and each
    of them becomes its index in the vocabulary: 0 fills short texts up, 1 stands for
    tokens out of vocabulary.

    Parameters
    ----------
    max_tokens : int, the largest size of the vocabulary, or None.
    standardize : 'lower_and_strip_punctuation', 'lower', 'strip_punctuation', None, or
        a function of an array of str that returns another.
    split : 'whitespace', 'character', None for inputs that are tokens already, or a
        function of an array of str that returns a list of tokens for each.
    ngrams : int n for all from 1 to n tokens joined, a tuple of such numbers, or None.
    output_mode : 'int' for indices; 'multi_hot', 'count' or 'tf_idf' for a vector for
        each text: see `StringLookup`.
    output_sequence_length : int, the length of all rows, cut or filled up with 0, for
        'int'; by default that of the longest in the batch.
    pad_to_max_tokens : bool, whether vectors have the length max_tokens.
    vocabulary : list or array of tokens, or the path of a file with one in each line.
    idf_weights : numbers, one for each token, for 'tf_idf'.
    sparse, ragged : False; NumPy has no such arrays.
    encoding : str, of inputs that are bytes.

    Raises
    ------
    ValueError : arguments that do not fit.

    Examples
    --------
    >>> from keratorch.layers.preprocessing.text_vectorization import TextVectorization
    >>> layer = TextVectorization(output_sequence_length=4)
    >>> layer.adapt(["the cat sat", "The cat!", "the dog"])
    >>> layer.get_vocabulary()
    ['', '[UNK]', 'the', 'cat', 'sat', 'dog']
    >>> layer(["the dog ran", "cat"]).numpy()
    array([[2, 5, 1, 0],
           [3, 0, 0, 0]])
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | Callable | None = "lower_and_strip_punctuation",
        split: str | Callable | None = "whitespace",
        ngrams: int | tuple[int, ...] | None = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        **kwargs: Any,
    ):
        size = kwargs.pop("vocabulary_size", None)  # in Keras's configurations
        super().__init__(name=name, **kwargs)
        _check(standardize, split, ngrams, ragged)
        length = output_sequence_length
        if length is not None and (output_mode != "int" or not isinstance(length, int)):
            raise ValueError(
                "TextVectorization: output_sequence_length must be an int, for "
                f"output_mode='int'; received {length!r} for {output_mode!r}."
            )
        self._standardize, self._split, self._ngrams = standardize, split, ngrams
        self._output_sequence_length, self._encoding = length, encoding
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens,
            mask_token="",
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            output_mode=output_mode,
            pad_to_max_tokens=pad_to_max_tokens,
            sparse=sparse,
            encoding=encoding,
            vocabulary_size=size,
        )

    def adapt(
        self, data: Any, batch_size: int | None = None, steps: int | None = None
    ) -> None:
        """Take the vocabulary from texts, the most frequent tokens first.

        Parameters
        ----------
        data : list or array of texts, or an iterable of these, batch by batch.
        batch_size : int; it changes nothing here, and in Keras neither.
        steps : int, how many batches of an iterable to take, or None for all.

        Raises
        ------
        ValueError : the vocabulary was given in the constructor.
        """
        self.reset_state()
        for batch in batches(data, steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch of texts."""
        self._lookup_layer._count(self._rows(self._at_the_door(data)))

    def finalize_state(self) -> None:
        """Make the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self) -> None:
        """Forget the counts."""
        self._lookup_layer.reset_state()

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the tokens in the order of their indices."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take a vocabulary: see `StringLookup.set_vocabulary`."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    def vocabulary_size(self) -> int:
        """Return the number of tokens, the special ones included."""
        return self._lookup_layer.vocabulary_size()

    def _at_the_door(self, inputs: Any) -> Any:
        texts = as_texts_or_numbers(self.name, inputs, self._encoding)
        if texts.dtype.kind != "O" and texts.size:
            raise TypeError(
                f"TextVectorization '{self.name}' expects texts; received dtype "
                f"{texts.dtype}."
            )
        return texts.astype(object)

    def _rows(self, texts: np.ndarray) -> list[list[str]]:
        """Return the tokens of each text."""
        texts = self._standardized(texts)
        if self._split is None:
            tokens = texts.reshape(-1, texts.shape[-1] if texts.ndim else 1).tolist()
        else:
            if texts.ndim > 1 and texts.shape[-1] != 1:
                raise ValueError(
                    f"TextVectorization '{self.name}' expects texts of shape (batch,) "
                    f"or (batch, 1); received shape {texts.shape}. Use split=None for "
                    "inputs that are tokens."
                )
            flat = texts.reshape(-1)
            if self._split == "whitespace":
                tokens = [_WORD.findall(text) for text in flat]
            elif self._split == "character":
                tokens = [list(text) for text in flat]
            else:
                split: Any = self._split
                tokens = [list(map(str, row)) for row in split(flat.astype(str))]
        return [_joined(row, self._ngrams) for row in tokens]

    def _standardized(self, texts: np.ndarray) -> np.ndarray:
        standard = self._standardize
        if callable(standard):
            return np.asarray(standard(texts.astype(str)), object)
        if standard is None:
            return texts
        out = np.empty(texts.shape, object)
        for i, text in enumerate(texts.flat):
            if "lower" in standard:
                text = text.translate(_LOWER)
            if "strip" in standard:
                text = text.translate(_PUNCTUATION)
            out.flat[i] = text
        return out

    def call(self, inputs: Any) -> Any:
        rows = self._rows(inputs)
        lookup = self._lookup_layer
        if lookup.output_mode == "one_hot" and self._split is not None:
            raise ValueError(
                f"TextVectorization '{self.name}': output_mode='one_hot' needs "
                "split=None. Use 'multi_hot' for one vector for each text."
            )
        lengths = np.array([len(row) for row in rows], int)
        longest = int(lengths.max(initial=0))
        width = self._output_sequence_length
        width = longest if width is None else width
        counts = lookup.output_mode != "int"
        # what is no token counts nothing in vectors, and is 0 among indices
        indices = np.full((len(rows), max(longest, width)), -counts, np.int64)
        flat = np.array([token for row in rows for token in row], object)
        real = np.arange(indices.shape[1]) < lengths[:, None]
        indices[real] = lookup._indices(flat)
        out = lookup._encoded(indices) if counts else indices[:, :width]
        # one text, or with split=None the tokens of one
        alone = np.ndim(inputs) < (2 if self._split is None else 1)
        return GradArray(out[0] if alone else out, requires_grad=False)

    def _result_dtype(self) -> str:
        return self._lookup_layer._result_dtype()

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lookup = self._lookup_layer
        if lookup.output_mode != "int":
            return (input_shape[0], lookup._depth())
        return (input_shape[0], self._output_sequence_length)

    def get_config(self) -> dict[str, Any]:
        lookup = self._lookup_layer.get_config()
        return {
            **super().get_config(),
            **{key: lookup[key] for key in _OF_LOOKUP},
            "standardize": self._standardize,
            "split": self._split,
            "ngrams": self._ngrams,
            "output_sequence_length": self._output_sequence_length,
            "ragged": False,
            "encoding": self._encoding,
            "vocabulary_size": self.vocabulary_size(),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> TextVectorization:
        arguments = dict(config)
        if isinstance(arguments.get("ngrams"), list):
            arguments["ngrams"] = tuple(arguments["ngrams"])
        return super().from_config(arguments)

    def save_assets(self, dir_path: Any) -> None:
        """Write a vocabulary that is not in the configuration into a folder."""
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path: Any) -> None:
        """Read what `save_assets` wrote."""
        self._lookup_layer.load_assets(dir_path)

    def save_own_variables(self, store: Any) -> None:
        """Put the weights of output_mode='tf_idf' into a store."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Take what `save_own_variables` put into a store."""
        self._lookup_layer.load_own_variables(store)


def _check(standardize: Any, split: Any, ngrams: Any, ragged: bool) -> None:
    name = "TextVectorization"
    if not callable(standardize):
        check_known(name, "standardize", standardize, (*_STANDARDS, None))
    if not callable(split):
        check_known(name, "split", split, (*_SPLITS, None))
    several = isinstance(ngrams, tuple) and all(isinstance(n, int) for n in ngrams)
    if not (ngrams is None or isinstance(ngrams, int) or several):
        raise ValueError(
            f"{name}: ngrams must be an int, a tuple of int, or None; received "
            f"{ngrams!r}."
        )
    if ragged:
        raise ValueError(
            f"{name}: ragged=True is not supported: NumPy has no ragged arrays. Leave "
            "it out; short rows are filled up with 0."
        )


def _joined(tokens: list[str], ngrams: int | tuple[int, ...] | None) -> list[str]:
    """Return all runs of tokens of the lengths wanted, joined by blanks."""
    if ngrams is None:
        return tokens
    widths = range(1, ngrams + 1) if isinstance(ngrams, int) else ngrams
    return [
        " ".join(tokens[i : i + n]) for n in widths for i in range(len(tokens) - n + 1)
    ]
