"""What an error takes back: a model built for data that do not fit, modes, threads."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

from keratorch import threads


@contextlib.contextmanager
def undone_by_errors(model: Any) -> Iterator[None]:
    """Within ``with``, an error leaves a model unbuilt if it was so before.

    Else the first mistake would fix the shapes of the weights, and the data that are
    right would not fit any more.
    """
    if model.built:
        yield
        return
    before = [_Kept(layer) for layer in model._flat_layers()]
    try:
        yield
    except BaseException:
        for kept in before:
            kept.restore()
        raise


@contextlib.contextmanager
def recovering() -> Iterator[None]:
    """Within ``with``, Ctrl-C leaves context variables and threads as they were before.

    It may come while any block is entered or left, `no_grad` say, which would then
    never end.
    """
    before = contextvars.copy_context()
    try:
        yield
    except KeyboardInterrupt:
        threads.recover()
        for variable in contextvars.copy_context():
            with contextlib.suppress(LookupError):  # it had no value
                variable.set(before.run(variable.get))
        raise


class _Kept:
    """The attributes of an object, and what its lists, dicts and sets hold."""

    def __init__(self, owner: Any):
        self.attributes = vars(owner)
        self.values = dict(self.attributes)
        self.contents = [
            (value, value.copy())
            for value in self.values.values()
            if isinstance(value, (list, dict, set))
        ]

    def restore(self) -> None:
        """Let the object be what it was."""
        self.attributes.clear()
        self.attributes.update(self.values)
        for container, content in self.contents:
            container.clear()
            if isinstance(container, list):
                container.extend(content)
            else:
                container.update(content)
