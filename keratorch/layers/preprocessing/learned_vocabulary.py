"""How a vocabulary is learned: tokens counted, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import config
from keratorch.layers.preprocessing.text_layer import batches


class LearnsVocabulary:
    """What a lookup layer has that takes its vocabulary from data."""

    name: str
    mask_token: Any
    oov_token: Any
    max_tokens: int | None
    output_mode: str
    idf_weights: np.ndarray | None
    _is_given: bool

    def _keep(self, tokens: list[Any]) -> None:
        raise NotImplementedError

    def _first(self) -> int:
        raise NotImplementedError

    def _clean(self, values: Any) -> np.ndarray:
        raise NotImplementedError

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Take the vocabulary from data, the most frequent tokens first.

        Of equally frequent tokens the larger comes first, as in Keras.

        Parameters
        ----------
        data : array or list of tokens, or an iterable of these, batch by batch.
        steps : int, how many batches of an iterable to take, or None for all.

        Raises
        ------
        ValueError : the vocabulary was given in the constructor.
        """
        self.reset_state()
        for batch in batches(data, steps):
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the counts."""
        self._counts: Counter[Any] = Counter()
        self._documents: Counter[Any] = Counter()
        self._document_count = 0

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch; a row of it is one document."""
        array = np.atleast_1d(self._clean(data))
        rows = array[None] if array.ndim == 1 else array
        self._count(rows.reshape(len(rows), -1).tolist())

    def _count(self, rows: Iterable[list[Any]]) -> None:
        if self._is_given:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' was given its vocabulary; "
                "adapt() would not change it. Leave it out of the constructor."
            )
        for row in rows:
            self._counts.update(row)
            self._documents.update(set(row))
            self._document_count += 1

    def finalize_state(self) -> None:
        """Make the vocabulary of what was counted."""
        counts = self._counts
        if not counts:
            return
        for token in (self.mask_token, self.oov_token):
            counts.pop(token, None)
        ordered = sorted(counts, key=lambda token: (counts[token], token), reverse=True)
        if self.max_tokens:
            ordered = ordered[: max(self.max_tokens - self._first(), 0)]
        self._keep(ordered)
        if self.output_mode == "tf_idf":
            seen = np.array([self._documents[token] for token in ordered])
            weights = np.log(1 + self._document_count / (1 + seen))
            front = (self._first(), 0)
            mean = weights.mean() if weights.size else 0.0
            padded = np.pad(weights, front, constant_values=mean)
            self.idf_weights = padded.astype(config.floatx())
        self.reset_state()
