"""What StringLookup and IntegerLookup share: a vocabulary, and indices into it."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray
from keratorch.layers.preprocessing import hashing
from keratorch.layers.preprocessing.learned_vocabulary import LearnsVocabulary
from keratorch.layers.preprocessing.text_layer import (
    TextLayer,
    check_output_mode,
    encoded,
    refuse_sparse,
)
from keratorch.trial_runs import trying

_SPELLINGS = {"binary": "multi_hot", "tf-idf": "tf_idf"}


class IndexLookup(LearnsVocabulary, TextLayer):
    """Tokens as their places in a vocabulary, or the reverse.

    The places: the mask token (0, only for output_mode='int'), then `num_oov_indices`
    ones for tokens out of vocabulary, then the vocabulary.
    """

    vocabulary_dtype = "string"
    # How many tokens the vocabulary has that a file will give later.
    _saved_size: int | None = None
    oov_method = "farmhash"

    def _configure(
        self,
        max_tokens: int | None,
        num_oov_indices: int,
        mask_token: Any,
        oov_token: Any,
        vocabulary: Any,
        idf_weights: Any,
        invert: bool,
        output_mode: str,
        sparse: bool,
        pad_to_max_tokens: bool,
        salt: Any,
    ) -> None:
        name = type(self).__name__
        if max_tokens is not None and max_tokens <= 1:
            raise ValueError(
                f"{name}: max_tokens must be more than 1, or None; received "
                f"{max_tokens}."
            )
        if pad_to_max_tokens and max_tokens is None:
            raise ValueError(f"{name}: pad_to_max_tokens=True needs max_tokens.")
        if num_oov_indices < 0:
            raise ValueError(
                f"{name}: num_oov_indices must be 0 or more; received "
                f"{num_oov_indices}."
            )
        output_mode = _SPELLINGS.get(output_mode, output_mode)
        check_output_mode(name, output_mode, ("tf_idf",))
        refuse_sparse(name, sparse)
        if invert and output_mode != "int":
            raise ValueError(
                f"{name}: invert=True needs output_mode='int'; received "
                f"{output_mode!r}."
            )
        self.max_tokens, self.num_oov_indices = max_tokens, num_oov_indices
        self.mask_token, self.oov_token = mask_token, oov_token
        self.invert, self.output_mode = invert, output_mode
        self.pad_to_max_tokens = pad_to_max_tokens
        self.salt = hashing._salt(name, salt)
        path = isinstance(vocabulary, (str, Path))
        self.input_vocabulary = None if path else vocabulary
        self.input_idf_weights = idf_weights
        self.idf_weights: np.ndarray | None = None
        self._tokens: list[Any] = []
        self._places: dict[Any, int] = {}
        self.reset_state()
        self._is_given = vocabulary is not None
        self._warned = False
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)
        elif idf_weights is not None:
            raise ValueError(f"{name}: idf_weights need a vocabulary.")

    # The vocabulary

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take a vocabulary, in place of an earlier one.

        Parameters
        ----------
        vocabulary : list or array of tokens, in order, with or without the special
            ones at its start; or the path of a file with one in each line.
        idf_weights : list or array, one number for each, for output_mode='tf_idf'.

        Raises
        ------
        ValueError : an empty or a too long vocabulary, tokens twice, special ones
            elsewhere, or weights that do not fit.
        """
        name = f"{type(self).__name__} '{self.name}'"
        if (idf_weights is not None) != (self.output_mode == "tf_idf"):
            raise ValueError(
                f"{name}: output_mode='tf_idf' needs idf_weights with a vocabulary, "
                f"and no other has them; the mode is {self.output_mode!r}."
            )
        if isinstance(vocabulary, (str, Path)):
            vocabulary = self._read(Path(vocabulary))
        tokens = self._clean(vocabulary).ravel().tolist()
        if not tokens:
            raise ValueError(f"{name}: the vocabulary is empty.")
        special = self._special()
        whole = bool(special) and tokens[: len(special)] == special
        self._check_tokens(tokens[len(special) :] if whole else tokens)
        if idf_weights is not None:
            weights = np.asarray(idf_weights, config.floatx())
            if weights.shape != (len(tokens),):
                raise ValueError(
                    f"{name}: idf_weights must have one number for each of the "
                    f"{len(tokens)} tokens; received shape {weights.shape}."
                )
            front = 0 if whole else len(special)
            self.idf_weights = np.pad(
                weights, (front, 0), constant_values=weights.mean()
            )
        self._keep(tokens[len(special) :] if whole else tokens)

    def _check_tokens(self, tokens: list[Any]) -> None:
        name = f"{type(self).__name__} '{self.name}'"
        twice = [token for token, n in Counter(tokens).items() if n > 1]
        if twice:
            raise ValueError(
                f"{name}: each token must be in the vocabulary once; received "
                f"{twice[:5]} several times."
            )
        reserved = [self.mask_token, self.oov_token if self.invert else None]
        for token in reserved:
            if token is not None and token in tokens:
                raise ValueError(
                    f"{name}: {token!r} is a special token. Leave the special tokens "
                    f"out of the vocabulary, or begin it with all: {self._special()}."
                )
        size = len(tokens) + self._first()
        if self.max_tokens is not None and size > self.max_tokens:
            raise ValueError(
                f"{name}: the vocabulary with its special tokens has {size} tokens, "
                f"more than max_tokens={self.max_tokens}."
            )

    def _keep(self, tokens: list[Any]) -> None:
        self._tokens = tokens
        self._places = {token: i + self._first() for i, token in enumerate(tokens)}

    def _first(self) -> int:
        """The place of the first token of the vocabulary."""
        return self._masks() + self.num_oov_indices

    def _masks(self) -> int:
        return int(self.mask_token is not None and self.output_mode == "int")

    def _special(self) -> list[Any]:
        return [self.mask_token] * self._masks() + [
            self.oov_token
        ] * self.num_oov_indices

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """Return the tokens in the order of their indices."""
        return (self._special() if include_special_tokens else []) + self._tokens

    def vocabulary_size(self) -> int:
        """Return the number of tokens, the special ones included."""
        return self._first() + len(self._tokens)

    # Calling

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what `call` makes of the inputs; rows of several lengths stay so."""
        if hasattr(inputs, "map_flat_values") and self.output_mode == "int":
            return inputs.map_flat_values(super().__call__)
        return super().__call__(inputs, *args, **kwargs)

    def _at_the_door(self, inputs: Any) -> Any:
        return super()._at_the_door(inputs) if self.invert else self._clean(inputs)

    def call(self, inputs: Any) -> Any:
        if self.invert:
            return self._inverted(inputs)
        return GradArray(self._encoded(self._indices(inputs)), requires_grad=False)

    def _complain_of_no_vocabulary(self) -> None:
        place = f"{type(self).__name__} '{self.name}' has no vocabulary yet, so that "
        hint = " Call adapt(data) first, or give it vocabulary=[...]."
        if self.output_mode != "int" and not self.pad_to_max_tokens:
            raise RuntimeError(
                f"{place}the length of its outputs is unknown.{hint} Or fix the length "
                "by max_tokens=... and pad_to_max_tokens=True."
            )
        if not self._warned:
            self._warned = True
            message = f"{place}every input is out of it.{hint}"
            warnings.warn(message, UserWarning, stacklevel=4)

    def _indices(self, tokens: np.ndarray) -> np.ndarray:
        """Return the index of each token; that of the mask token counts nothing."""
        if not self._tokens and not trying.get() and tokens.size:
            self._complain_of_no_vocabulary()
        flat = tokens.ravel().tolist()
        distinct = list(dict.fromkeys(flat))
        found = np.array([self._place(token) for token in distinct], np.int64)
        missing = np.flatnonzero(found < 0)
        if missing.size:
            strangers = np.array([distinct[i] for i in missing], tokens.dtype)
            found[missing] = self._out_of_vocabulary(strangers)
        if self.mask_token in distinct and self.output_mode != "int":
            found[distinct.index(self.mask_token)] = np.iinfo(np.int64).max
        index = dict(zip(distinct, found.tolist(), strict=True))
        return np.array([index[token] for token in flat], np.int64).reshape(
            tokens.shape
        )

    def _place(self, token: Any) -> int:
        if token == self.mask_token:
            return 0
        return self._places.get(token, -1)

    def _out_of_vocabulary(self, tokens: np.ndarray) -> Any:
        if self.num_oov_indices == 0:
            if trying.get():
                return self._masks()
            raise ValueError(
                f"{type(self).__name__} '{self.name}' has num_oov_indices=0, so that "
                f"all inputs must be in its vocabulary; received "
                f"{tokens.tolist()[:5]}. Set num_oov_indices=1."
            )
        if self.num_oov_indices == 1:
            return self._masks()
        if self.oov_method == "floormod":
            return tokens % self.num_oov_indices + self._masks()
        bins = hashing.hashed(tokens, self.num_oov_indices, self.salt)
        return bins + self._masks()

    def _encoded(self, indices: np.ndarray) -> np.ndarray:
        if self.output_mode == "int":
            return indices
        depth = self._depth()
        if self.output_mode != "tf_idf":
            return encoded(indices, self.output_mode, depth, np.int64)
        if self.idf_weights is None and not indices.size:  # only the shape is wanted
            return encoded(indices, "count", depth, np.dtype(config.floatx()))
        if self.idf_weights is None:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' has no vocabulary and no weights "
                "yet. Call adapt(data) first."
            )
        weights = np.pad(self.idf_weights, (0, depth - len(self.idf_weights)))
        return encoded(indices, "count", depth, weights.dtype) * weights

    def _depth(self) -> int:
        if self.pad_to_max_tokens:
            return int(self.max_tokens or 0)
        return self._known_size() or self.vocabulary_size()

    def _known_size(self) -> int | None:
        """Return the size with the vocabulary, or that of a file not yet read."""
        return self.vocabulary_size() if self._tokens else self._saved_size

    def _inverted(self, inputs: np.ndarray) -> np.ndarray:
        indices = np.asarray(inputs).astype(np.int64)
        known = self.get_vocabulary()
        inside = (indices >= 0) & (indices < len(known))
        table = np.array([*known, self.oov_token], self._table_dtype())
        return table[np.where(inside, indices, len(known))]

    def _table_dtype(self) -> Any:
        return np.int64

    def _result_dtype(self) -> str:
        if self.output_mode == "tf_idf":
            return config.floatx()
        return np.dtype(self._table_dtype() if self.invert else np.int64).name

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return hashing.encoded_shape(input_shape, mode, self._depth())

    # Configuration and files

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "invert": self.invert,
            "max_tokens": self.max_tokens,
            "num_oov_indices": self.num_oov_indices,
            "oov_token": self.oov_token,
            "mask_token": self.mask_token,
            "output_mode": self.output_mode,
            "sparse": False,
            "pad_to_max_tokens": self.pad_to_max_tokens,
            "idf_weights": _as_list(self.input_idf_weights),
            "vocabulary": _as_list(self.input_vocabulary),
            "vocabulary_size": self._known_size(),
            "oov_method": self.oov_method,
            "salt": self.salt,
        }

    def save_assets(self, dir_path: Any) -> None:
        """Write a vocabulary that is not in the configuration into a folder."""
        if self.input_vocabulary is None:
            lines = "\n".join(map(str, self.get_vocabulary()))
            path = Path(dir_path) / "vocabulary.txt"
            path.write_text(lines, encoding="utf-8", newline="\n")

    def load_assets(self, dir_path: Any) -> None:
        """Read what `save_assets` wrote."""
        if self.input_vocabulary is None:
            # A folder inside an archive is read where it lies.
            inside = hasattr(dir_path, "read_text")
            folder = dir_path if inside else Path(dir_path)
            tokens = self._read(folder / "vocabulary.txt")
            self.set_vocabulary(tokens, self.idf_weights)

    def save_own_variables(self, store: Any) -> None:
        """Put the weights of output_mode='tf_idf' into a store."""
        if self.idf_weights is not None:
            store["idf_weights"] = self.idf_weights

    def load_own_variables(self, store: Any) -> None:
        """Take what `save_own_variables` put into a store."""
        if self.output_mode == "tf_idf":
            self.idf_weights = np.asarray(store["idf_weights"], config.floatx())

    def _read(self, path: Path) -> Any:
        if not path.is_file():
            raise ValueError(
                f"{type(self).__name__} '{self.name}': there is no vocabulary file "
                f"{str(path)!r}."
            )
        lines = path.read_text(encoding="utf-8").split("\n")
        while lines and not lines[-1]:
            lines.pop()
        return lines


def _as_list(values: Any) -> Any:
    return values.tolist() if isinstance(values, np.ndarray) else values
