"""The door of `fit`: data, model and loss are checked against each other, once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from keratorch import activations
from keratorch.core import GradArray
from keratorch.layers.softmax import Softmax
from keratorch.layers.trial import state_kept
from keratorch.modes import no_grad
from keratorch.nested import flatten, flatten_with_path, is_nested, map_structure
from keratorch.training import checks
from keratorch.training.array_batches import ArrayBatches
from keratorch.training.conversion import check_numbers, sample_count, sliced
from keratorch.training.undoing import undone_by_errors
from keratorch.training.user_warning import warn


def check_compiled(model: Any, method: str) -> None:
    """Raise unless the model is compiled."""
    if not model.compiled:
        raise ValueError(
            f"{method} needs a compiled model. Call model.compile(optimizer=..., "
            "loss=...) first."
        )


def check_ready(
    model: Any, data: Any, method: str, role: str = "", check_finite: bool = True
) -> None:
    """Raise unless the data fit the model and its loss."""
    with undone_by_errors(model):
        _check_all(model, data, method, role, check_finite)


def check_batch(model: Any, data: Any, method: str, check_finite: bool = True) -> None:
    """Raise unless a single batch, of which many follow, fits the model and its loss.

    The model is tried on the first batch alone.
    """
    with undone_by_errors(model):
        _check_all(model, data, method, "", check_finite, once=True)


def _check_all(
    model: Any,
    data: Any,
    method: str,
    role: str,
    check_finite: bool,
    once: bool = False,
) -> None:
    if isinstance(data, ArrayBatches):
        checks.not_empty(data.arrays[0], role)
    check_inputs(model, data, role)
    if not isinstance(data, ArrayBatches):
        return
    x, y, sample_weight = data.arrays
    if check_finite:
        checks.finite(x, f"{role}x")
        checks.finite(y, f"{role}y")
        checks.finite(sample_weight, f"{role}sample_weight")
    if not model._checks_loss:
        return
    if y is None:
        call = (
            "validation_data=(x_val, y_val)" if role else f"model.{method[:-2]}(x, y)"
        )
        raise ValueError(
            f"{role}y is missing: the loss compares it with the outputs. Pass {call}."
        )
    check_targets(model, (x, y, sample_weight), role, once, data.batch_size)


def check_inputs(model: Any, data: Any, role: str = "") -> None:
    """Raise unless the inputs have the shapes that the model was built for."""
    if not isinstance(data, ArrayBatches):
        return
    x, y, _ = data.arrays
    _check_each(model, x, role)
    if not model.built and data.samples and not model._has_own_step:
        # the first call makes the weights, and leaves those there are as they were
        with undone_by_errors(model), no_grad(), state_kept(model):
            first = sliced(x, slice(data.batch_size))
            _outputs_of(model, first, x, y, role)
    _check_shapes(model, x, y, role)


def _check_each(model: Any, x: Any, role: str) -> None:
    """Raise for None where no input is optional, and for texts where no layer reads."""
    symbols = getattr(model, "inputs", None) or ()
    optional = any(getattr(s.node.operation, "optional", False) for s in symbols)
    for path, array in flatten_with_path(x):
        if array is None and not optional:
            place = "".join(f"[{key!r}]" for key in path)
            raise ValueError(
                f"{role}x{place} is None. Pass an array, or make the input with "
                "Input(..., optional=True)."
            )
    _check_texts(model, x, role)


def _check_texts(model: Any, x: Any, role: str) -> None:
    """Raise for arrays of texts, unless a layer of the model looks them up."""
    texts = [
        (path, array)
        for path, array in flatten_with_path(x)
        if array is not None and array.dtype.kind not in "biuf"
    ]
    if texts and not model._takes_texts:
        path, array = texts[0]
        place = "".join(f"[{key!r}]" for key in path)
        check_numbers(array, f"{role}x{place}")


def _check_shapes(model: Any, x: Any, y: Any, role: str) -> None:
    """Raise unless the inputs have the shapes of the model's, where those are known."""
    for name, expected, array in _inputs_with_shapes(model, x):
        described = f"{type(model).__name__} '{model.name}'"
        try:
            checks.input_shape(expected, array, y, described, f"{role}{name}")
        except ValueError as error:
            if not _goes_through(model, expected, array):
                raise
            warn(f"{error} All layers take these, so the model goes on, as in Keras.")


