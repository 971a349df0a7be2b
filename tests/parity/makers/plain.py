"""Values in the plain form in which references are stored: numbers and lists."""

import numpy as np


def numbers(value):
    """Nested lists of the shortest decimals that give `value` back exactly.

    float32 0.1 becomes 0.1, not 0.10000000149011612: files stay small and readable.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return array.tolist()
    if array.ndim == 0:
        return float(str(array[()]))
    return [numbers(part) for part in array]


def config(value):
    """`value` as JSON would give it back: tuples are lists, keys are strings."""
    if isinstance(value, dict):
        return {str(key): config(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [config(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return numbers(value)


def draw(rng, *shape, scale=1.0):
    """float32 normal values of three decimals: short in the file, exact in float32."""
    return np.round(rng.normal(scale=scale, size=shape), 3).astype(np.float32)


def case_name(*parts, **arguments):
    """A readable identifier such as 'SGD momentum=0.9 nesterov=True'."""
    words = [str(part) for part in parts]
    words += [f"{key}={value}" for key, value in arguments.items()]
    return " ".join(words).replace("'", "")
