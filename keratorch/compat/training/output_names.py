"""Names of the outputs of subclassed models, which Keras 2 numbered."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect


def numbered_in_scripts(path_names: Callable[..., list]) -> Callable[..., list]:
    """Return the function of outputs that names those without a name, in scripts.

    They are 'output_1', 'output_2': in the logs, as 'output_1_loss', and where targets
    and losses come in a dict.
    """

    @functools.wraps(path_names)
    def named(outputs: Any, names: Any) -> list[str | None]:
        found = path_names(outputs, names)
        if len(found) > 1 and not any(found) and dialect.is_older():
            return [f"output_{i + 1}" for i in range(len(found))]
        return found

    return named
