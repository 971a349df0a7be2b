"""JSON of models, which before Keras 3 said nothing of how they are trained."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from keratorch.compat import dialect


def without_training(model_from_json: Callable[..., Any]) -> Callable[..., Any]:
    """Return the reader of JSON, which in older scripts compiles no model.

    So functions of theirs that the training used need not be given to it.
    """

    @functools.wraps(model_from_json)
    def read(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
        if dialect.is_older():
            json_string = _without_training(json_string)
        return model_from_json(json_string, custom_objects)

    return read


def _without_training(json_string: str) -> str:
    try:
        config = json.loads(json_string)
    except (TypeError, ValueError):
        return json_string  # the reader says what is wrong with it
    if isinstance(config, dict):
        config.pop("compile_config", None)
    return json.dumps(config)
