"""`WordContextProduct` of Keras 0: whether two words stand near each other."""

from __future__ import annotations

from typing import Any

from keratorch import activations, initializers, layers


class WordContextProduct(layers.Layer):
    """activation(words[i] . contexts[j]) for pairs (i, j) of numbers of words.

    `get_weights` returns the vectors of the words, then those of the contexts.

    Parameters
    ----------
    input_dim : int > 0, number of words.
    proj_dim : int > 0, length of their vectors.
    init : name, function or object, from which both are drawn.
    activation : name or function, applied to the product.

    Shapes
    ------
    inputs : (batch, 2), integers; outputs : (batch, 1).

    Source: Mikolov et al. (2013), Efficient Estimation of Word Representations in
    Vector Space.
    """

    def __init__(
        self,
        input_dim: int,
        proj_dim: int = 128,
        init: Any = "uniform",
        activation: Any = "sigmoid",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.input_dim, self.proj_dim = input_dim, proj_dim
        self.init = initializers.get(init)
        self.activation = activations.get(activation)
        self.words, self.contexts = (
            layers.Embedding(input_dim, proj_dim, embeddings_initializer=init)
            for _ in range(2)
        )

    def call(self, inputs: Any) -> Any:
        product = self.words(inputs[:, 0]) * self.contexts(inputs[:, 1])
        return self.activation(product.sum(axis=-1, keepdims=True))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "proj_dim": self.proj_dim,
            "init": initializers.serialize(self.init),
            "activation": activations.serialize(self.activation),
        }
