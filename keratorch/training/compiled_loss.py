"""The losses that `compile` was given, one for each output, as one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from keratorch import losses, metrics
from keratorch.naming import to_snake_case
from keratorch.nested import flatten, is_nested, map_structure, put_together, take_apart
from keratorch.symbolic import any_symbolic
from keratorch.training.conversion import sample_count
from keratorch.training.loss_places import LossOfSeveral, Placed, placed
from keratorch.training.outputs import Names, in_output_order, path_names

_BY_SHAPE = ("crossentropy", "ce")  # a name whose meaning depends on the targets


class Term(NamedTuple):
    """A loss, with the place of its output among the flat outputs.

    A loss of several outputs has their places, nested as the outputs are.
    """

    place: Any
    loss: Any
    weight: float | None
    name: str | None
    tracker: metrics.Mean | None


class CompiledLoss:
    """The sum of the losses of all outputs, each times its weight.

    Parameters
    ----------
    loss : name, function or `Loss` for all outputs; or a list or dict of them, None
        for an output without loss.
    weights : a number, or a list or dict of them.
    names : the names of the outputs.

    Raises
    ------
    ValueError : an unknown name.
    """

    def __init__(self, loss: Any, weights: Any = None, names: Names = None):
        self._loss = _resolved(loss)
        self._weights = weights
        self._names = names
        self._terms: list[Term] | None = None
        self._alone: Term | None = None  # where one output has a loss, and no other
        self._count = 1
        self._keys: list[Any] = []  # of the dict that a subclass returns
        #: the loss where there is only one for all outputs
        self.single: Any = None if is_nested(self._loss) else self._loss
        if is_nested(self._loss) and len(flatten(self._loss)) == 1:
            self.single = flatten(self._loss)[0]

    @property
    def name(self) -> str:
        """The name of the loss for messages: loss='mean_squared_error'."""
        return "loss" if self.single is None else f"loss={_name(self.single)!r}"

    @property
    def is_alone(self) -> bool:
        """Whether one output has a loss and there is no other."""
        return self._alone is not None

    @property
    def metrics(self) -> list[metrics.Mean]:
        """The mean loss of each output, where there are several.

        Losses in a dict come in its order, one loss for all outputs in theirs.
        """
        terms = [term for term in self._terms or () if term.tracker is not None]
        keys = self._loss if isinstance(self._loss, Mapping) else self._keys
        if keys:
            order = {name: i for i, name in enumerate(keys)}
            terms.sort(key=lambda term: order.get(term.name, len(order)))
        return [term.tracker for term in terms if term.tracker is not None]

    def build(self, outputs: Any) -> None:
        """Find out which loss belongs to which output.

        Raises
        ------
        ValueError : losses or weights that do not go with the outputs.
        """
        self._count = len(flatten(outputs))
        if isinstance(outputs, Mapping) and not (
            any_symbolic((outputs,), {}) or is_nested(self._loss)
        ):
            self._keys = list(outputs)
        found = self._placed(outputs)
        self._terms = [_term(one, len(found) > 1) for one in found]
        self._find_alone()

    def _placed(self, outputs: Any) -> list[Placed]:
        """Return the losses with their outputs, nested losses by their places first."""
        ways = [self._in_flat_order, self._in_nested_order]
        if is_nested(self._loss) and any(map(is_nested, take_apart(self._loss))):
            ways.reverse()
        try:
            return ways[0](outputs)
        except ValueError as error:
            try:
                return ways[1](outputs)
            except ValueError:
                raise error from None

    def _in_nested_order(self, outputs: Any) -> list[Placed]:
        return placed(self._loss, self._weights, outputs, self._names)

    def _in_flat_order(self, outputs: Any) -> list[Placed]:
        """Return one loss for each of the flat outputs, None left out."""
        each = [self._loss] * self._count
        if is_nested(self._loss):
            wanted = [True] * self._count
            each = in_output_order(self._loss, outputs, self._names, "loss", wanted)
        weights: list[Any] = [None] * self._count
        if self._weights is not None:
            has_loss = [loss is not None for loss in each]
            weights = in_output_order(
                self._weights, outputs, self._names, "loss_weights", has_loss
            )
        names = path_names(outputs, self._names)
        found = map(Placed, range(self._count), each, weights, names)
        return [one for one in found if one.loss is not None]

    def _find_alone(self) -> None:
        terms = self._terms or []
        if self._count == len(terms) == 1 and not isinstance(terms[0].loss, str):
            self._alone = terms[0]

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss of a batch; None if no output has one."""
        alone = self._alone
        if alone is not None and not (is_nested(y_pred) or is_nested(y)):
            loss = alone.loss.compute(y, y_pred, sample_weight)
            return loss if alone.weight is None else loss * alone.weight
        total: Any = None
        for term, true, pred, weight in self.pairs(y, y_pred, sample_weight):
            loss = term.loss.compute(true, pred, weight)
            if term.tracker is not None:
                # The numbers per output are those before the weights of the losses.
                term.tracker.update_state(loss.item(), sample_weight=sample_count(pred))
            if term.weight is not None:
                loss = loss * term.weight
            total = loss if total is None else total + loss
        return total

    def pairs(
        self, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> Iterator[tuple[Term, Any, Any, Any]]:
        """Yield each loss with its targets, predictions and weights."""
        if self._terms is None or (self._count == 1 and is_nested(y_pred)):
            self.build(y_pred)
        terms = self._terms or []
        trues, preds, weights = self._in_order(y, y_pred, sample_weight)
        for term in terms:
            true, pred, weight = (
                map_structure(flat.__getitem__, term.place)
                for flat in (trues, preds, weights)
            )
            if any(part is None for part in flatten(true)):
                raise ValueError(
                    f"y holds no targets for the output {term.name or term.place!r}, "
                    "which has a loss. Pass them, or loss=None for this output."
                )
            yield self._fitting(term, true, pred), true, pred, weight

    def _in_order(
        self, y: Any, y_pred: Any, sample_weight: Any
    ) -> tuple[list[Any], list[Any], list[Any]]:
        wanted = self.have_loss(self._count)
        trues = in_output_order(y, y_pred, self._names, "y", wanted)
        weights = weights_in_order(sample_weight, y_pred, self._names, wanted)
        return trues, flatten(y_pred), weights

    def have_loss(self, count: int) -> list[bool]:
        """Return for each of so many outputs whether it has a loss."""
        with_loss = {i for term in self._terms or () for i in flatten(term.place)}
        return [i in with_loss for i in range(count)]

    def _fitting(self, term: Term, y: Any, y_pred: Any) -> Term:
        """Return the term with the loss that 'crossentropy' means for these shapes."""
        if not isinstance(term.loss, str):
            return term
        binary, sparse = metrics.is_binary_or_sparse_categorical(
            np.shape(y), np.shape(y_pred)
        )
        kind = "binary" if binary else "sparse_categorical" if sparse else "categorical"
        found = term._replace(loss=_resolved(f"{kind}_crossentropy"))
        self._terms = [found if t is term else t for t in self._terms or ()]
        self._find_alone()
        return found


def weights_in_order(
    sample_weight: Any, y_pred: Any, names: Names, wanted: list[bool]
) -> list[Any]:
    """Return the sample weights of each output: one array counts for all of them."""
    count = len(wanted)
    if is_nested(sample_weight):
        return in_output_order(sample_weight, y_pred, names, "sample_weight", wanted)
    shape: tuple[int, ...] = ()
    if sample_weight is not None:
        shape = np.shape(sample_weight)
    if count > 1 and len(shape) > 1 and shape[1] != 1:
        raise ValueError(
            f"sample_weight: one array for {count} outputs must hold one weight for "
            f"each sample; received the shape {shape}. Pass a list or dict with an "
            "array for each output."
        )
    return [sample_weight] * count


def _term(found: Placed, several: bool) -> Term:
    loss, name, weight = found.loss, found.name, found.weight
    if is_nested(found.where):
        loss = LossOfSeveral(loss)
    if name is None and several:
        name = _name(loss)
    tracker = metrics.Mean(name=f"{name}_loss") if several else None
    return Term(
        found.where, loss, None if weight is None else float(weight), name, tracker
    )


def _name(loss: Any) -> str:
    return loss if isinstance(loss, str) else loss.name


def _resolved(loss: Any) -> Any:
    """Return the loss objects of names, functions and objects, nested as they came."""
    if isinstance(loss, Mapping) and "class_name" not in loss:
        return {name: _resolved(part) for name, part in loss.items()}
    if isinstance(loss, (list, tuple)):
        return put_together(loss, [_resolved(part) for part in loss])
    if loss is None or (isinstance(loss, str) and loss.lower() in _BY_SHAPE):
        return loss
    found = losses.get(loss)
    if isinstance(found, losses.Loss):
        return found
    name = loss if isinstance(loss, str) else function_name(found)
    return losses.LossFunctionWrapper(found, name=name)


def function_name(function: Any) -> str:
    """Return the name under which results of a function are shown, as Keras's.

    Examples
    --------
    >>> def RMSE(y_true, y_pred): ...
    >>> function_name(RMSE), function_name(lambda y_true, y_pred: y_pred)
    ('rmse', 'lambda')
    """
    if isinstance(getattr(function, "name", None), str):
        return function.name
    return to_snake_case(getattr(function, "__name__", type(function).__name__))
