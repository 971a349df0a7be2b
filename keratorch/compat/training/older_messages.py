"""What callbacks print in scripts for older versions, in the words of that time."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect

_EPOCH = re.compile(r"\n?Epoch (\d+): (ReduceLROnPlateau )?")
#: What Keras 1 did not say, behind 'did not improve'.
_BEST = re.compile(r"(?<=did not improve) from \S+$")


def numbered_as_then(print_msg: Callable[..., None]) -> Callable[..., None]:
    """Return what prints messages: of 'Epoch 00001' before Keras 2.9.

    Keras 1 counted from 0.
    """

    @functools.wraps(print_msg)
    def told(message: object, *args: Any, **kwargs: Any) -> None:
        if dialect.is_before_2_9() and isinstance(message, str):
            message = _EPOCH.sub(_numbered, message)
            if dialect.is_before_2():
                message = _BEST.sub("", message)
        print_msg(message, *args, **kwargs)

    return told


def _numbered(found: re.Match) -> str:
    text, number, plateau = found[0], int(found[1]), found[2] or ""
    line = "\n" if text.startswith("\n") else ""
    if dialect.is_before_2():
        return f"{line if plateau else ''}Epoch {number - 1:05d}: "
    return f"{line}Epoch {number:05d}: {plateau}"


def of_checkpoints(say: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which `ModelCheckpoint` tells what it did.

    Before Keras 3 the first number was to beat inf, and nothing was said afterwards.
    """

    @functools.wraps(say)
    def told(self: Any, epoch: int, what: str) -> None:
        if dialect.is_before_3():
            if what.startswith("finished saving"):
                return
            limit = "inf" if self.is_improvement(0.0, 1.0) else "-inf"
            what = what.replace("improved from None", f"improved from {limit}")
            what = what.replace("not improve from None", f"not improve from {limit}")
        say(self, epoch, what)

    return told
