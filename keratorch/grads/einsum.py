"""Einstein's summation."""

from __future__ import annotations

import functools
import math
from string import ascii_letters, ascii_lowercase, ascii_uppercase

import numpy as np

from keratorch.core import Grad
from keratorch.registry import constant

constant(np.einsum_path)

_NUMBERED = ascii_uppercase + ascii_lowercase  # the letters behind the sublist form


class EinsumGrad(Grad, of=np.einsum):
    """out = products of an element of each operand, summed over indices not in out.

    Hence dL/doperand is such a sum too: of dL/dout times the other operands, with the
    subscripts of the operand.  For out = einsum('ij,jk->ik', a, b) it is
    dL/da = einsum('ik,jk->ij', dL/dout, b).  An index that the operand alone has gets
    the same gradient all along it; one that the operand repeats, a diagonal of it.
    """

    def __init__(self, *operands, optimize=False):
        if not isinstance(operands[0], str):
            operands = _from_sublists(operands)
        self.subscripts, *arrays = operands
        super().__init__(*arrays)
        self.optimize = optimize

    def forward(self, *arrays):
        return np.einsum(self.subscripts, *arrays, optimize=self.optimize)

    def backward(self, grad):
        ranks = tuple(map(np.ndim, self.inputs))
        terms, output = _explicit(self.subscripts, ranks)
        return tuple(
            self._gradient(k, grad, terms, output) if self.needs(k) else None
            for k in range(len(ranks))
        )

    def _gradient(self, k, grad, terms, output):
        x, term = self.inputs[k], terms[k]
        others = [*self.inputs[:k], *self.inputs[k + 1 :]]
        known = [output, *terms[:k], *terms[k + 1 :]]
        lengths = dict(zip(term, x.shape, strict=True))  # of each index, once
        # an axis of length 1 may have been stretched: its gradient is summed
        own = [i for i in lengths if lengths[i] != 1 and any(i in t for t in known)]
        result = self._contracted(known, "".join(own), grad, *others)
        if len(own) < len(lengths):
            absent = [axis for axis, i in enumerate(lengths) if i not in own]
            result = np.expand_dims(result, tuple(absent))
        if result.shape != tuple(lengths.values()):
            result = np.broadcast_to(result, tuple(lengths.values()))
        return result if len(lengths) == x.ndim else _on_diagonal(result, term)

    def _contracted(self, terms, output, *arrays):
        """Return the Einstein sum of arrays, by a product of matrices if it is one."""
        if len(arrays) == 2 and (plan := _matrix_product(*terms, output)):
            return _product_of_matrices(*arrays, *plan)
        optimize = bool(self.optimize)  # a path that was given fits the output alone
        subscripts = f"{','.join(terms)}->{output}"
        return np.einsum(subscripts, *arrays, optimize=optimize)


@functools.lru_cache(256)
def _matrix_product(first, second, output):
    """Return how an Einstein sum of two operands is a product of matrices, or None.

    That is the orders of axes that make them ``(stack, rows, summed)`` and ``(stack,
    summed, columns)``, how many axes are rows and summed, and the order of the
    output's axes.

    >>> _matrix_product("ik", "jk", "ji")
    ((0, 1), (1, 0), (1, 1), (1, 0))
    """
    letters = [set(first), set(second), set(output)]
    if sum(map(len, letters)) < len(first + second + output):
        return None  # it takes a diagonal
    stack = [i for i in first if i in letters[1] and i in letters[2]]
    summed = [i for i in first if i in letters[1] and i not in letters[2]]
    rows = [i for i in first if i not in letters[1]]
    columns = [i for i in second if i not in letters[0]]
    if not (rows and summed and columns) or not letters[2] >= {*rows, *columns}:
        return None
    product = [*stack, *rows, *columns]
    return (
        tuple(first.index(i) for i in [*stack, *rows, *summed]),
        tuple(second.index(i) for i in [*stack, *summed, *columns]),
        (len(rows), len(summed)),
        tuple(product.index(i) for i in output),
    )


def _product_of_matrices(a, b, a_order, b_order, counts, output_order):
    """Return the product that `_matrix_product` planned; BLAS does it, not a loop."""
    rows, summed = counts
    a, b = a.transpose(a_order), b.transpose(b_order)
    stack = a.ndim - rows - summed
    lengths = a.shape[: stack + rows] + b.shape[stack + summed :]
    if not a.ndim == b.ndim == stack + 2:
        n = math.prod(a.shape[stack + rows :])
        a = a.reshape(*a.shape[:stack], math.prod(a.shape[stack : stack + rows]), n)
        b = b.reshape(*b.shape[:stack], n, math.prod(b.shape[stack + summed :]))
    return (a @ b).reshape(lengths).transpose(output_order)


def _from_sublists(operands):
    """Return ``'AB,BC->AC', a, b`` for ``a, [0, 1], b, [1, 2], [0, 2]``."""
    if len(operands) == 1:
        raise ValueError("einsum needs subscripts: einsum('ij->ji', x).")
    pairs = len(operands) // 2
    terms = [_letters(sublist) for sublist in operands[1::2]]
    output = ["->", _letters(operands[-1])] if len(operands) % 2 else []
    return ["".join([",".join(terms), *output]), *operands[: 2 * pairs : 2]]


def _letters(sublist):
    for index in sublist:
        if index is not Ellipsis and not 0 <= index < len(_NUMBERED):
            raise ValueError(
                f"einsum: index {index} is not from 0 to 51, nor Ellipsis."
            )
    return "".join("..." if i is Ellipsis else _NUMBERED[i] for i in sublist)


@functools.lru_cache(256)
def _explicit(subscripts, ranks):
    """Return the subscripts of each operand and of the output, letters alone.

    >>> _explicit("...ij,jk", (3, 2))
    (('aij', 'jk'), 'aik')
    """
    text = subscripts.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    if not arrow:
        once = [i for i in inputs if i.isalpha() and inputs.count(i) == 1]
        output = "..." + "".join(sorted(once))
    terms = inputs.split(",")
    hidden = [
        rank - len(term) + len("...") if "..." in term else 0
        for term, rank in zip(terms, ranks, strict=True)
    ]
    spare = "".join(i for i in ascii_letters if i not in text)[: max(hidden)]
    terms = [
        term.replace("...", spare[len(spare) - count :])  # aligned at the right
        for term, count in zip(terms, hidden, strict=True)
    ]
    return tuple(terms), output.replace("...", spare)


def _on_diagonal(values, term):
    """Return zeros with the values where the repeated indices of a term are equal."""
    indices = dict.fromkeys(term)
    spare = (i for i in ascii_letters if i not in indices)
    terms, arrays, output = ["".join(indices)], [values], ""
    for i in term:
        if i in output:
            length = values.shape[terms[0].index(i)]
            terms.append(i + next(spare))
            arrays.append(np.eye(length, dtype=values.dtype))
            i = terms[-1][1]
        output += i
    return np.einsum(f"{','.join(terms)}->{output}", *arrays)
