"""Equations of `EinsumDense`: what their letters mean for shapes and products."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from string import ascii_letters
from typing import Any

import numpy as np

from keratorch.grads.neural import DenseGrad


class Equation:
    """The letters of an equation, and the shapes that they mean.

    Attributes
    ----------
    inputs, kernel, outputs : str, a letter for each axis.
    side : 'left', 'right' or '', where ``...`` stands.
    """

    def __init__(self, equation: str, bias_axes: str | None):
        letters = "([a-zA-Z]+)"
        for side, form in [
            ("", rf"{letters},{letters}->{letters}"),
            ("left", rf"\.\.\.{letters},{letters}->\.\.\.{letters}"),
            ("right", rf"{letters}\.\.\.,{letters}->{letters}\.\.\."),
        ]:
            found = re.fullmatch(form, str(equation).replace(" ", ""))
            if found:
                self.side = side
                self.inputs, self.kernel, self.outputs = found.groups()
                break
        else:
            raise ValueError(
                "EinsumDense: equation must look like 'ab,bc->ac', '...ab,bc->...ac' "
                f"or 'ab...,bc->ac...'; received {equation!r}."
            )
        self.text = equation
        self.bias_axes = bias_axes
        self._check_letters()

    def _check_letters(self) -> None:
        for part, letters, places in [
            ("output", self.outputs, self.inputs + self.kernel),
            ("kernel", self.kernel, self.inputs + self.outputs),
            ("bias_axes", self.bias_axes or "", self.outputs),
        ]:
            for letter in letters:
                if letter not in places:
                    where = "the output" if part == "bias_axes" else "the other parts"
                    raise ValueError(
                        f"EinsumDense: the letter {letter!r} of {part} stands nowhere "
                        f"in {where} of the equation {self.text!r}."
                    )

    def check_rank(self, shape: tuple) -> None:
        """Raise unless inputs of a shape have an axis for each letter."""
        more = len(shape) - len(self.inputs)
        if more < 0 or (more and not self.side):
            least = "at least " if self.side else ""
            raise ValueError(
                f"EinsumDense expects inputs with {least}{len(self.inputs)} axes, as "
                f"the equation {self.text!r} says; received shape {shape}."
            )

    def output_shape(self, shape: tuple, partial: tuple) -> tuple:
        """Return the shape of the output for that of the inputs."""
        self.check_rank(shape)
        more = len(shape) - len(self.inputs)
        if self.side == "left" and more:
            own, made, rest = shape[more:], partial, ()
        else:
            own, made = shape[: len(self.inputs)], (shape[0], *partial)
            rest = shape[len(self.inputs) :]
        if len(made) != len(self.outputs):
            raise ValueError(
                f"EinsumDense: output_shape must have a length for each letter of "
                f"'{self.outputs}' but the batch; received {partial}."
            )
        known = dict(zip(self.inputs, own, strict=True))
        for letter, length in zip(self.outputs, made, strict=True):
            other = known.get(letter)
            if None not in (length, other) and length != other:
                raise ValueError(
                    f"EinsumDense: the axis {letter!r} has length {other} in inputs of "
                    f"shape {shape}, but {length} in output_shape={partial}."
                )
        filled = [
            known.get(letter) if length is None else length
            for letter, length in zip(self.outputs, made, strict=True)
        ]
        before = shape[:more] if self.side == "left" else ()
        return (*before, *filled, *rest)

    def weight_shapes(
        self, shape: tuple, partial: tuple
    ) -> tuple[tuple[int, ...], tuple[int, ...] | None]:
        """Return the shapes of kernel and bias; None for no bias."""
        result = self.output_shape(shape, partial)
        more = len(shape) - len(self.inputs)
        skipped = more if self.side == "left" else 0
        lengths = dict(zip(self.inputs, shape[skipped:], strict=False))
        lengths.update(zip(self.outputs, result[skipped:], strict=False))
        used = {letter: lengths[letter] for letter in self.kernel}
        bias = None
        if self.bias_axes:
            first = min(self.outputs.index(letter) for letter in self.bias_axes)
            along = [c if c in self.bias_axes else "" for c in self.outputs[first:]]
            used.update({letter: lengths[letter] for letter in along if letter})
            bias = tuple(lengths[letter] if letter else 1 for letter in along)
            bias += (1,) * (more if self.side == "right" else 0)
        unknown = [letter for letter, length in used.items() if length is None]
        if unknown:
            raise ValueError(
                f"EinsumDense needs to know the length of the axis {unknown[0]!r} of "
                f"the equation {self.text!r}; received inputs of shape {shape} and "
                f"output_shape={partial}. Give it in Input(shape=...) or output_shape."
            )
        return tuple(lengths[letter] for letter in self.kernel), bias

    def kernel_axes(self) -> tuple[list[int], list[int]]:
        """Return the axes of the kernel that are in the output, and the others."""
        made = [i for i, c in enumerate(self.kernel) if c in self.outputs]
        return made, [i for i in range(len(self.kernel)) if i not in made]

    def terms(self, rank: int) -> tuple[str, str, str]:
        """Return letters for all axes of inputs with `rank` axes, of kernel, output."""
        more = rank - len(self.inputs)
        free = [c for c in ascii_letters if c not in self.inputs + self.kernel]
        dots = "".join(free[:more])
        if self.side == "left":
            return dots + self.inputs, self.kernel, dots + self.outputs
        return self.inputs + dots, self.kernel, self.outputs + dots


class MatrixProduct:
    """An equation computed as one product of two matrices, which is far faster.

    The axes of the inputs are those that stay and those that are summed over; the axes
    of the kernel are the same summed ones, and new ones.
    """

    def __init__(self, terms: tuple[str, str, str], bias_axes: str | None):
        x, kernel, out = terms
        summed = [c for c in kernel if c in x]
        stay = [c for c in x if c not in summed]
        new = [c for c in kernel if c not in x]
        self.rank, self.stay, self.summed = len(x), len(stay), len(summed)
        self.x_order = _order(x, [*stay, *summed])
        self.kernel_order = _order(kernel, [*summed, *new])
        self.out_order = _order([*stay, *new], list(out))
        self.bias_in_product = bias_axes is not None and (
            list(out) == [*stay, *new] and set(bias_axes) == set(new)
        )

    @classmethod
    def of(cls, equation: Equation, rank: int) -> MatrixProduct | None:
        """Return the product for inputs with `rank` axes, None if it is none."""
        x, kernel, out = terms = equation.terms(rank)
        doubled = any(len(set(term)) < len(term) for term in terms)
        lost = any(c not in kernel and c not in out for c in x)
        batched = any(c in kernel and c in out for c in x)
        return None if doubled or lost or batched else cls(terms, equation.bias_axes)

    def __call__(self, x: Any, kernel: Any, bias: Any) -> Any:
        if self.x_order is not None:
            x = np.transpose(x, self.x_order)
        if self.kernel_order is not None:
            kernel = np.transpose(kernel, self.kernel_order)
        lengths = (*x.shape[: self.stay], *kernel.shape[self.summed :])
        inner = math.prod(kernel.shape[: self.summed])
        if x.shape[self.stay :] != kernel.shape[: self.summed]:
            raise ValueError(
                f"EinsumDense expects inputs whose last {self.summed} axes are "
                f"{kernel.shape[: self.summed]} when those that stay come first; "
                f"received {x.shape[self.stay :]}. Give it the features that it was "
                "built for, or make a new layer."
            )
        inside = self.bias_in_product and bias is not None
        out = DenseGrad.apply(
            x.reshape(math.prod(x.shape[: self.stay]), inner),
            kernel.reshape(inner, math.prod(kernel.shape[self.summed :])),
            *([bias.reshape(-1)] if inside else []),
        ).reshape(lengths)
        if self.out_order is not None:
            out = np.transpose(out, self.out_order)
        return out if inside or bias is None else out + bias


def _order(letters: Sequence[str], wanted: Sequence[str]) -> tuple[int, ...] | None:
    """Return the permutation that brings letters into an order; None: none needed."""
    order = tuple(letters.index(letter) for letter in wanted)
    return None if order == tuple(range(len(order))) else order
