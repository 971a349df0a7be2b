"""Names of Keras that stand for what there is no way to do here, and say so."""

from __future__ import annotations

from typing import Any


def refused(name: str, reason: str) -> type:
    """Return a class that cannot be made: a program may import it, and hear why.

    Parameters
    ----------
    name : str, as a program writes it, such as 'layers.JaxLayer'.
    reason : str, why it is not there, and what to use instead.

    Examples
    --------
    >>> Quantum = refused("layers.Quantum", "There is no such computer here.")
    >>> Quantum(3)
    Traceback (most recent call last):
    NotImplementedError: layers.Quantum: There is no such computer here.
    """

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{name}: {reason}")

    return type(
        name.rpartition(".")[2],
        (),
        {"__new__": refuse, "from_config": refuse, "__doc__": reason},
    )
