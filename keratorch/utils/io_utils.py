"""Where messages go: standard output, whatever it can show."""

from __future__ import annotations

import logging
import os
import sys

from keratorch import config


def print_msg(message: object, line_break: bool = True) -> None:
    """Write a message to standard output at once.

    An output that cannot show the bar's line gets '=' for it, and '?' for any other
    character that it lacks.
    """
    if not config.is_interactive_logging_enabled():
        logging.getLogger("keratorch").info("%s", message)
        return
    if sys.stdout is None:  # a program without a console
        return
    text = f"{message}\n" if line_break else str(message)
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "utf-8"
        plain = text.replace("━", "=").encode(encoding, errors="replace")
        sys.stdout.write(plain.decode(encoding))
    sys.stdout.flush()


def can_redraw() -> bool:
    """Return whether standard output can go back to the start of a line.

    A terminal and a notebook can; a file, a pipe and a log cannot.
    """
    if sys.stdout is None:
        return False
    if type(sys.stdout).__module__.startswith("ipykernel"):
        return True
    if "PYCHARM_HOSTED" in os.environ:
        return True
    isatty = getattr(sys.stdout, "isatty", None)
    return bool(isatty and isatty())
