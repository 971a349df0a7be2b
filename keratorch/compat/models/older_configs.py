"""Configurations of models that an older Keras gave, where today's are taken."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.lazy import Postponed

_configs = Postponed("keratorch.saving.legacy_config")


def functional(revive: Callable[..., Any]) -> Callable[..., Any]:
    """Return `Functional.revived` that takes what `get_config` was in Keras 1 and 2."""

    @functools.wraps(revive)
    def revived(kind: Any, config: Any, custom_objects: Any = None) -> Any:
        if _has_older_calls(config):
            config = _modern("Functional", config)
        return revive(kind, config, custom_objects)

    return revived


def sequential(from_config: Callable[..., Any]) -> Callable[..., Any]:
    """Return `Sequential.from_config` that takes the list of layers of Keras 1, too."""

    @functools.wraps(from_config)
    def made(cls: Any, config: Any, custom_objects: Any = None) -> Any:
        if isinstance(config, list):
            config = _modern("Sequential", config)
        return from_config(cls, config, custom_objects)

    return made


def _modern(kind: str, config: Any) -> Any:
    return _configs.modern_model({"class_name": kind, "config": config})["config"]


def _has_older_calls(config: Any) -> bool:
    """Return whether calls are lists of results; in Keras 3 they have arguments."""
    calls = (
        call for layer in config["layers"] for call in layer.get("inbound_nodes", ())
    )
    return any(isinstance(call, list) for call in calls)
