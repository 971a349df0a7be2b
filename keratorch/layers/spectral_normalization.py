"""SpectralNormalization: a layer whose kernel never stretches an input."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, initializers
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.recurrent.wrapper import Wrapper


class SpectralNormalization(Wrapper):
    """Divide a layer's kernel by its largest singular value, in each training call.

    kernel = kernel / sigma, where sigma is the spectral norm of the kernel as a matrix
    of shape (prod(shape[:-1]), shape[-1]), estimated by power iteration.

    Parameters
    ----------
    layer : Layer with an attribute `kernel` or `embeddings`.
    power_iterations : int > 0, steps of the iteration in a call.

    Raises
    ------
    ValueError : `power_iterations` is no positive integer, or a layer without kernel.

    Source: Miyato et al. (2018), Spectral Normalization for Generative Adversarial
    Networks, Algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dense, SpectralNormalization
    >>> layer = SpectralNormalization(Dense(2), power_iterations=50)
    >>> _ = layer(np.ones((1, 3)), training=True)
    >>> round(float(np.linalg.norm(layer.layer.kernel.numpy(), 2)), 4)
    1.0
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any):
        super().__init__(layer, **kwargs)
        self.power_iterations = check_positive_integer(
            "SpectralNormalization", "power_iterations", power_iterations
        )

    def build(self, input_shape: Any = None) -> None:
        super().build(input_shape)
        kernel = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        if kernel is None:
            raise ValueError(
                "SpectralNormalization needs a layer with a `kernel` or `embeddings`; "
                f"{type(self.layer).__name__} '{self.layer.name}' has neither."
            )
        self.kernel = kernel
        self.vector_u = self.add_weight(
            shape=(1, kernel.shape[-1]),
            initializer=initializers.TruncatedNormal(stddev=0.02),
            trainable=False,
            name="vector_u",
            dtype=kernel.dtype,
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        if training and self.kernel.numpy().any():
            vector_u, kernel = self.normalized_weights()
            self.vector_u.assign(vector_u)
            self.kernel.assign(kernel)
        return self.layer(inputs)

    def normalized_weights(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the vector and the kernel that a training call puts in place."""
        kernel, u = self.kernel.numpy(), self.vector_u.numpy()
        matrix = kernel.reshape(-1, kernel.shape[-1])
        for _ in range(self.power_iterations):
            v = _unit(u @ matrix.T)
            u = _unit(v @ matrix)
        return u, kernel / (v @ matrix @ u.T).item()

    def compute_output_shape(self, input_shape: Any) -> Any:
        return self.layer.compute_output_shape(input_shape)

    def save_own_variables(self, store: Any) -> None:
        """Write the kernel, which Keras's files have here too, and the vector."""
        store["0"], store["1"] = self.kernel.numpy(), self.vector_u.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Read what `save_own_variables` wrote."""
        self.kernel.assign(np.asarray(store["0"]))
        self.vector_u.assign(np.asarray(store["1"]))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "power_iterations": self.power_iterations}


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.maximum(np.sqrt((x * x).sum()), config.epsilon())
