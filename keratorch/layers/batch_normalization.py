"""BatchNormalization: each channel with mean 0 and variance 1 over the batch."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from keratorch import config, graph, initializers, ops
from keratorch.grads.normalization import (
    NormalizeChannelsGrad,
    channel_moments,
    widened,
)
from keratorch.layers.normalization_layer import (
    check_lengths,
    known_lengths,
    positive_axes,
    single_axis,
)
from keratorch.layers.renormalization import Renormalizes


class BatchNormalization(Renormalizes):
    """Normalize each channel by its mean and variance over the batch.

    outputs = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta

    In training, mean and variance are those of the batch, over all axes but `axis`,
    and the averages follow them:

    moving_mean = momentum * moving_mean + (1 - momentum) * mean
    moving_variance = momentum * moving_variance + (1 - momentum) * variance

    In inference, and in a layer with ``trainable = False``, mean and variance are
    these averages, which then stay as they are. Steps that a mask leaves out count in
    no mean and no variance.

    Parameters
    ----------
    axis : int, the axis of the channels; 1 for channels first.
    momentum : float from 0 to 1, how slowly the averages follow.
    epsilon : float, which keeps small variances from making large numbers.
    center, scale : bool, whether there is a beta, and a gamma.
    beta_initializer, gamma_initializer, moving_mean_initializer,
    moving_variance_initializer : name, function or object.
    beta_regularizer, gamma_regularizer : penalty added to the loss.
    beta_constraint, gamma_constraint : function applied after each update.
    renorm : bool, batch renormalization (Ioffe, 2017): training corrects what it
        normalizes towards slower averages, `renorm_mean` and `renorm_stddev`, so that
        small batches disturb less. Inference is the same.
    renorm_clipping : dict with the keys 'rmax', 'rmin' and 'dmax', or some: bounds of
        the correction normalized * r + d, for r in [rmin, rmax] and d in [-dmax, dmax].
    renorm_momentum : float from 0 to 1, how slowly these averages follow.
    synchronized : False; there is one device.

    Shapes
    ------
    inputs, outputs : (batch, ..., channels); all weights : (channels,).

    Raises
    ------
    TypeError, ValueError : an argument outside its range, or inputs of other channels.

    Source: Ioffe & Szegedy (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import BatchNormalization
    >>> layer = BatchNormalization(epsilon=0)
    >>> layer(np.array([[1.0, 2.0], [3.0, 6.0]]), training=True).numpy()
    array([[-1., -1.],
           [ 1.,  1.]], dtype=float32)
    >>> layer.moving_mean.numpy().round(3)
    array([0.02, 0.04], dtype=float32)
    """

    supports_masking = True

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        _check_absent("synchronized", synchronized, "There is one device here.")
        self.axis = single_axis("BatchNormalization", axis)
        self.momentum = _share("momentum", momentum)
        self.epsilon = float(epsilon)
        self._take_scale_and_offset(
            center,
            scale,
            (beta_initializer, beta_regularizer, beta_constraint),
            (gamma_initializer, gamma_regularizer, gamma_constraint),
        )
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self._take_renorm(
            renorm, renorm_clipping, _share("renorm_momentum", renorm_momentum)
        )

    def build(self, input_shape: tuple) -> None:
        axes = positive_axes(self, self.axis, input_shape)
        shape = known_lengths(self, axes, input_shape)
        self._add_scale_and_offset(shape)
        self.moving_mean = self.add_weight(
            name="moving_mean",
            shape=shape,
            initializer=self.moving_mean_initializer,
            trainable=False,
        )
        self.moving_variance = self.add_weight(
            name="moving_variance",
            shape=shape,
            initializer=self.moving_variance_initializer,
            trainable=False,
        )
        if self.renorm:
            starts = (self.moving_mean_initializer, self.moving_variance_initializer)
            self._add_renorm_averages(shape, *starts)

    @property
    def couples_samples(self) -> bool:
        """Whether training normalizes by the mean of the batch."""
        return self.trainable

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        axes = positive_axes(self, self.axis, inputs.shape)
        check_lengths(self, axes, inputs.shape, self.moving_mean.shape)
        if not (training and self.trainable):
            return ops.batch_normalization(
                inputs,
                self.moving_mean,
                self.moving_variance,
                self.axis,
                self.beta,
                self.gamma,
                self.epsilon,
            )
        if mask is not None:
            return self._normalized_by(_of_shape(mask, inputs.shape), inputs, axes[0])
        moments = channel_moments(graph.value(inputs), axes[0])
        return NormalizeChannelsGrad.apply(
            inputs,
            *self._followed(moments),
            axis=axes[0],
            epsilon=self.epsilon,
            moments=moments,
        )

    def _normalized_by(self, counted: np.ndarray, inputs: Any, axis: int) -> Any:
        """Normalize by the mean and the variance of those inputs that count."""
        dtype, inputs = inputs.dtype, widened(inputs)
        others = tuple(i for i in range(inputs.ndim) if i != axis)
        ones = counted.astype(inputs.dtype)
        count = np.sum(ones, axis=others, keepdims=True) + config.epsilon()
        mean = np.sum(np.where(counted, inputs, 0.0), others, keepdims=True) / count
        square = np.where(counted, inputs - mean, 0.0) ** 2
        variance = np.sum(square, others, keepdims=True) / count
        mean, variance = np.reshape(mean, (-1,)), np.reshape(variance, (-1,))
        gamma, beta = self._followed((graph.value(mean), graph.value(variance)))
        scale, offset = (None if isinstance(v, float) else v for v in (gamma, beta))
        out = ops.batch_normalization(
            inputs, mean, variance, axis, offset, scale, self.epsilon
        )
        return out.astype(dtype) if out.dtype != dtype else out

    def _followed(self, moments: tuple[np.ndarray, np.ndarray]) -> tuple[Any, Any]:
        """Move the averages towards the mean and the variance of a batch.

        Return the factor and the offset of the normalized batch.
        """
        if self.renorm:
            scales = self._renormalized(*moments)
            self._follow_renormalized(*moments)
            return scales
        averages, keep = (self.moving_mean, self.moving_variance), self.momentum
        for average, moment in zip(averages, moments, strict=True):
            average.assign(average.numpy() * keep + moment * (1 - keep))
        return self._scale_and_offset()

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        positive_axes(self, self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            **self._scale_and_offset_config(),
            "moving_mean_initializer": initializers.serialize(
                self.moving_mean_initializer
            ),
            "moving_variance_initializer": initializers.serialize(
                self.moving_variance_initializer
            ),
            "synchronized": False,
            "renorm": self.renorm,
            "renorm_clipping": self.renorm_clipping,
            "renorm_momentum": self.renorm_momentum,
        }


def _check_absent(argument: str, value: Any, why: str) -> None:
    if value:
        raise ValueError(
            f"BatchNormalization: {argument}={value!r} is not supported. {why} Leave "
            "it out."
        )


def _share(argument: str, value: Any) -> float:
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise ValueError(
            f"BatchNormalization: {argument} must be a number from 0 to 1; received "
            f"{value!r}. Typical values are 0.9 and 0.99."
        )
    return float(value)


def _of_shape(mask: Any, shape: tuple) -> np.ndarray:
    """Return a mask of the first axes, (batch, steps) say, for all of the inputs."""
    mask = np.asarray(graph.value(mask), bool)
    pairs = zip(mask.shape, shape, strict=False)
    if mask.ndim > len(shape) or any(n not in (1, length) for n, length in pairs):
        raise ValueError(
            "BatchNormalization takes a mask of the first axes of its inputs; received "
            f"a mask of shape {mask.shape} with inputs of shape {shape}. Give one of "
            f"shape {shape[:-1]}."
        )
    return np.broadcast_to(
        np.expand_dims(mask, tuple(range(mask.ndim, len(shape)))), shape
    )
