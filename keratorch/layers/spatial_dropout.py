"""SpatialDropout: dropout of whole channels, for neighbours that are alike."""

from __future__ import annotations

from typing import Any

from keratorch import config, random
from keratorch.layers.arguments import check_rate
from keratorch.layers.noise_layer import NoiseLayer


class _SpatialDropout(NoiseLayer):
    """Set a share of the channels of each sample to 0 in training."""

    couples_samples = False
    _ndim = 0

    def __init__(self, rate: float, data_format: str | None, seed: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.rate = check_rate(type(self).__name__, rate)
        data_format = data_format or config.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"{type(self).__name__}: data_format must be 'channels_last' or "
                f"'channels_first'; received {data_format!r}."
            )
        self.data_format = data_format
        self._take_seed(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        if inputs.ndim != self._ndim:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects inputs with "
                f"{self._ndim} axes, (batch, places, channels); received shape "
                f"{inputs.shape}. Dropout(rate) takes inputs of any shape."
            )
        if not training or self.rate == 0:
            return inputs
        places = (1,) * (self._ndim - 2)
        first = self.data_format == "channels_first"
        noise_shape = (None, None, *places) if first else (None, *places, None)
        return random.dropout(inputs, self.rate, noise_shape, self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        # Keras's configuration is this short too, with the bare name of the dtype.
        return {
            "rate": self.rate,
            "seed": self.seed,
            "name": self.name,
            "dtype": self.dtype,
            "data_format": self.data_format,
        }


class SpatialDropout1D(_SpatialDropout):
    """Set a share of the channels of each series to 0 in training.

    outputs = inputs * mask / (1 - rate), with one mask for all steps of a channel.

    Parameters
    ----------
    rate : float from 0 to 1, the share to drop.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Shapes
    ------
    inputs, outputs : (batch, steps, channels).

    Raises
    ------
    ValueError : a rate outside 0 to 1, or inputs that have not three axes.

    Source: Tompson et al. (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SpatialDropout1D
    >>> layer = SpatialDropout1D(0.5, seed=1)
    >>> outputs = layer(np.ones((1, 2, 4)), training=True).numpy()
    >>> bool((outputs[:, 0] == outputs[:, 1]).all())
    True
    """

    _ndim = 3

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(rate, "channels_last", seed, name=name, dtype=dtype, **kwargs)

    def get_config(self) -> dict[str, Any]:
        described = super().get_config()
        del described["data_format"]
        return described


class SpatialDropout2D(_SpatialDropout):
    """Set a share of the channels of each image to 0 in training.

    outputs = inputs * mask / (1 - rate), with one mask for all places of a channel.

    Parameters
    ----------
    rate : float from 0 to 1, the share to drop.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    seed : int, or None to draw from the global stream (`utils.set_random_seed`).

    Shapes
    ------
    inputs, outputs : (batch, height, width, channels), or (batch, channels, height,
        width).

    Raises
    ------
    ValueError : a rate outside 0 to 1, or inputs that have not four axes.

    Source: Tompson et al. (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SpatialDropout2D
    >>> layer = SpatialDropout2D(0.5, seed=1)
    >>> outputs = layer(np.ones((1, 2, 2, 4)), training=True).numpy()
    >>> bool((outputs == outputs[:, :1, :1]).all())
    True
    """

    _ndim = 4

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(rate, data_format, seed, name=name, dtype=dtype, **kwargs)


class SpatialDropout3D(_SpatialDropout):
    """Set a share of the channels of each volume to 0 in training.

    outputs = inputs * mask / (1 - rate), with one mask for all places of a channel.

    Parameters, errors, source: see `SpatialDropout2D`.

    Shapes
    ------
    inputs, outputs : (batch, depth, height, width, channels), or (batch, channels,
        depth, height, width).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SpatialDropout3D
    >>> SpatialDropout3D(0.5)(np.ones((1, 2, 2, 2, 4))).shape
    (1, 2, 2, 2, 4)
    """

    _ndim = 5

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(rate, data_format, seed, name=name, dtype=dtype, **kwargs)
