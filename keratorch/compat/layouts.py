"""Whether a script of Keras 0 or 1 gives its images with the channels first.

    model.add(Convolution2D(32, 3, 3, input_shape=(3, 150, 150)))

In that time a file, keras.json, said which axis holds the channels, and for long the
first one did unless it said otherwise. A script that was written so names no order: its
shapes alone tell. So `run` reads them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: A script that names one of these chooses the order of its axes itself.
_CHOICES = ("dim_ordering", "data_format", "theano.json", "tensorflow.json")
#: Convolutions -> their spatial axes: Keras 2 gave their kernels as one tuple.
_CONVOLUTIONS = {"Convolution2D": 2, "Convolution3D": 3}
_SIZES_BY_NAME = {"nb_row", "nb_col", "kernel_dim1", "border_mode"}
_SHAPES = ("input_shape", "batch_input_shape", "shape")
#: Functions that make arrays of a shape -> whether they take it as one argument.
_MAKERS = {
    **dict.fromkeys(("empty", "ndarray", "ones", "random", "zeros"), True),
    **dict.fromkeys(("rand", "randn"), False),
}
_MOST_CHANNELS = 4


def channels_come_first(source: str) -> bool:
    """Return whether a script means channels first by its shapes, and says so nowhere.

    A convolution that is told the channels of its inputs means so, as in Keras 0. Else
    that needs a convolution as Keras 1 spelled it, a shape that begins with 1 to 4
    channels and does not end with as few, or into which the kernel fits with the
    channels first alone, or Keras 0's `show_accuracy`, and nothing the other way round.

    Parameters
    ----------
    source : str, the script; of one that Python cannot read, nothing is known.

    Examples
    --------
    >>> channels_come_first("Convolution2D(32, 3, 3, input_shape=(3, 150, 150))")
    True
    >>> channels_come_first("Convolution2D(32, 3, 3, input_shape=(150, 150, 3))")
    False
    >>> channels_come_first("Conv2D(32, (3, 3), input_shape=(3, 150, 150))")
    False
    """
    if any(choice in source for choice in _CHOICES):
        return False
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    sizes, tuples = _numbers(tree), _tuples(tree)
    if any(_says_channels(call, sizes) for call in calls):
        return True
    spatial = {_spatial_axes(call) for call in calls} - {0}
    if len(spatial) != 1:
        return False
    found = {
        _channels_first([_size(axis, sizes) for axis in shape[-1 - axes :]])
        for axes in spatial
        for call in calls
        for shape in _shapes(call, axes, tuples)
    }
    found |= {_by_kernel(call, sizes, tuples) for call in calls}
    found |= {any(map(_is_of_keras_0, calls)) or None}
    return True in found and False not in found


def _says_channels(call: ast.Call, sizes: dict[str, int]) -> bool:
    """Return whether a convolution is told the channels of its inputs, as in Keras 0.

    That knew no other order.
    """
    axes = _CONVOLUTIONS.get(_name(call.func), 0)
    numbers = [_size(arg, sizes) for arg in call.args[: axes + 2]]
    return axes > 0 and len(numbers) == axes + 2 and None not in numbers


def _is_of_keras_0(call: ast.Call) -> bool:
    """Return whether a call has an argument of Keras 0, which knew no other order."""
    return any(keyword.arg == "show_accuracy" for keyword in call.keywords)


def _spatial_axes(call: ast.Call) -> int:
    """Return how many axes a convolution of Keras 1 slides along, 0 for other calls."""
    axes = _CONVOLUTIONS.get(_name(call.func), 0)
    kernel_of_ints = len(call.args) > axes
    named = any(keyword.arg in _SIZES_BY_NAME for keyword in call.keywords)
    return axes if kernel_of_ints or named else 0


def _shapes(
    call: ast.Call, axes: int, tuples: dict[str, ast.expr]
) -> Iterator[list[ast.expr]]:
    """Yield the shapes of images with so many spatial axes that a call is given.

    A shape may have a name: `tuples` has what it stands for.
    """
    given = [keyword.value for keyword in call.keywords if keyword.arg in _SHAPES]
    if _name(call.func) == "Input":
        given += call.args[:1]
    elif _name(call.func) == "reshape":
        given += [*call.args[-1:], ast.Tuple(list(call.args))]
    elif _name(call.func) in _MAKERS and call.args:
        one = _MAKERS[_name(call.func)]
        whole = call.args[0] if one else ast.Tuple(list(call.args))
        if len(getattr(whole, "elts", ())) == axes + 2:
            given.append(whole)
    for shape in given:
        shape = tuples.get(_name(shape), shape)
        if not isinstance(shape, (ast.Tuple, ast.List)):
            continue
        # without the batch, or with it, or with it and the steps of a film
        if len(shape.elts) in (axes + 1, axes + 2, axes + 3):
            yield shape.elts


def _channels_first(sizes: list[int | None]) -> bool | None:
    """Return whether the channels are first, last (False), or unknown (None)."""
    few = [size is not None and 1 <= size <= _MOST_CHANNELS for size in sizes]
    if few[0] and not any(few[1:]):
        return True
    if few[-1] and not any(few[:-1]):
        return False
    return None


def _by_kernel(
    call: ast.Call, numbers: dict[str, int], tuples: dict[str, ast.expr]
) -> bool | None:
    """Return the order in which alone a convolution's kernel fits into its inputs.

    None where both do, or nothing is known.
    """
    axes = _CONVOLUTIONS.get(_name(call.func), 0)
    kernel = [_size(arg, numbers) for arg in call.args[1 : axes + 1]]
    padded = any(keyword.arg == "border_mode" for keyword in call.keywords)
    if not axes or len(kernel) != axes or padded:
        return None
    for shape in _shapes(call, axes, tuples):
        sizes = [_size(axis, numbers) for axis in shape[-1 - axes :]]
        first, last = _fits(kernel, sizes[1:]), _fits(kernel, sizes[:-1])
        if first != last:
            return first
    return None


def _fits(kernel: list[int | None], lengths: list[int | None]) -> bool:
    """Return whether a kernel is nowhere known to be longer than the inputs."""
    pairs = zip(kernel, lengths, strict=True)
    return all(k is None or n is None or k <= n for k, n in pairs)


def _numbers(tree: ast.AST) -> dict[str, int]:
    """Return the names that a script gives to integers: ``rows, cols = 28, 28``."""
    numbers: dict[str, int] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for name, value in pairs:
                size = _size(value, {})
                if isinstance(name, (ast.Name, ast.Attribute)) and size is not None:
                    numbers[_name(name)] = size
    return numbers


def _tuples(tree: ast.AST) -> dict[str, ast.expr]:
    """Return the names that a script gives to one tuple: ``shape = (3, 32, 32)``."""
    found: dict[str, list[ast.expr]] = {}
    assignments = [n for n in ast.walk(tree) if isinstance(n, ast.Assign)]
    for node in assignments:
        for target in node.targets:
            if isinstance(target, (ast.Name, ast.Attribute)):
                found.setdefault(_name(target), []).append(node.value)
    return {
        name: values[0]
        for name, values in found.items()
        if len(values) == 1 and isinstance(values[0], (ast.List, ast.Tuple))
    }


def _size(axis: ast.expr, numbers: dict[str, int]) -> int | None:
    if isinstance(axis, ast.Constant) and type(axis.value) is int:
        return axis.value
    return numbers.get(_name(axis))


def _name(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))
