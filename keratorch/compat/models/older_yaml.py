"""YAML of models, which Keras wrote and read until 2.5.

    text = model.to_yaml()
    model = keras.models.model_from_yaml(text)

JSON is YAML as well: it is what is written here, and what is read without a library.
The YAML of older versions of Keras is read by PyYAML, as numbers, texts, lists and
dicts alone: no object in it is made, and no code run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.saving import model_from_json

#: Texts, and numbers: those like 1e-07 are texts to YAML 1.1.
_TEXT_OR_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|\d+\.\d+|\d+(?=e)')
#: What stands for a tuple and for a text in YAML that Python wrote.
_TUPLE = "tag:yaml.org,2002:python/tuple"
_UNICODE = "tag:yaml.org,2002:python/unicode"
#: So long a text, or a list of so many, may stand in several places.
_SHORT = 16


def to_yaml(model: Any) -> str:
    """Return the configuration of a model as YAML, in the form of JSON.

    Examples
    --------
    >>> import keratorch as keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     model_from_yaml(to_yaml(model)).count_params()
    8
    """
    say_modern("model.to_yaml()", "model.to_json()")
    config = json.loads(model.to_json())
    config.pop("compile_config", None)  # YAML said nothing of the training
    return _TEXT_OR_NUMBER.sub(_with_point, json.dumps(config, indent=2))


def _with_point(found: re.Match) -> str:
    whole = found[0].isdigit()
    return f"{found[0]}.0" if whole else found[0]


def model_from_yaml(
    yaml_string: str, custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return a model from what `model.to_yaml()` returned, with new weights.

    Parameters
    ----------
    yaml_string : str, of Keras up to 2.5 or of KeraTorch.
    custom_objects : dict from names to classes and functions of your own.

    Raises
    ------
    ImportError : YAML that is no JSON, where PyYAML is not installed.
    ValueError : no YAML, or no configuration of a model.
    """
    say_modern("model_from_yaml(text)", "model_from_json(text)")
    try:
        json.loads(yaml_string)
    except (ValueError, RecursionError):
        yaml_string = _as_json(yaml_string)
    return model_from_json(yaml_string, custom_objects)


def _as_json(text: str) -> str:
    try:
        import yaml  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ImportError(
            "model_from_yaml: the text is YAML in another form than JSON, as Keras "
            "wrote it until 2.5. Reading it needs PyYAML, which is not installed: "
            'pip install "keratorch[yaml]".'
        ) from error
    try:
        return json.dumps(yaml.load(text, _loader(yaml)))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(
            f"model_from_yaml: the text is no YAML of a model ({error}). It must hold "
            "texts, numbers, lists and dicts alone."
        ) from error


def _loader(yaml: Any) -> Any:
    """Return the reader of plain values, to which a tuple is a list."""

    class Plain(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            mark = self.peek_event().start_mark
            shared = self.check_event(yaml.AliasEvent)
            node = super().compose_node(parent, index)
            if shared and not _is_short(node):  # such could stand for endless data
                raise yaml.YAMLError(f"it refers back to a large part,{mark}")
            return node

    Plain.add_constructor(_TUPLE, Plain.construct_yaml_seq)
    Plain.add_constructor(_UNICODE, Plain.construct_yaml_str)
    return Plain


def _is_short(node: Any) -> bool:
    """Return whether a part of YAML is a value, or a list of a few, such as (2, 2)."""
    if isinstance(node.value, str):
        return len(node.value) <= _SHORT
    return len(node.value) <= _SHORT and all(
        isinstance(getattr(part, "value", None), str) and _is_short(part)
        for part in node.value
    )


__all__ = ["model_from_yaml", "to_yaml"]
