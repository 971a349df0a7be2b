"""Samples of the operations in `keratorch.grads.einsum`."""

import numpy as np
from hypothesis import strategies as st

from keratorch.grads import einsum

from .sample import Sample, complex_normal, fortran, normal, strided

SUMS = {  # subscripts: shapes of the operands
    # of one operand
    "i->i": [(3,)],
    "i->": [(3,)],
    "ij->": [(2, 3)],
    "ij->j": [(2, 3)],
    "ij->ji": [(2, 3)],
    "ba": [(2, 3)],
    "bA": [(2, 3)],
    "ijk->ki": [(2, 3, 2)],
    "...ij->...ji": [(2, 3, 2)],
    "...i->...": [(2, 3)],
    "i...": [(2, 3)],
    "...": [(2, 3)],
    "->": [()],
    "": [()],
    # along diagonals
    "ii": [(3, 3)],
    "ii->i": [(3, 3)],
    "iii->i": [(2, 2, 2)],
    "iji->j": [(2, 3, 2)],
    "iijj->ij": [(2, 2, 3, 3)],
    "iijj->i": [(2, 2, 3, 3)],
    "...ii->...i": [(2, 3, 3)],
    "...ii": [(2, 3, 3)],
    "ii,ij->j": [(2, 2), (2, 3)],
    "ii,i->i": [(2, 2), (2,)],
    "ij,jj->i": [(2, 3), (3, 3)],
    "ii,jj->ij": [(2, 2), (3, 3)],
    # of two operands
    "i,i": [(3,), (3,)],
    "i,j": [(2,), (3,)],
    "i,j->ji": [(2,), (3,)],
    "ij,jk": [(2, 3), (3, 2)],
    "ij,jk->ki": [(2, 3), (3, 2)],
    "ij,jk->": [(2, 3), (3, 2)],
    "ij,ij->ij": [(2, 3), (2, 3)],
    "ij,ij->i": [(2, 3), (2, 3)],
    "bij,bjk->bik": [(2, 2, 3), (2, 3, 2)],
    "zIj,jZ->IzZ": [(2, 2, 3), (3, 2)],
    "ij,k->k": [(2, 3), (4,)],  # i and j occur in one operand only
    "ij,k->jk": [(2, 3), (2,)],
    "ij,jk->k": [(2, 3), (3, 2)],
    ",i->i": [(), (3,)],
    ",": [(), ()],
    "i,->": [(3,), ()],
    " i j , j k -> i k ": [(2, 3), (3, 2)],
    # with an ellipsis
    "...ij,...jk": [(2, 2, 3), (3, 2)],
    "...ij,...jk->...ki": [(2, 3), (2, 3, 2)],
    "...,...": [(2, 3), (3,)],
    "i...,i...->...": [(2, 3), (2, 3)],
    "i...,i...->i...": [(3, 1), (3, 2, 2)],
    "...i,...i->...": [(2, 1, 3), (4, 3)],
    "...,i->i...": [(2,), (3,)],
    "a...b,b->...a": [(2, 2, 3), (3,)],
    "...i,j->j": [(3,), (2,)],
    # with axes of length 1 stretched
    "ij,ij->ij ": [(1, 3), (2, 3)],
    "ij,ij->": [(1, 3), (2, 1)],
    "ij,jk->ik": [(2, 1), (3, 2)],
    "i,i->": [(1,), (3,)],
    "i,i->i": [(1,), (1,)],
    "ii,i->i ": [(1, 1), (3,)],
    "ij->j ": [(2, 1)],
    # with nothing to sum
    "ij,jk->ik ": [(2, 0), (0, 3)],
    "ij,jk->ik  ": [(0, 2), (2, 3)],
    "ij->i ": [(2, 0)],
    "ii->i ": [(0, 0)],
    # of many operands
    "i,i,i->i": [(3,), (3,), (3,)],
    "ij,jk,kl->il": [(2, 2), (2, 3), (3, 2)],
    "i,j,k->kij": [(2,), (3,), (2,)],
    "bi,ij,bj->b": [(2, 2), (2, 3), (2, 3)],
    "...i,ij,...j,j->...": [(2, 2), (2, 3), (2, 3), (3,)],
}


