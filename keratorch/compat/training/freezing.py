"""What `trainable` meant after `compile`: nothing, until the next `compile`.

In the usual program of a GAN the discriminator is compiled, and then frozen for the
model that trains the generator; by itself it went on to learn. A script for Keras is
trained so, model by model as it was compiled. In a program of KeraTorch flags count at
once, as today; but a model without a single trainable weight would learn nothing, and
one that had some when it was compiled is trained as it was compiled there, too.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from keratorch import compat
from keratorch.compat.spoken import say_modern

#: Model -> layer -> whether it was trainable when the model was compiled.
_COMPILED: WeakKeyDictionary[Any, WeakKeyDictionary[Any, bool]] = WeakKeyDictionary()


def remembering(compile_model: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `compile` that remembers which layers are trainable."""

    @functools.wraps(compile_model)
    def remembered(model: Any, *args: Any, **kwargs: Any) -> Any:
        result = compile_model(model, *args, **kwargs)
        _COMPILED[model] = WeakKeyDictionary(_trainable(model))
        return result

    return remembered


def as_compiled(train: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that trains a frozen model as it was compiled."""

    @functools.wraps(train)
    def trained(model: Any, *args: Any, **kwargs: Any) -> Any:
        then = _COMPILED.get(model)
        if not then or not _counts(model, then):
            return train(model, *args, **kwargs)
        say_modern(
            "training a model that was frozen or set free after compile()",
            "model.trainable = True before it is trained, or compile it again",
        )
        with _flags(model, then):
            return train(model, *args, **kwargs)

    return trained


def _counts(model: Any, then: Mapping[Any, bool]) -> bool:
    """Return whether a model is to be trained as it was compiled."""
    if compat._finder.serves_keras:
        return any(layer._trainable != flag for layer, flag in then.items())
    frozen = model.built and model.weights and not model.trainable_weights
    return bool(frozen) and any(then.values())


@contextlib.contextmanager
def _flags(model: Any, flags: Mapping[Any, bool]) -> Iterator[None]:
    now = _trainable(model)
    _set(model, flags)
    try:
        yield
    finally:
        _set(model, now)


def _trainable(model: Any) -> dict[Any, bool]:
    return {layer: layer._trainable for layer in model._flat_layers()}


def _set(model: Any, flags: Mapping[Any, bool]) -> None:
    for layer, flag in flags.items():
        layer._trainable = flag
    fixed = {id(v) for layer in flags if not layer._trainable for v in layer.weights}
    for variable in model.weights:
        variable.trainable = variable._made_trainable and id(variable) not in fixed