def _goes_through(model: Any, expected: Any, array: np.ndarray) -> bool:
    """Return whether samples of other lengths pass all layers of a `Sequential`.

    Such a model goes on with them, as in Keras: longer texts, larger images.
    """
    if not model._takes_other_lengths or array.ndim != len(expected) or not len(array):
        return False
    try:
        with no_grad(), state_kept(model):
            model._called(sliced(array, slice(1)), False)
    except (TypeError, ValueError, IndexError):
        return False
    return True


def _inputs_with_shapes(model: Any, x: Any) -> Iterator[tuple[str, Any, np.ndarray]]:
    """Yield name, expected shape and array of each input whose shape is known."""
    symbols = getattr(model, "inputs", None)
    if symbols is None:
        return
    shapes = [symbol.shape for symbol in symbols]
    if isinstance(x, Mapping):
        names = [symbol.name for symbol in symbols]
        if isinstance(model.input, Mapping):
            names = sorted(model.input)
        for name, shape in zip(names, shapes, strict=False):
            if isinstance(x.get(name), np.ndarray):
                yield f"x[{name!r}]", shape, x[name]
        return
    arrays = flatten(x)
    if len(arrays) == len(shapes):
        names = [f"x[{i}]" for i in range(len(arrays))] if is_nested(x) else ["x"]
        for name, shape, array in zip(names, shapes, arrays, strict=True):
            if array is not None:
                yield name, shape, array


def check_targets(
    model: Any,
    data: tuple[Any, Any, Any],
    role: str = "",
    once: bool = False,
    batch_size: int | None = None,
) -> None:
    """Raise unless targets fit the losses and the outputs, by the first samples."""
    x, y, sample_weight = data
    _check_texts(model, x, role)
    _check_shapes(model, x, y, role)
    outputs = _first_outputs(model, x, y, role, once, batch_size)
    where = hint = ""
    try:
        for term, true, pred, _ in model._compiled.loss.pairs(
            y, outputs, sample_weight
        ):
            if is_nested(pred):  # the loss of several outputs: only its own code knows
                continue
            where = f"output {term.name!r}: " if is_nested(outputs) else ""
            hint = _hint_of_axes(true, pred)
            count = sample_count(x) if _has_samples(x) else len(pred)
            term.loss.validate_targets(true, (count, *np.shape(pred)[1:]))
            term.loss.validate_outputs(pred)
            where = hint = ""
    except ValueError as error:
        if role or where or hint:
            raise type(error)(f"{role}{where}{error}{hint}") from error
        raise


class FirstOutputs(NamedTuple):
    """What a model gave for a few samples, and what settles the shapes of that."""

    symbols: list[Any]
    shapes: list[Any]
    values: Any

    def fits(self, symbols: list[Any], shapes: list[Any]) -> bool:
        """Return whether a model of these symbols gives the same for such shapes."""
        same = [*map(id, self.symbols)] == [*map(id, symbols)]
        return same and self.shapes == shapes


def _first_outputs(
    model: Any, x: Any, y: Any, role: str, once: bool, batch_size: int | None
) -> Any:
    """Return the outputs for the first samples, or those that others like them had.

    These only where symbolic arrays say what the model is: others may change with each
    call.
    """
    first = x
    if _has_samples(x):
        first = sliced(x, slice(min(sample_count(x), _probe_size(model))))
    symbols = getattr(model, "outputs", None) or []
    shapes = [(path, np.shape(array)) for path, array in flatten_with_path(first)]
    known = model._compiled.first_outputs
    if once and known and symbols and known.fits(symbols, shapes):
        return known.values
    try:
        outputs = _tried(model, first, x, y, role)
    except Exception:
        # the matrix of a graph is as wide as its batch, and cannot be cut
        batch = x if first is x else sliced(x, slice(batch_size))
        if first is x or sample_count(batch) == sample_count(first):
            raise
        with contextlib.suppress(Exception):
            return _tried(model, batch, x, y, role)
        raise
    model._compiled.first_outputs = FirstOutputs(symbols, shapes, outputs)
    return outputs