def any_sum(draw):
    """A sample of subscripts that hypothesis makes up, with an ellipsis or without."""
    letters = "abCd"
    lengths = {i: draw(st.integers(1, 3)) for i in letters}
    terms = draw(st.lists(st.text(letters, max_size=3), min_size=1, max_size=3))
    used = draw(st.permutations(sorted({*"".join(terms)})))
    output = "".join(used[: draw(st.integers(0, len(used)))])
    stretched = st.just(())
    if draw(st.booleans()):
        terms, output = [f"...{term}" for term in terms], f"...{output}"
        stretched = st.sampled_from([(), (1,), (2,), (1, 2), (3, 1)])
    shapes = [
        (*draw(stretched), *[lengths[i] for i in term if i != "."]) for term in terms
    ]
    subscripts = f"{','.join(terms)}->{output}"
    optimize = draw(st.booleans())
    return Sample(
        lambda *xs: np.einsum(subscripts, *xs, optimize=optimize),
        *[normal(*shape) for shape in shapes],
    )


def sums():
    """Samples of every form of subscripts."""
    samples = [
        Sample(
            lambda *xs, subscripts=subscripts: np.einsum(subscripts, *xs),
            *[normal(*shape) for shape in shapes],
        )
        for subscripts, shapes in SUMS.items()
    ]
    for optimize in (True, False, "greedy", "optimal", ["einsum_path", (1, 2), (0, 1)]):
        samples.append(
            Sample(
                lambda a, b, c, optimize=optimize: np.einsum(
                    "ij,jk,kl->il", a, b, c, optimize=optimize
                ),
                normal(2, 3),
                normal(3, 2),
                normal(2, 2),
            )
        )
    return samples


def sublists():
    """Samples of subscripts that are lists of numbers."""
    return [
        Sample(lambda a: np.einsum(a, [0, 0]), normal(3, 3), like=any_sum),
        Sample(lambda a: np.einsum(a, (1, 0)), normal(2, 3)),
        Sample(lambda a: np.einsum(a, [30, 3]), normal(2, 3)),
        Sample(lambda a: np.einsum(a, [0, 1], [1]), normal(2, 3)),
        Sample(
            lambda a, b: np.einsum(a, [0, 1], b, [1, 2], [0, 2]),
            normal(2, 3),
            normal(3, 2),
        ),
        Sample(
            lambda a, b: np.einsum(a, [0, 51], b, [51, 2]), normal(2, 3), normal(3, 2)
        ),
        Sample(
            lambda a, b: np.einsum(a, [..., 1], b, [..., 1], [...]),
            normal(2, 3),
            normal(3),
        ),
    ]


SAMPLES = {
    einsum.EinsumGrad: [
        *sums(),
        *sublists(),
        Sample(
            lambda a, b: np.einsum("ij,jk", a, b),
            strided(normal(2, 3)),
            fortran(normal(3, 2)),
        ),
        Sample(lambda a: np.einsum("ij,ij->", a, a), normal(2, 3)),
        Sample(lambda a: np.einsum("ij,jk->ik", a, a), normal(2, 2)),
        Sample(lambda a: np.einsum("ij,ji", a, a.T), normal(2, 3)),
        Sample(lambda a: np.einsum(",i", 1.5, a), normal(3), keeps_dtype=False),
        Sample(
            lambda a: np.einsum("ij,j", [[1.0, 2.0, 3.0]], a),
            normal(3),
            keeps_dtype=False,
        ),
        Sample(
            lambda a, b: np.einsum("ij,jk->ik", a, b),
            complex_normal(2, 2),
            complex_normal(2, 1),
        ),
        Sample(lambda a, b: np.einsum("ii,i->", a, b), complex_normal(2, 2), normal(2)),
    ],
}
