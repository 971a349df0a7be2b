"""AdditiveAttention: attention whose fit is a sum over a tanh."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.attention.attention import Attention


class AdditiveAttention(Attention):
    """Additive attention, also called Bahdanau's.

    scores = softmax(sum(scale * tanh(query + key))), outputs = scores @ value

    Parameters
    ----------
    use_scale : bool, whether a trained vector (size,) scales the features.
    dropout : float from 0 to 1, the share of scores that training sets to 0.
    seed : int, or None to draw from the global stream.

    Shapes
    ------
    inputs, mask, outputs : those of `Attention`; query and key have one size.

    Raises
    ------
    ValueError : the input is no list of two or three arrays, or a wrong argument.

    Source: Bahdanau et al. (2015), Neural Machine Translation by Jointly Learning to
    Align and Translate.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdditiveAttention
    >>> query, value = np.zeros((1, 1, 2)), np.array([[[1.0, 2.0], [1.0, 2.0]]])
    >>> AdditiveAttention()([query, value]).numpy()
    array([[[1., 2.]]], dtype=float32)
    """

    def __init__(
        self,
        use_scale: bool = True,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(use_scale=use_scale, dropout=dropout, seed=seed, **kwargs)

    def build(self, input_shape: Any) -> None:
        self._check_count(input_shape)
        if self.use_scale:
            size = input_shape[0][-1]
            self.scale = self.add_weight(name="scale", shape=(size,))

    def _is_product(self) -> bool:
        return False

    def _fit(self, query: Any, key: Any) -> Any:
        both = np.tanh(np.expand_dims(query, -2) + np.expand_dims(key, -3))
        # a product with a vector: the array of all pairs is not made once more
        return np.sum(both, axis=-1) if self.scale is None else both @ self.scale

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["score_mode"]
        return config
