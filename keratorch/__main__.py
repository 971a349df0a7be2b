"""``python -m keratorch``: run a Keras script unchanged, or check what it needs.

python -m keratorch run script.py [arguments of the script]
python -m keratorch check script.py [more scripts]
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from keratorch.compat.check import check
from keratorch.compat.run import problem_of, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit status.

    Examples
    --------
    >>> main([])  # doctest: +ELLIPSIS
    usage: ...
    2
    """
    parser = argparse.ArgumentParser(
        prog="python -m keratorch",
        description="Run scripts that were written for Keras 1, 2, 3 or tf.keras.",
    )
    version = importlib.import_module("keratorch").__version__
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command")
    running = commands.add_parser("run", help="run a script, keras meaning KeraTorch")
    running.add_argument("script")
    running.add_argument("arguments", nargs=argparse.REMAINDER)
    checking = commands.add_parser("check", help="say which names scripts use in vain")
    checking.add_argument("scripts", nargs="+")
    given = parser.parse_args(arguments)
    if given.command == "run":
        if (problem := problem_of(given.script)) is not None:
            running.error(str(problem))
        run(given.script, given.arguments)
        return 0
    if given.command == "check":
        return check(given.scripts)
    parser.print_help()
    return 2


if __name__ == "__main__":
    sys.exit(main())
