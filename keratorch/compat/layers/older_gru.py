"""Which of two forms a GRU has in which nobody says it: `reset_after`.

Keras up to 2.3 let the reset gate act before the recurrent product: one bias of
(3 * units,). tf.keras 2 and Keras from 2.4 on let it act after it: two biases. CuDNNGRU
always had two, and is GRU today: a script that names it gets those of today.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once

_resets_before = False


def read(source: str) -> None:
    """Find out which form a script means, after `dialect` has read it.

    Parameters
    ----------
    source : str, the script; one that Python cannot read says nothing.
    """
    global _resets_before
    _resets_before = dialect.is_keras_before_2_4() and "CuDNNGRU" not in source


def forget() -> None:
    """Give the form of today again."""
    global _resets_before
    _resets_before = False


def of_its_time(init: Callable[..., None]) -> Callable[..., None]:
    """Return the method that makes a GRU of the form that the script means."""
    place = list(inspect.signature(init).parameters).index("reset_after")

    @functools.wraps(init)
    def made(*args: Any, **kwargs: Any) -> None:
        if _resets_before and len(args) <= place and "reset_after" not in kwargs:
            name = type(args[0]).__name__
            warn_once(
                f"{name}(...) is that of Keras before 2.4 here, which had one bias: "
                f"write {name}(..., reset_after=False)."
            )
            kwargs["reset_after"] = False
        init(*args, **kwargs)

    return made
