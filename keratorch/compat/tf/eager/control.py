"""Loops and branches of TensorFlow as functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import ops
from keratorch.core import GradArray
from keratorch.nested import fill, flatten, map_structure
from keratorch.ops import convert_to_tensor


def while_loop(
    cond: Callable,
    body: Callable,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
    name: Any = None,
) -> Any:
    """Replace loop_vars by body(*loop_vars) while cond(*loop_vars) holds.

    `shape_invariants`, `parallel_iterations` and `swap_memory` change nothing here.

    Raises
    ------
    ValueError : back_prop=False: write tf.stop_gradient on the results.
    """
    if not back_prop:
        raise ValueError("while_loop: back_prop=False; write tf.stop_gradient instead.")
    most = None if maximum_iterations is None else int(maximum_iterations)
    found = ops.while_loop(cond, body, loop_vars, most)
    return list(found) if isinstance(loop_vars, list) else found


def map_fn(
    fn: Callable,
    elems: Any,
    dtype: Any = None,
    parallel_iterations: Any = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: Any = None,
    fn_output_signature: Any = None,
) -> Any:
    """Return the results of a function for each element along the first axis.

    The dtypes are those of the results; the other arguments change nothing here.
    """
    return ops.map(lambda x: as_tensor(fn(x)), _arrays(elems))


def vectorized_map(
    fn: Callable, elems: Any, fallback_to_while_loop: bool = True
) -> Any:
    """Return the results of a function for each element along the first axis."""
    return map_fn(fn, elems)


def scan(
    fn: Callable,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: Any = None,
) -> Any:
    """Return all a of a = fn(a, x) for the elements x along the first axis.

    >>> scan(lambda a, x: a + x, np.array([1, 2, 3])).numpy()
    array([1, 3, 6])
    """
    results = _folded(fn, elems, initializer, reverse)
    results = results[::-1] if reverse else results
    columns = zip(*[flatten(a) for a in results], strict=True)
    return fill(results[0], (np.stack(column) for column in columns))


def foldl(fn: Callable, elems: Any, initializer: Any = None, **options: Any) -> Any:
    """Return the last a of a = fn(a, x), the first element first."""
    return _folded(fn, elems, initializer, False)[-1]


def foldr(fn: Callable, elems: Any, initializer: Any = None, **options: Any) -> Any:
    """Return the last a of a = fn(a, x), the last element first."""
    return _folded(fn, elems, initializer, True)[-1]


def _folded(fn: Callable, elems: Any, initializer: Any, backwards: bool) -> list[Any]:
    arrays = _arrays(elems)
    places = list(range(len(flatten(arrays)[0])))
    places = places[::-1] if backwards else places
    results = []
    if initializer is None:
        results.append(map_structure(lambda x: x[places[0]], arrays))
        places, a = places[1:], results[0]
    else:
        a = _arrays(initializer)
    for i in places:
        a = _arrays(fn(a, map_structure(lambda x, i=i: x[i], arrays)))
        results.append(a)
    return results


def case(
    pred_fn_pairs: Sequence[Any],
    default: Any = None,
    exclusive: bool = False,
    strict: bool = False,
    name: Any = None,
) -> Any:
    """Return the result of the function behind the first condition that holds.

    Raises
    ------
    ValueError : none holds, and there is no default; or several, if `exclusive`.
    """
    pairs = pred_fn_pairs.items() if isinstance(pred_fn_pairs, dict) else pred_fn_pairs
    chosen = [fn for pred, fn in pairs if pred]
    if exclusive and len(chosen) > 1:
        raise ValueError("tf.case: exclusive=True, and more than one condition holds.")
    if not chosen and default is None:
        raise ValueError("tf.case: no condition holds, and there is no default.")
    return (chosen or [default])[0]()


def switch_case(
    branch_index: Any, branch_fns: Any, default: Any = None, name: Any = None
) -> Any:
    """Return the result of one of several functions; default for other numbers."""
    fns = dict(branch_fns if isinstance(branch_fns, dict) else enumerate(branch_fns))
    last = default or fns[max(fns)]
    return fns.get(int(branch_index), last)()


def as_dtype(x: Any, dtype: Any) -> Any:
    """Return numbers, or an array, in a dtype; texts and others as they are."""
    if isinstance(x, GradArray):
        return x if x.dtype == dtype else x.astype(dtype)
    array = np.asarray(x)
    return convert_to_tensor(array.astype(dtype)) if array.dtype.kind in "biufc" else x


def as_tensor(x: Any) -> Any:
    """Return a result, or nested ones, with numbers and NumPy's arrays as tensors."""
    if isinstance(x, (list, tuple, dict)):
        return map_structure(as_tensor, x)
    plain = isinstance(x, (bool, int, float, np.number, np.bool_, np.ndarray))
    return convert_to_tensor(x) if plain else x


def _arrays(nested: Any) -> Any:
    """Return elements as arrays: a list of numbers is one, a tuple holds several."""
    if isinstance(nested, tuple):
        return tuple(_arrays(x) for x in nested)
    if isinstance(nested, list) and not np.isscalar(nested[0]):
        return [_arrays(x) for x in nested]
    if isinstance(nested, dict):
        return {key: _arrays(x) for key, x in nested.items()}
    known = isinstance(nested, GradArray) or hasattr(nested, "stack")
    return nested if known else convert_to_tensor(nested)
