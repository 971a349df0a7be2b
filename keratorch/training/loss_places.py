"""Which output, or which outputs together, each loss of `compile` looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from keratorch.core import GradArray
from keratorch.losses import Loss, LossFunctionWrapper
from keratorch.losses.alignment import align
from keratorch.losses.reduction import reduce_weighted_values
from keratorch.nested import flatten, is_nested, keys_of, map_structure, pack_like
from keratorch.training.outputs import Names, path_names


class Placed(NamedTuple):
    """A loss with the number of its output, or numbers nested as its outputs are."""

    where: Any
    loss: Any
    weight: Any
    name: str | None


class LossOfSeveral:
    """A loss of several outputs at once, which its function gets nested."""

    def __init__(self, loss: Loss | str):
        if isinstance(loss, str):
            raise ValueError(
                f"loss: {loss!r} goes by the shape of one output, and cannot be that "
                "of several together."
            )
        self.loss = loss
        self.name = loss.name

    def compute(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss for nested targets and nested predictions."""
        weights = flatten(sample_weight)
        if any(weight is not weights[0] for weight in weights):
            raise ValueError(
                f"sample_weight: the loss {self.name!r} is one number for several "
                "outputs; pass one array of weights, the same for each of them."
            )
        preds = [_as_gradarray(pred) for pred in flatten(y_pred)]
        trues = [self.loss._targets(true) for true in flatten(y_true)]
        pairs = [align(a, b) for a, b in zip(trues, preds, strict=True)]
        true = pack_like(y_true, [a for a, _ in pairs])
        pred = pack_like(y_pred, [b for _, b in pairs])
        if isinstance(self.loss, LossFunctionWrapper):
            values = self.loss.fn(true, pred, **self.loss._fn_kwargs)
        else:
            values = self.loss.call(true, pred)
        values = self.loss._values(values)
        return reduce_weighted_values(values, weights[0], None, self.loss.reduction)


def placed(losses: Any, weights: Any, outputs: Any, names: Names) -> list[Placed]:
    """Return each of the nested losses with the outputs that it belongs to.

    A loss at the place of an output is for this output, one at the place of a list or
    dict of outputs is for all of them together, and a list at such a place, of another
    type than the outputs there, holds several losses for them.

    Raises
    ------
    ValueError : losses or weights that do not go with the outputs.

    Examples
    --------
    >>> found = placed(["mse", ["mae", "mse"]], None, ["x", "y"], ["a", "b"])
    >>> [(one.where, one.loss, one.name) for one in found]
    [(0, 'mse', 'a'), (1, 'mae', 'b'), (1, 'mse', 'b')]
    """
    given = _with_weights(losses, weights)
    numbers = pack_like(outputs, range(len(flatten(outputs))))
    if isinstance(given, Mapping) and not isinstance(numbers, Mapping) and names:
        numbers = dict(zip(names, flatten(numbers), strict=True))
    leaf_names = path_names(outputs, names)
    found = [
        Placed(where, loss, weight, _name(path, where, leaf_names))
        for path, where, (loss, weight) in _spread(given, numbers, ())
        if loss is not None
    ]
    if len(found) > 1 and len(leaf_names) == 1:
        raise ValueError(
            f"loss: the model has 1 output; received {len(found)} losses. Give one, "
            "such as a function that adds them up."
        )
    return found


class _Leaf:
    """A loss and its weight, which no walk takes apart."""

    def __init__(self, loss: Any, weight: Any):
        self.pair = (loss, weight)


def _with_weights(losses: Any, weights: Any) -> Any:
    if weights is None:
        return map_structure(lambda loss: _Leaf(loss, None), losses)
    try:
        return map_structure(_Leaf, losses, weights)
    except ValueError:
        flat = flatten(losses), flatten(weights)
    if len(flat[0]) != len(flat[1]):
        raise ValueError(
            f"loss_weights: there are {len(flat[0])} losses; received "
            f"{len(flat[1])} weights. Nest the weights as the losses are."
        )
    return pack_like(losses, map(_Leaf, *flat))


def _spread(given: Any, numbers: Any, path: tuple) -> Iterator[tuple]:
    """Yield path, numbers of outputs and weighted loss for each loss."""
    if isinstance(given, _Leaf):
        yield path, numbers, given.pair
        return
    if isinstance(given, Mapping):
        parts = list(given.items())
    elif _are_in_order(given, numbers):
        parts, numbers = list(enumerate(given)), flatten(numbers)
    elif _are_for_the_same(given, numbers):
        for part in given:
            yield from _spread(part, numbers, path)
        return
    else:
        parts = list(enumerate(given))
    known = numbers if isinstance(numbers, Mapping) else dict(enumerate(numbers))
    for key, part in parts:
        if key not in known:
            place = "/".join(map(str, (*path, key)))
            raise ValueError(
                f"loss: no output is named {place!r}. There are: "
                f"{', '.join(map(str, known))}."
            )
        yield from _spread(part, known[key], (*path, key))


def _are_in_order(given: Any, numbers: Any) -> bool:
    alone = all(isinstance(part, _Leaf) for part in given)
    return alone and len(given) == len(flatten(numbers))


def _are_for_the_same(given: Any, numbers: Any) -> bool:
    """Return whether all losses of a list are for the outputs where the list stands."""
    if not is_nested(numbers):
        return True
    alike = [x for x in given if is_nested(x) and isinstance(numbers, type(x))]
    whole = isinstance(numbers, Mapping) or any(len(x) == len(numbers) for x in alike)
    return not isinstance(numbers, type(given)) and bool(alike) and whole


def _name(path: tuple, where: Any, names: list[str | None]) -> str | None:
    if not is_nested(where):
        return names[where]
    if path:
        return "/".join(map(str, path))
    inside = [names[i] for i in flatten(where)]
    keys = keys_of(where) if isinstance(where, dict) else inside
    return None if None in keys else "_".join(map(str, keys))


def _as_gradarray(x: Any) -> GradArray:
    return x if isinstance(x, GradArray) else GradArray(x, requires_grad=False)
