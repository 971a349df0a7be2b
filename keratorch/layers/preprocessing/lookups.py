"""StringLookup and IntegerLookup: categories as indices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from keratorch.layers.preprocessing.index_lookup import IndexLookup
from keratorch.layers.preprocessing.text_layer import as_texts_or_numbers
from keratorch.ops.image.layout import check_known


class StringLookup(IndexLookup):
    """Turn texts into their indices in a vocabulary, or these into texts.

    Index 0 is that of the mask token if there is one (for output_mode='int'), then come
    those of texts out of vocabulary, then the vocabulary.

    Parameters
    ----------
    max_tokens : int, the largest size of the vocabulary with its special tokens, or
        None. `adapt` leaves the rarest out.
    num_oov_indices : int >= 0, how many indices texts out of vocabulary share, by their
        hash values; with 0 they raise.
    mask_token : text with the index 0, which counts nothing in vectors; or None.
    oov_token : text that stands for one out of vocabulary, for invert=True.
    vocabulary : list or array of texts, or the path of a file with one in each line; by
        default `adapt` finds it.
    idf_weights : numbers, one for each text, for output_mode='tf_idf'.
    invert : bool, whether to turn indices into texts.
    output_mode : 'int' for indices, 'one_hot' for a vector for each, or for a row
        'multi_hot' (which are there), 'count' (how often) or 'tf_idf' (times the
        weights log(1 + rows / (1 + rows with the text))).
    pad_to_max_tokens : bool, whether vectors have the length max_tokens.
    sparse : False; NumPy has no sparse arrays.
    encoding : str, of inputs that are bytes.
    salt : int, or a pair of them: see `Hashing`.

    Raises
    ------
    ValueError : arguments that do not fit.
    TypeError : inputs that are no texts.

    Examples
    --------
    >>> from keratorch.layers.preprocessing.lookups import StringLookup
    >>> layer = StringLookup(vocabulary=["a", "b", "c"])
    >>> layer([["a", "c"], ["d", "b"]]).numpy()
    array([[1, 3],
           [0, 2]])
    >>> layer = StringLookup()
    >>> layer.adapt(["x", "z", "z", "y"])
    >>> layer.get_vocabulary()
    ['[UNK]', 'z', 'y', 'x']
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str | None = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: Any = None,
        **kwargs: Any,
    ):
        size = kwargs.pop("vocabulary_size", None)  # in Keras's configurations
        super().__init__(name=name, **kwargs)
        self.encoding = encoding
        self._configure(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary,
            idf_weights, invert, output_mode, sparse, pad_to_max_tokens, salt,
        )  # fmt: skip
        self._saved_size = size

    def _clean(self, values: Any) -> np.ndarray:
        texts = as_texts_or_numbers(self.name, values, self.encoding)
        if texts.dtype.kind != "O":
            if texts.size == 0:
                return texts.astype(object)
            raise TypeError(
                f"StringLookup '{self.name}' expects texts; received dtype "
                f"{texts.dtype}. Use IntegerLookup for whole numbers."
            )
        return texts

    def _table_dtype(self) -> Any:
        return np.str_

    def get_config(self) -> dict[str, Any]:
        base = super().get_config()
        return {**base, "oov_method": "floormod", "encoding": self.encoding}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> StringLookup:
        arguments = {k: v for k, v in config.items() if k != "oov_method"}
        return super().from_config(arguments)


class IntegerLookup(IndexLookup):
    """Turn whole numbers into their indices in a vocabulary, or these into numbers.

    Index 0 is that of the mask token if there is one (for output_mode='int'), then come
    those of numbers out of vocabulary, then the vocabulary.

    Parameters
    ----------
    max_tokens, num_oov_indices, vocabulary, idf_weights, invert, output_mode, sparse,
    pad_to_max_tokens : see `StringLookup`.
    mask_token : int with the index 0, which counts nothing in vectors; or None.
    oov_token : int that stands for one out of vocabulary, for invert=True.
    vocabulary_dtype : 'int64'; Keras has no other.
    oov_method : 'floormod' or 'farmhash', by which numbers out of vocabulary share
        several indices: their remainder, or their hash values.
    salt : int, or a pair of them, for 'farmhash': see `Hashing`.

    Raises
    ------
    ValueError : arguments that do not fit.
    TypeError : inputs that are no numbers.

    Examples
    --------
    >>> from keratorch.layers.preprocessing.lookups import IntegerLookup
    >>> IntegerLookup(vocabulary=[12, 36, 1138, 42])([[12, 1138], [42, 7]]).numpy()
    array([[1, 3],
           [4, 0]])
    """

    vocabulary_dtype = "int64"

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int | None = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        size = kwargs.pop("vocabulary_size", None)  # in Keras's configurations
        super().__init__(name=name, **kwargs)
        check_known("IntegerLookup", "oov_method", oov_method, ("floormod", "farmhash"))
        check_known("IntegerLookup", "vocabulary_dtype", vocabulary_dtype, ("int64",))
        if salt is not None and oov_method != "farmhash":
            raise ValueError("IntegerLookup: salt needs oov_method='farmhash'.")
        self.oov_method = oov_method
        self._configure(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary,
            idf_weights, invert, output_mode, sparse, pad_to_max_tokens, salt,
        )  # fmt: skip
        self._saved_size = size

    def _clean(self, values: Any) -> np.ndarray:
        numbers = as_texts_or_numbers(self.name, values)
        if numbers.dtype.kind == "O":
            raise TypeError(
                f"IntegerLookup '{self.name}' expects whole numbers; received texts. "
                "Use StringLookup."
            )
        return numbers.astype(np.int64)

    def _read(self, path: Path) -> Any:
        return [int(line) for line in super()._read(path)]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "vocabulary_dtype": "int64"}
