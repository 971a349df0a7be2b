"""``tf.train.SequenceExample``: named sequences of lists, and arrays of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.examples import (
    Feature,
    Features,
    by_name,
    field,
    fields,
    packed_by_name,
)
from keratorch.compat.tf.pipeline.parsing import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    VarLenFeature,
    bytes_of,
    filled_up,
    together,
    value_of,
)
from keratorch.compat.tf.pipeline.sparse import SparseTensor
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.batching import stacked
from keratorch.utils.pipeline.values import as_value


class FeatureList:
    """The steps of a sequence, each a `Feature`."""

    def __init__(self, feature: Iterable[Feature] = ()):
        self.feature = list(feature)

    def _packed(self) -> bytes:
        return b"".join(field(1, feature._packed()) for feature in self.feature)

    def _unpack(self, data: bytes) -> None:
        for number, content in fields(data):
            if number == 1:
                self.feature.append(Feature())
                self.feature[-1]._unpack(content)


class FeatureLists:
    """Sequences by their names."""

    def __init__(self, feature_list: Mapping[str, FeatureList] | None = None):
        self.feature_list = dict(feature_list or {})

    def _packed(self) -> bytes:
        return packed_by_name({n: f._packed() for n, f in self.feature_list.items()})

    def _unpack(self, data: bytes) -> None:
        for name, content in by_name(data):
            self.feature_list[name] = FeatureList()
            self.feature_list[name]._unpack(content)


class SequenceExample:
    """Named lists of values, and named sequences of such lists.

    Parameters
    ----------
    context : `Features`, what holds for the whole.
    feature_lists : `FeatureLists`, what each step has.

    Examples
    --------
    >>> from keratorch.compat.tf.pipeline.examples import Int64List
    >>> steps = [Feature(int64_list=Int64List([n])) for n in (4, 5)]
    >>> words = FeatureLists({"words": FeatureList(steps)})
    >>> data = SequenceExample(feature_lists=words).SerializeToString()
    >>> sequences = {"words": FixedLenSequenceFeature([], "int64")}
    >>> parse_single_sequence_example(data, sequence_features=sequences)[1]
    {'words': array([4, 5])}
    """

    def __init__(
        self,
        context: Features | None = None,
        feature_lists: FeatureLists | None = None,
    ):
        self.context = context or Features()
        self.feature_lists = feature_lists or FeatureLists()

    def SerializeToString(self) -> bytes:  # noqa: N802
        """Return the bytes of the message, names in order."""
        parts = (self.context._packed(), self.feature_lists._packed())
        return b"".join(field(i, part) for i, part in enumerate(parts, 1) if part)

    def ParseFromString(self, serialized: bytes) -> int:  # noqa: N802
        """Read the bytes of a message, and return their number.

        Raises
        ------
        ValueError : bytes that are no message.
        """
        self.context, self.feature_lists = Features(), FeatureLists()
        for number, content in fields(bytes(serialized)):
            if number in (1, 2):
                (self.context, self.feature_lists)[number - 1]._unpack(content)
        return len(serialized)

    @classmethod
    def FromString(cls, s: bytes) -> SequenceExample:  # noqa: N802
        """Return the message of bytes."""
        example = cls()
        example.ParseFromString(s)
        return example


def parse_single_sequence_example(
    serialized: Any,
    context_features: Mapping[str, Any] | None = None,
    sequence_features: Mapping[str, Any] | None = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays of the context, and those of the sequences, of an example.

    Parameters
    ----------
    serialized : bytes of a ``tf.train.SequenceExample``.
    context_features : `FixedLenFeature` or `VarLenFeature` by name.
    sequence_features : `FixedLenSequenceFeature` or `VarLenFeature` by name.
    example_name, name : labels, which change nothing.

    Raises
    ------
    ValueError : an example that lacks something, or has it of another type or length.
    """
    parts = _parsed(serialized, context_features or {}, sequence_features or {})
    context, sequences = (
        {key: as_element(value) for key, value in part.items()} for part in parts
    )
    for key, spec in (sequence_features or {}).items():
        if isinstance(spec, VarLenFeature):
            sequences[key] = SparseTensor.of_rows(sequences[key])
    return context, sequences


def parse_sequence_example(
    serialized: Any,
    context_features: Mapping[str, Any] | None = None,
    sequence_features: Mapping[str, Any] | None = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the arrays of several examples, and the lengths of their sequences.

    Shorter sequences are filled up with 0 or ''. The parameters are those of
    `parse_single_sequence_example`.
    """
    records = np.asarray(as_value(serialized), object).ravel()
    given = context_features or {}, sequence_features or {}
    rows = [_parsed(record, *given) for record in records]
    sequences: dict[str, Any] = {}
    lengths: dict[str, Any] = {}
    for key, spec in given[1].items():
        values = [row[key] for _, row in rows]
        if isinstance(spec, VarLenFeature):
            sequences[key] = _of_sequences(values, spec)
            continue
        sequences[key] = as_element(filled_up(values, spec))
        lengths[key] = as_element(np.array([len(v) for v in values], np.int64))
    return together([context for context, _ in rows], given[0]), sequences, lengths


def _parsed(
    serialized: Any, context: Mapping[str, Any], sequences: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    example = SequenceExample.FromString(bytes_of(serialized))
    found, lists = example.context.feature, example.feature_lists.feature_list
    return (
        {key: value_of(key, spec, found) for key, spec in context.items()},
        {key: _sequence(key, spec, lists) for key, spec in sequences.items()},
    )


def _sequence(key: str, spec: Any, lists: Mapping[str, FeatureList]) -> Any:
    """Return the array of a sequence; for a `VarLenFeature` a list with one a step."""
    steps = lists[key].feature if key in lists else []
    if isinstance(spec, VarLenFeature):
        return [value_of(key, spec, {key: step}).values for step in steps]
    if not isinstance(spec, FixedLenSequenceFeature):
        raise ValueError(
            f"{key}: a sequence needs tf.io.FixedLenSequenceFeature or VarLenFeature; "
            f"received {type(spec).__name__}."
        )
    if key not in lists and not spec.allow_missing:
        raise ValueError(
            f"the example has no sequence {key!r}, but {sorted(lists)}. Say "
            "allow_missing=True where it may have none."
        )
    each = FixedLenFeature(spec.shape, spec.dtype)
    values = [value_of(key, each, {key: step}) for step in steps]
    return stacked(values) if values else np.empty((0, *spec.shape), spec.dtype)


def _of_sequences(sequences: list[list[Any]], spec: VarLenFeature) -> SparseTensor:
    """Return the values of all steps by example, step and place."""
    places = [
        (example, step, place)
        for example, steps in enumerate(sequences)
        for step, values in enumerate(steps)
        for place in range(len(values))
    ]
    every = [np.asarray(values) for steps in sequences for values in steps]
    values = np.concatenate([np.empty(0, spec.dtype), *every])
    shape = [
        len(sequences),
        max(map(len, sequences), default=0),
        max(map(len, every), default=0),
    ]
    return SparseTensor(np.reshape(places, (-1, 3)), values, shape)
