"""The contract between the walk and a `Grad`, and the errors for breaking it.

The walk tests each value with one cheap comparison and comes here when that fails, so
that the explanation can take its time.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

import numpy as np
from numpy import ndarray

from keratorch.broadcasting import unbroadcast, was_broadcast
from keratorch.errors import GradContractError, GraphError, describe, location
from keratorch.gradient_values import as_constant
from keratorch.graph import plain, value


def no_super_init(cls: type) -> GradContractError:
    """The error for an ``__init__`` that did not save the inputs."""
    return GradContractError(
        f"{cls.__name__}.__init__ ({location(cls.__init__)}) did not save its inputs. "  # type: ignore[misc]
        "Call super().__init__(x) in it, with every input that can want a gradient."
    )


def no_forward(cls: type) -> GradContractError:
    """The error for a class that says neither ``of=`` nor ``forward``."""
    return GradContractError(
        f"{cls.__name__} does not say what it computes. Define forward(self, *arrays), "
        f"or name a NumPy function: class {cls.__name__}(Grad, of=np.exp)."
    )


def is_masked(values: Any) -> bool:
    """Return whether values are a masked array."""
    # Who has made one has loaded numpy.ma, which takes longer than the core itself.
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(values, masked.MaskedArray)


def as_output(op: Any, output: Any) -> np.ndarray:
    """Return what ``forward`` returned as an ndarray."""
    cls = type(op)
    if hasattr(output, "_grad_op"):
        raise GradContractError(
            f"{cls.__name__}.forward ({location(cls.forward)}) returned a GradArray. "
            "It gets ndarrays and returns an ndarray: compute with its arguments."
        )
    if isinstance(output, np.matrix) or is_masked(output):
        raise TypeError(
            f"{cls.__name__} met {describe(output)}, a {type(output).__name__}, which "
            "computes in another way. Use np.asarray(matrix), or x.filled(0) of a "
            "masked array."
        )
    if isinstance(output, tuple):
        raise GradContractError(
            f"{cls.__name__}.forward ({location(cls.forward)}) returned a tuple of "
            f"{len(output)}; expected one ndarray. "
            "Return the result alone: backward finds it in self.output, and the inputs "
            "in self.inputs."
        )
    array = _regular(output)
    if array is None or array.dtype.kind not in "biufc":
        raise GradContractError(
            f"{cls.__name__}.forward ({location(cls.forward)}) returned "
            f"{describe(output)}; expected an ndarray. Did you forget `return`?"
        )
    return array


def _regular(values: Any) -> np.ndarray | None:
    """Return values as an ndarray, None if they are none or ragged."""
    try:
        return None if values is None else np.asarray(values)
    except ValueError:
        return None


def check_discrete(op: Any, output: np.ndarray) -> None:
    """Raise where a gradient would end at a result that is no array of numbers."""
    if output.dtype.kind not in "biu":
        raise TypeError(
            f"{type(op).__name__} gave a result of dtype {output.dtype}, through which "
            "no gradient flows. Give it numbers."
        )


def explain_forward(op: Any, values: list, error: Exception) -> None:
    """Raise a better error for a broken contract; else add where the error was."""
    cls = type(op)
    if "read-only" in str(error):
        raise GradContractError(
            f"{cls.__name__}.forward ({location(cls.forward)}) wrote into a read-only "
            "array: its arguments belong to the caller. Write `x = x * 2` instead of "
            "`x *= 2`, or np.where instead of `x[mask] = 0`."
        ) from error
    try:
        inspect.signature(op.forward).bind(*values)
    except TypeError as mismatch:
        raise GradContractError(
            f"{cls.__name__}.__init__ ({location(cls.__init__)}) saved "
            f"{len(values)} input{'s' * (len(values) != 1)}, but forward "
            f"({location(cls.forward)}) takes "
            f"others: {mismatch}. "
            "Hand super().__init__(...) each array that forward takes, and no others."
        ) from error
    _add_place(error, op, f"{cls.__name__}.forward ({location(cls.forward)})")


def explain_backward(op: Any, grad: Any, error: Exception) -> None:
    """Raise a better error for a broken contract; else add where the error was."""
    if isinstance(error, GradContractError):
        return
    if "read-only" in str(error):
        raise _breach(
            op,
            "wrote into a read-only array: the incoming gradient and the inputs belong "
            "to other operations too",
            "Write `g = g * 2` instead of `g *= 2`, or np.where for `g[mask] = 0`.",
        ) from error
    try:
        inspect.signature(op.backward).bind(grad)
    except TypeError as mismatch:
        raise _breach(
            op,
            f"takes other arguments than the gradient: {mismatch}",
            "Write `def backward(self, grad):`; the inputs are in self.inputs.",
        ) from error
    if "'tuple'" in str(error) and len(op._inputs) == 1:
        raise _breach(op, f"computed with a tuple: {error}", _TUPLE) from error
    place = f"{type(op).__name__}.backward ({location(type(op).backward)})"
    _add_place(error, op, f"{place}, gradient of shape {np.shape(value(grad))}")


_TUPLE = "self.inputs is a tuple, also of one input: write `(x,) = self.inputs`."


def _add_place(error: Exception, op: Any, place: str) -> None:
    if hasattr(error, "add_note"):  # from Python 3.11 on
        shapes = ", ".join(str(np.shape(value(x))) for x in op._inputs)
        error.add_note(f"in {place}, inputs of shapes {shapes}")


def lost_by_conversion(array: Any) -> TypeError:
    """The error for a plain array made of one that wants a gradient."""
    return TypeError(
        f"{array!r} cannot become a plain array here: its gradient would be lost. To "
        "build an array of GradArrays write np.array([...], like=x), np.stack or "
        "np.concatenate([x, y]), to multiply a plain array a by one a @ x or "
        "np.dot(a, x), and to write into one x.at[...].set(y); to give its values to "
        "another library, or to leave the graph, x.numpy() or x.detach()."
    )


def lost_by_float(array: Any, twice: bool) -> GradContractError:
    """The error for a float of an array whose derivative is being recorded."""
    lost, where = "derivative", "the function"
    if twice:
        lost, where = "second derivative", "backward"
    return GradContractError(
        f"float() of {array!r} would lose its {lost}: {where} must stay in NumPy. "
        "Write np.exp(x), not math.exp(x), x[i] * y, not float(x[i]) * y, and np.stack "
        "or x.at[i].set(y) for out[i] = y. To look at the value alone: x.item()."
    )


def spent_graph(root: Any) -> GraphError:
    """The error for a second ``backward`` through one graph."""
    return GraphError(
        f"backward() ran through the graph of {root!r} before. Compute the result "
        "again, or say backward(retain_graph=True) the first time. (Was a parameter "
        "updated outside no_grad()? Then the update is recorded.)"
    )


def _overwritten(op: Any, i: int) -> GraphError:
    return GraphError(
        f"{_input(op, i)} of {type(op).__name__} was written into after the operation "
        "used it: its gradient would be wrong. Call backward() before the update, or "
        "compute the result again."
    )


def as_tuple(op: Any, returned: Any) -> tuple:
    """Return what ``backward`` returned as one gradient per input."""
    if type(returned) is list:
        returned = tuple(returned)
    count = len(op._inputs)
    if type(returned) is not tuple:
        if returned is None:
            raise _breach(
                op,
                f"returned None; expected {_gradients(op)}",
                "Did you forget `return`? (`None` inside a tuple means 'no gradient'.)",
            )
        if count != 1:
            raise _breach(
                op,
                f"returned {describe(returned)} for {count} inputs; expected "
                f"{_gradients(op)}",
                "Return a tuple with one gradient per input, as in `return da, db`.",
            )
        returned = (returned,)
    if len(returned) != count:
        few = "few" if len(returned) < count else "many"
        raise _breach(
            op,
            f"returned {len(returned)} gradients, too {few}; expected {_gradients(op)}",
            "Return one gradient per input, None where there is none.",
        )
    return returned


def checked_gradient(op: Any, i: int, gradient: Any, twice: bool) -> Any:
    """Return the gradient of input `i` with its shape and dtype, or raise."""
    x = op._inputs[i]
    shape, dtype = x._array.shape, x._array.dtype
    if x._written > op._number:
        raise _overwritten(op, i)
    if not twice:
        gradient = value(gradient)
    if type(gradient) is not ndarray or gradient.dtype is not dtype:
        _check_floats(op, i, gradient)
    if not twice:
        gradient = np.asarray(gradient)
    elif not hasattr(gradient, "_grad_op"):
        gradient = as_constant(x, np.asarray(gradient))
    if gradient.shape != shape:
        shapes = (shape, gradient.shape, op._output.shape)
        if not op.unbroadcasts or not was_broadcast(*shapes):
            raise _wrong_shape(op, i, gradient.shape)
        gradient = unbroadcast(gradient, shape)
    if gradient.dtype != dtype:
        if gradient.dtype.kind == "c" and dtype.kind == "f":
            gradient = gradient.real  # a real number moves along the real axis alone
        gradient = gradient.astype(dtype)
    return gradient if twice else np.asarray(gradient)


def _check_floats(op: Any, i: int, gradient: Any) -> None:
    """Raise unless the gradient of input `i` is an array of floats."""
    array = _regular(value(gradient))
    kind = "O" if array is None else array.dtype.kind
    if kind in "iub":
        raise _breach(
            op,
            f"returned {describe(gradient)} as the gradient of {_input(op, i)}; "
            "gradients are floats",
            "Use float constants, or .astype(grad.dtype).",
        )
    if kind != "f" and not (kind == "c" and _is_complex(op)):
        raise _breach(
            op,
            f"returned {describe(gradient)} as the gradient of {_input(op, i)}; "
            f"expected an array of shape {op._inputs[i].shape}",
            "Return an array, or None for 'no gradient'.",
        )


def _is_complex(op: Any) -> bool:
    return any(np.iscomplexobj(value(x)) for x in (op._output, *op._inputs))


def _wrong_shape(op: Any, i: int, shape: tuple) -> GradContractError:
    """The error for a gradient that has not the shape of its input."""
    expected = op._inputs[i].shape
    others = [np.shape(value(x)) for j, x in enumerate(op._inputs) if j != i]
    if shape == (1, *expected) and not others:
        fix = _TUPLE
    elif shape == np.shape(op._output) and _broadcasts(expected, shape):
        fix = "Sum over the axes that were broadcast, or let unbroadcasts be True."
    elif shape in others and shape != expected:
        fix = "Are two gradients swapped? Return them in the order of the inputs."
    elif shape == expected[::-1]:
        fix = "Is it transposed? Try `.T`."
    elif int(np.prod(shape)) == int(np.prod(expected)):
        fix = f"Try `.reshape({expected})`."
    else:
        fix = (
            "dL/dinput has one number for each number of the input: spread the "
            "gradient over, or sum it along, the axes that differ."
        )
    return _breach(
        op,
        f"returned a gradient of shape {shape} for {_input(op, i)}; expected "
        f"{expected}",
        fix,
    )


def _broadcasts(shape: tuple, wider: tuple) -> bool:
    try:
        return np.broadcast_shapes(shape, wider) == wider
    except ValueError:
        return False


def _breach(op: Any, problem: str, fix: str) -> GradContractError:
    cls = type(op)
    return GradContractError(
        f"{cls.__name__}.backward ({location(cls.backward)}) {problem}. {fix}"
    )


def _gradients(op: Any) -> str:
    shapes = ", ".join(str(np.shape(value(x))) for x in op._inputs)
    count = len(op._inputs)
    if count == 1:
        return f"one gradient of shape {shapes}"
    return f"{count} gradients of shapes {shapes}"


def _input(op: Any, i: int) -> str:
    x = op._inputs[i]
    name = f" '{x._name}'" if getattr(x, "_name", None) else ""
    return f"input {i}{name} of shape {np.shape(plain(x))}"
