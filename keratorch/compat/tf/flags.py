"""`tf.app` and `tf.flags` of TensorFlow 1: options of the command line.

flags = tf.app.flags
flags.DEFINE_integer("epochs", 5, "how often to see all data")
print(flags.FLAGS.epochs)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any


class Flags:
    """The values of all options, read from the command line when first asked for.

    Examples
    --------
    >>> flags = Flags()
    >>> flags._define("epochs", 5, "how often", type=int)
    >>> flags(["script.py", "--epochs=7", "data.csv"])
    ['script.py', 'data.csv']
    >>> flags.epochs
    7
    """

    def __init__(self) -> None:
        parser = argparse.ArgumentParser(allow_abbrev=False, conflict_handler="resolve")
        vars(self).update(_parser=parser, _values=argparse.Namespace(), _stale=True)
        vars(self)["_switches"] = set()

    def _define(self, name: str, default: Any, help: Any, **options: Any) -> None:
        text = str(help or "").replace("%", "%%")
        self._parser.add_argument(f"--{name}", default=default, help=text, **options)
        vars(self)["_stale"] = True

    def __call__(self, argv: Sequence[str] | None = None) -> list[str]:
        """Read a command line, and return what of it is no option."""
        name, *words = sys.argv if argv is None else argv
        words = [f"{word}=true" if word in self._switches else word for word in words]
        _, rest = self._parser.parse_known_args(words, self._values)
        vars(self)["_stale"] = False
        return [name, *rest]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._stale:
            self()
        try:
            return getattr(self._values, name)
        except AttributeError:
            raise AttributeError(
                f"FLAGS has no option {name!r}. Define it before it is asked for: "
                f"tf.app.flags.DEFINE_string({name!r}, default, help)."
            ) from None

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._values, name, value)

    def flag_values_dict(self) -> dict[str, Any]:
        """Return all options by name."""
        if self._stale:
            self()
        return dict(vars(self._values))


FLAGS = Flags()


def _of_type(kind: Callable[[str], Any]) -> Callable[..., None]:
    def define(name: str, default: Any, help: Any = None) -> None:
        """Let the command line have an option of this type: ``--name=value``."""
        FLAGS._define(name, default, help, type=kind)

    return define


def _truth(text: str) -> bool:
    if text.lower() in ("true", "t", "1", "yes", "y"):
        return True
    if text.lower() in ("false", "f", "0", "no", "n"):
        return False
    raise argparse.ArgumentTypeError(f"expected true or false; received {text!r}")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")] if text else []


DEFINE_string = _of_type(str)
DEFINE_integer = _of_type(int)
DEFINE_float = _of_type(float)
DEFINE_list = _of_type(_words)


def DEFINE_bool(name: str, default: Any, help: Any = None) -> None:  # noqa: N802
    """Let the command line have ``--name``, ``--noname`` and ``--name=false``."""
    FLAGS._define(name, default, help, type=_truth)
    FLAGS._switches.add(f"--{name}")
    FLAGS._parser.add_argument(f"--no{name}", dest=name, action="store_false")


DEFINE_boolean = DEFINE_bool


def DEFINE_enum(  # noqa: N802
    name: str, default: Any, enum_values: Sequence[str], help: Any = None
) -> None:
    """Let the command line have an option with one of some values."""
    FLAGS._define(name, default, help, choices=list(enum_values))


def run(main: Any = None, argv: Sequence[str] | None = None) -> None:
    """Call the script's function `main` with what is no option, and end the program."""
    rest = FLAGS(argv)
    sys.exit((main or sys.modules["__main__"].main)(rest))
