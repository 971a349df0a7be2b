"""RematScope: layers whose results are computed again rather than kept."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from keratorch.layers.calls import shape_of
from keratorch.modes import current_mode
from keratorch.nested import flatten
from keratorch.random.seeds import DrawnAside
from keratorch.transforms import checkpoint

_MODES = ("full", "larger_than", "list_of_layers", None)
#: The scopes in which layers are being made; the last one says what is kept.
remat_scopes: ContextVar[tuple[RematScope, ...]] = ContextVar("remat", default=())


class RematScope:
    """Layers made within ``with`` compute their results again for the gradient.

    What they compute inside is not kept from the way forth to the way back, which
    saves memory and costs another way forth. Values and gradients stay the same:
    layers with random numbers or running averages, which a second call would change,
    are left as they are.

    Parameters
    ----------
    mode : 'full' for all layers; 'larger_than' for those with larger results than
        `output_size_threshold`; 'list_of_layers' for those in `layer_names`; None for
        no layer. Keras's 'activations' is not there.
    output_size_threshold : int, a number of elements, the batch included.
    layer_names : list of str.

    Raises
    ------
    ValueError : another mode, or a threshold that is no number.

    Source: Chen et al. (2016), Training Deep Nets with Sublinear Memory Cost.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> with keras.RematScope(mode="full"):
    ...     layer = keras.layers.Dense(3, activation="gelu")
    >>> layer(np.ones((2, 4))).shape
    (2, 3)
    """

    mode: str | None
    output_size_threshold: int
    layer_names: list[str]

    def __init__(
        self,
        mode: str | None = "full",
        output_size_threshold: int = 1024,
        layer_names: Sequence[str] | None = None,
    ):
        if mode not in _MODES:
            raise ValueError(
                f"RematScope: mode must be one of {_MODES}; received {mode!r}. With "
                "'full' activations are computed again too."
            )
        if not isinstance(output_size_threshold, numbers.Integral):
            raise ValueError(
                "RematScope: output_size_threshold must be an integer; received "
                f"{output_size_threshold!r}."
            )
        self.mode = mode
        self.output_size_threshold = output_size_threshold
        self.layer_names = list(layer_names or [])

    def __enter__(self) -> RematScope:
        remat_scopes.set((*remat_scopes.get(), self))
        return self

    def __exit__(self, *error: Any) -> None:
        remat_scopes.set(remat_scopes.get()[:-1])

    def mark(self, layer: Any) -> None:
        """Let a layer compute again what it computes, if it is meant."""
        listed = self.mode != "list_of_layers" or layer.name in self.layer_names
        if self.mode is not None and listed:
            least = self.output_size_threshold if self.mode == "larger_than" else -1
            object.__setattr__(layer, "call", _Recomputed(layer, least))


class _Recomputed:
    """The ``call`` of a layer, whose steps are not kept.

    Parameters
    ----------
    least : int, results of so many elements or less are kept.
    """

    def __init__(self, layer: Any, least: int):
        self.layer, self.least = layer, least
        self._draws = False  # random numbers, as far as is known
        self._measured: tuple[Any, bool] | None = None  # the last shape, and its answer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        layer = self.layer
        call = type(layer).call.__get__(layer)
        if not current_mode.get().records or self._draws or _changes(layer):
            return call(*args, **kwargs)
        with DrawnAside() as aside:
            if self._is_large(args, kwargs):
                outputs = checkpoint(call)(*args, **kwargs)
                if not aside.drawn:
                    return outputs
                self._draws = True
        return call(*args, **kwargs)

    def _is_large(self, args: tuple, kwargs: dict[str, Any]) -> bool:
        if self.least < 0:
            return True
        shape = repr(shape_of((args, kwargs)))
        if self._measured is None or self._measured[0] != shape:
            outputs = flatten(self.layer.compute_output_spec(*args, **kwargs))
            size = sum(math.prod(n or 1 for n in x.shape) for x in outputs)
            self._measured = shape, size > self.least
        return self._measured[1]


def _changes(layer: Any) -> bool:
    """Return whether a call changes a layer, so that the next one is another."""
    return any(map(_has_seed, layer._flat_layers())) or any(
        not variable._made_trainable for variable in layer.weights
    )


def _has_seed(layer: Any) -> bool:
    """Return whether a layer has a seed, and draws by it."""
    own = vars(layer)
    rates = [own[name] for name in ("dropout", "recurrent_dropout") if name in own]
    draws = any(rates) if rates else True
    return draws and ("seed" in own or "seed_generator" in own)
