"""``tf.io.serialize_tensor``: an array as the bytes of a protocol buffer, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.examples import field, fields, varint
from keratorch.utils.element import as_element, as_text
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value

_TYPES = {
    **{"float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int16": 5, "int8": 6},
    **{"int64": 9, "bool": 10, "uint16": 17, "float16": 19, "uint32": 22, "uint64": 23},
}


def serialize_tensor(tensor: Any, name: str | None = None) -> Any:
    """Return an array as the bytes of a ``TensorProto``."""
    array = np.asarray(as_value(tensor))
    shape = b"".join(field(2, varint(8) + varint(n)) for n in array.shape)
    if array.dtype.kind in "OU":
        texts = [as_value(t) for t in array.ravel()]
        content = b"".join(
            field(8, t.encode() if isinstance(t, str) else t) for t in texts
        )
        head = varint(8) + varint(7)
    else:
        content = field(4, array.tobytes())
        head = varint(8) + varint(_TYPES[array.dtype.name])
    return as_element(head + field(2, shape) + content)


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Any:
    """Return the array of the bytes of a ``TensorProto``.

    Raises
    ------
    ValueError : an array of another dtype.
    """
    data = as_value(serialized)
    kind, shape, content, texts = 0, [], b"", []
    for number, value in fields(data.encode() if isinstance(data, str) else data):
        if number == 1:
            kind = value
        elif number == 2:
            shape = [dict(fields(dim)).get(1, 0) for _, dim in fields(value)]
        elif number == 4:
            content = value
        elif number == 8:
            texts.append(as_text(value))
    wanted = dtype_of(out_type)
    if kind == 7:
        array = np.empty(len(texts), object)
        array[:] = texts
        return as_element(array.reshape(shape))
    names = {number: name for name, number in _TYPES.items()}
    if names.get(kind) != wanted.name:
        raise ValueError(
            f"parse_tensor: the array has dtype {names.get(kind)}; received "
            f"out_type={wanted.name}."
        )
    return as_element(np.frombuffer(content, wanted).reshape(shape))
