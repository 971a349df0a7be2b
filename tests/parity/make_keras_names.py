"""Write `tests/data/keras_names.txt`: the public names of Keras, with their arguments.

    pip install keras==3.15 jax
    python tests/parity/make_keras_names.py

A line is a name, with the arguments and defaults of a function or class; `**kwargs` is
left out. The operations have a list of their own, `keras_ops.txt`.
"""

import inspect
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras

FILE = Path(__file__).resolve().parents[1] / "data" / "keras_names.txt"
ELSEWHERE = {"ops"}


def arguments(item):
    """The arguments as '(x, axis=-1)', or '' where nothing says them."""
    try:
        parameters = inspect.signature(item).parameters.values()
    except (TypeError, ValueError):
        return ""
    shown = []
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        default = parameter.default
        written = "" if default is parameter.empty else f"={default!r}"
        shown.append(f"{star}{parameter.name}{written}")
    return f"({', '.join(shown)})"


def names(module, path=""):
    for name, item in sorted(vars(module).items()):
        full = f"{path}{name}"
        if name.startswith("_") or full in ELSEWHERE:
            continue
        if inspect.ismodule(item):
            if not item.__name__.startswith("keras.src"):
                yield full
                yield from names(item, f"{full}.")
        else:
            yield full + (arguments(item) if callable(item) else "")


def main():
    lines = list(names(keras))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{FILE}: {len(lines)} names of Keras {keras.__version__}")


if __name__ == "__main__":
    main()