def _tried(model: Any, first: Any, x: Any, y: Any, role: str) -> Any:
    """Return the outputs for the first samples of x, and leave the model as it was."""
    with no_grad(), state_kept(model):
        return map_structure(_values, _outputs_of(model, first, x, y, role))


def _has_samples(x: Any) -> bool:
    """Return whether each array has as many rows: nodes of a graph and its edges have
    not, and cannot be cut.
    """
    return len({len(array) for array in flatten(x) if np.ndim(array)}) < 2


def _outputs_of(model: Any, first: Any, x: Any, y: Any, role: str) -> Any:
    """Return the outputs for the first samples of x, or say what is wrong with x.

    A model that is not made of symbolic arrays shows only here what it takes.
    """
    try:
        return model(first, training=False)
    except ValueError as error:
        if type(error) is not ValueError or is_nested(x):
            raise
        told = str(error).replace(str(first.shape), str(x.shape))
        built: Any = getattr(model, "_built_shape", None)
        known = isinstance(built, tuple) and None not in built[1:]
        if known and not is_nested(y) and np.shape(y)[1:] == built[1:]:
            told += " The shape of y fits: are x and y swapped?"
        raise ValueError(f"{role}x of shape {x.shape}: {told}") from error


def _hint_of_axes(true: Any, pred: Any) -> str:
    """Say what gives one output per sample where outputs have an axis too many."""
    if np.ndim(pred) < 3 or np.ndim(true) > 2 or np.shape(true)[1:] == pred.shape[1:-1]:
        return ""
    return (
        f" The outputs have shape {(None, *pred.shape[1:])}: for one output per sample "
        "add Flatten(), or leave out return_sequences=True, before the last layer."
    )


def _probe_size(model: Any) -> int:
    """Return how many samples are tried: two, or as many as the model demands.

    Outputs of a fixed size show that some layer takes no other.
    """
    symbols = [
        symbol
        for name in ("inputs", "outputs")
        for symbol in getattr(model, name, None) or ()
    ]
    sizes = [symbol.shape[0] for symbol in symbols if symbol.shape]
    return next((n for n in sizes if n is not None), 2)


def _values(output: Any) -> Any:
    return output.numpy() if isinstance(output, GradArray) else output


def check_output_activation(model: Any, loss: Any) -> None:
    """Warn where the loss repeats the last activation; raise for a useless one."""
    layers = getattr(model, "layers", None) or [None]
    activation = getattr(layers[-1], "activation", None)
    if isinstance(layers[-1], Softmax):
        activation = activations.softmax
    if activation is activations.softmax and _gives_one_number(model, layers[-1]):
        raise ValueError(
            f"'{layers[-1].name}' is a softmax over 1 unit, which is always 1. Use "
            "activation='sigmoid'."
        )
    if not getattr(loss, "from_logits", False):
        return
    if activation in (activations.softmax, activations.sigmoid):
        warn(
            f"The loss {loss.name!r} has from_logits=True, but the last layer "
            f"'{layers[-1].name}' applies {activation.__name__} already: as in Keras "
            "on TensorFlow, the loss takes what this was given. Drop the activation or "
            "from_logits=True."
        )


def _gives_one_number(model: Any, layer: Any) -> bool:
    """Return whether the last axis of what the last layer gives has length 1."""
    if hasattr(layer, "units"):
        return layer.units == 1
    symbols: Any = getattr(model, "outputs", None) or ()
    return len(symbols) == 1 and bool(symbols[0].shape) and symbols[0].shape[-1] == 1


def empty_outputs(model: Any, x: Any) -> Any:
    """Return the outputs for no samples: empty arrays of the right shapes."""
    one = map_structure(lambda a: np.zeros((1, *a.shape[1:]), a.dtype), x)
    with no_grad():
        outputs = model(one, training=False)
    return map_structure(lambda output: _values(output)[:0], outputs)
