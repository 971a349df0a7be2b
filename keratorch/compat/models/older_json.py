"""JSON of models, which before Keras 3 said nothing of how they are trained."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.models import graph_model


def without_training(model_from_json: Callable[..., Any]) -> Callable[..., Any]:
    """Return the reader of JSON, which in older scripts compiles no model.

    So functions of theirs that the training used need not be given to it.
    """

    @functools.wraps(model_from_json)
    def read(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
        if dialect.is_older():
            json_string = _without_training(json_string)
        graph = _graph_in(json_string)
        if graph is None:
            return model_from_json(json_string, custom_objects)
        model = model_from_json(json.dumps(graph["config"]), custom_objects)
        return graph_model.Graph.around(model, graph["inputs"], graph["outputs"])

    return read


def _graph_in(json_string: str) -> Any:
    """Return the configuration of Keras 0's Graph, or None for another model."""
    try:
        config = json.loads(json_string)
    except (TypeError, ValueError):
        return None
    own = {"class_name", "inputs", "outputs", "config"}
    found = isinstance(config, dict) and config.get("class_name") == "Graph"
    return config if found and own <= config.keys() else None


def _without_training(json_string: str) -> str:
    try:
        config = json.loads(json_string)
    except (TypeError, ValueError):
        return json_string  # the reader says what is wrong with it
    if isinstance(config, dict):
        config.pop("compile_config", None)
    return json.dumps(config)
