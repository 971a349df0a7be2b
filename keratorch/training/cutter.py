"""Into which parts the batches of a model are cut: by shapes, where it pays."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from keratorch import activations, speed
from keratorch.core import GradArray
from keratorch.graph import newest_first
from keratorch.masks import get_mask
from keratorch.micro_batch import MicroBatch, Streams, current
from keratorch.modes import current_mode, enable_grad
from keratorch.nested import flatten, map_structure
from keratorch.training.conversion import sample_count, sliced

_PART = 2**23  # numbers of all activations that a part has at most
_WORTH_IT = 2**20  # numbers of all activations of a batch that is halved
_PER_WEIGHT = 4  # activations that pay for one more gradient of a weight
_FUNCTIONS = ("activation", "recurrent_activation")  # that a layer may be given


class Parts(list[MicroBatch]):
    """The parts of a batch, from the first sample to the last."""

    on_threads = True  # whether they are computed side by side


class Cutter:
    """Says into which parts the batches of a model are cut.

    Parameters
    ----------
    model : the model, which owns this.
    """

    def __init__(self, model: Any):
        self._model = model
        self.layers: list[Any] = []  # the model and all inside, once settled
        self._sizes: dict[Any, tuple[int, int]] = {}
        self._settled = False

    def settle(self) -> None:
        """Look at layers and weights once, and no more until `unsettle`."""
        layers = list(self._model._flat_layers())
        if layers != self.layers:
            self.layers, self._sizes = layers, {}
        weights = self._model._variables or self._model.trainable_variables
        self._weights = sum(weight.size for weight in weights)
        self._bounds: dict[Any, tuple[list[int], bool] | None] = {}
        # a hook of a weight is to see the gradient of the whole batch
        #: Whether no layer mixes samples, nor looks at gradients of whole batches.
        self.may_cut = not any(map(_couples_samples, layers)) and (
            not any(getattr(weight, "_hooks", None) for weight in weights)
        )
        self._settled = True

    def unsettle(self) -> None:
        """Look at layers and weights again for each batch."""
        self._settled = False

    @contextlib.contextmanager
    def settled(self) -> Iterator[None]:
        """While this lasts, look at layers and weights once."""
        was_settled = self._settled
        if not was_settled:
            self.settle()
        try:
            yield
        finally:
            self._settled = was_settled

    def cut(self, x: Any, for_replicas: bool = False) -> Parts | None:
        """Return the parts of a batch of inputs, or None if it is to stay whole.

        Replicas get parts of recurrences as well, whose steps through time threads
        cannot share.
        """
        if not speed.is_fast() or current_mode.get().watches:
            return None
        was_settled = self._settled
        if not was_settled:
            self.settle()
        self._settled = was_settled
        if not self.may_cut:
            return None
        leaves = [x] if isinstance(x, np.ndarray) else flatten(x)
        kinds = tuple([(a.shape, a.dtype) for a in leaves])
        key = for_replicas, kinds
        if key not in self._bounds:
            self._bounds[key] = self._bounds_of(x, for_replicas, kinds)
        found = self._bounds[key]
        if found is None:
            return None
        bounds, on_threads = found
        streams = Streams()
        parts = Parts(
            [MicroBatch(a, b, bounds[-1], streams) for a, b in pairwise(bounds)]
        )
        parts.on_threads = on_threads
        return parts

    def _bounds_of(
        self, x: Any, for_replicas: bool, kinds: tuple
    ) -> tuple[list[int], bool] | None:
        """Return where each part begins, and the number of samples.

        With it, whether the parts are for threads as well.
        """
        total = sample_count(x)
        kind = (len(self.layers), *((shape[1:], dtype) for shape, dtype in kinds))
        if total < 2:
            return None
        if kind not in self._sizes:
            self._sizes[kind] = self._size(x)
        made, between = self._sizes[kind]
        on_threads = made * total >= _WORTH_IT
        numbers = (made + between if for_replicas else made) * total
        if numbers < _WORTH_IT:
            return None
        wanted = 2 ** max(1, math.ceil(math.log2(numbers / _PART)))
        affordable = numbers // max(_PER_WEIGHT * self._weights, 1)
        count = min(wanted, affordable, total)
        if count < 2:
            return None
        return [i * total // count for i in range(count + 1)], on_threads

    def _size(self, x: Any) -> tuple[int, int]:
        """Return how many numbers the operations on one sample make.

        With them, how many recurrences make in between. Both are 0 where the outputs
        carry a mask, or have no axis but that of the samples: losses then look at all
        samples at once. Both also where layers add to the loss, and where the model
        cannot be called, which the whole batch will then show.
        """
        one = MicroBatch(0, 1, sample_count(x), Streams())
        token = current.set(one)
        try:
            with enable_grad():
                inputs = map_structure(_recorded, sliced(x, one.samples))
                outputs = flatten(self._model._called(inputs, True))
        except Exception:
            return 0, 0
        finally:
            current.reset(token)
        if any(layer._call_losses for layer in self.layers):
            return 0, 0
        if not all(isinstance(y, GradArray) for y in outputs):
            return 0, 0
        if any(get_mask(y) is not None or y.ndim < 2 for y in outputs):
            return 0, 0
        operations = newest_first(outputs)
        return (
            sum(op._output.size for op in operations),
            sum(getattr(op, "numbers_between", 0) for op in operations),
        )


def _couples_samples(layer: Any) -> bool:
    """Return whether a layer, or a function that it was given, may mix samples."""
    if layer.couples_samples or layer.activity_regularizer is not None:
        return True
    given = [getattr(layer, name, None) for name in _FUNCTIONS]
    known = activations.ACTIVATIONS.values()
    return any(
        f is not None and f not in known and not hasattr(f, "couples_samples")
        for f in given
    )


def _recorded(x: Any) -> Any:
    """Return an array such that all that is computed from it is recorded."""
    return GradArray(x) if np.asarray(x).dtype.kind == "f" else x
