"""The inputs that a symbolic array depends on."""

from __future__ import annotations

from typing import Any

from keratorch.symbolic import KerasTensor


def get_source_inputs(tensor: KerasTensor) -> list[KerasTensor]:
    """Return the inputs from which a symbolic array is computed, each once.

    Examples
    --------
    >>> import keratorch as keras
    >>> a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    >>> [x.name for x in get_source_inputs(a + b * 2)]
    ['a', 'b']
    """
    sources: list[KerasTensor] = []
    seen: set[int] = set()
    ahead: list[Any] = [tensor]
    while ahead:
        x = ahead.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        inputs = [] if x.node is None else x.node.inputs
        if not inputs:
            sources.append(x)
        ahead += reversed(inputs)
    return sources
