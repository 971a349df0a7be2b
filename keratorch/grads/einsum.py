"""Einstein's summation."""

from __future__ import annotations

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
        ranks = [np.ndim(x) for x in self.inputs]
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
        subscripts = f"{','.join(known)}->{''.join(own)}"
        optimize = bool(self.optimize)  # a path that was given fits the output alone
        result = np.einsum(subscripts, grad, *others, optimize=optimize)
        if len(own) < len(lengths):
            absent = [axis for axis, i in enumerate(lengths) if i not in own]
            result = np.expand_dims(result, tuple(absent))
        if result.shape != tuple(lengths.values()):
            result = np.broadcast_to(result, tuple(lengths.values()))
        return result if len(lengths) == x.ndim else _on_diagonal(result, term)


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


def _explicit(subscripts, ranks):
    """Return the subscripts of each operand and of the output, letters alone.

    >>> _explicit("...ij,jk", [3, 2])
    (['aij', 'jk'], 'aik')
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
    return terms, output.replace("...", spare)


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
