"""The base of layers of sequences, images and volumes: where their axes are."""

from __future__ import annotations

from typing import Any

from keratorch.layers.arguments import check_one_array
from keratorch.layers.layer import Layer
from keratorch.layers.spatial_arguments import check_data_format

_AXES = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


class SpatialLayer(Layer):
    """A layer whose inputs have a batch, `rank` spatial axes, and channels.

    Parameters
    ----------
    data_format : 'channels_last', (batch, *lengths, channels); 'channels_first',
        (batch, channels, *lengths); or None for `config.image_data_format()`.

    Raises
    ------
    ValueError : another layout; inputs with another number of axes.
    """

    _keeps_integers = False

    rank = 0

    def __init__(self, data_format: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.data_format = check_data_format(type(self).__name__, data_format)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "data_format": self.data_format}

    @property
    def _first_axis(self) -> int:
        """The first of the spatial axes."""
        return 2 if self.data_format == "channels_first" else 1

    @property
    def _spatial_axes(self) -> tuple[int, ...]:
        return tuple(range(self._first_axis, self._first_axis + self.rank))

    def _split(self, shape: tuple) -> tuple[tuple, Any]:
        """Return the lengths of the spatial axes and the number of channels."""
        if len(shape) != self.rank + 2:
            self._explain_rank(shape)
        if self.data_format == "channels_first":
            return tuple(shape[2:]), shape[1]
        return tuple(shape[1:-1]), shape[-1]

    def _joined(self, batch: Any, lengths: tuple, channels: Any) -> tuple:
        """Return the shape that `_split` takes apart."""
        if self.data_format == "channels_first":
            return (batch, channels, *lengths)
        return (batch, *lengths, channels)

    def _counts(
        self, shape: tuple, spans: tuple, strides: tuple, padding: str, windows: str
    ) -> tuple:
        """Return how many windows lie along each axis, None where it is not known.

        `windows` says in the error, if none fits, what makes them as large as they are.
        """
        lengths, _ = self._split(shape)
        least = spans if padding == "valid" else (1,) * self.rank
        counts = tuple(
            None if length is None else (length - reach) // stride + 1
            for length, reach, stride in zip(lengths, least, strides, strict=True)
        )
        if any(count is not None and count < 1 for count in counts):
            fix = "Give it inputs with elements along each spatial axis."
            if padding == "valid":
                fix = "Use padding='same', smaller windows, or larger inputs."
            raise ValueError(
                f"{self._named} with {windows} and padding='{padding}' expects inputs "
                f"of spatial shape {least} at least; received {lengths}, in shape "
                f"{shape}. {fix}"
            )
        return counts

    @property
    def _named(self) -> str:
        return f"{type(self).__name__} '{self.name}'"

    def _explain_rank(self, shape: tuple) -> None:
        """Raise the error for inputs with another number of axes."""
        check_one_array(self, shape)
        expected = ", ".join(
            map(str, self._joined("batch", _AXES[self.rank], "channels"))
        )
        fix = f"Give it {self.rank} spatial axes, between the batch and the channels."
        if self.data_format == "channels_first":
            fix = f"Give it {self.rank} spatial axes, after the batch and the channels."
        if len(shape) == self.rank + 1:
            new = "x[..., None]" if self._first_axis == 1 else "x[:, None]"
            fix = f"For one channel use {new}; for one sample use x[None]."
        elif len(shape) == 2:
            fix = f"Add a Reshape layer before it, to give it {self.rank} spatial axes."
        raise ValueError(
            f"{self._named} expects inputs of shape ({expected}); received shape "
            f"{shape}. {fix}"
        )
