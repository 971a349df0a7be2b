"""How operations with several results are sampled: by the vector that holds them all.

A sample's function returns one array, and the walk knows that of such an operation as
one vector, which ``SomeGrad.packed`` returns.
"""

import numpy as np

from .sample import Sample


def packed(operation, function, *inputs, of=lambda *xs: xs, **params):
    """Return a sample of all results of ``function(*of(*inputs), **params)``."""

    def end_to_end(*arrays):
        return np.concatenate([x.ravel() for x in function(*of(*arrays), **params)])

    return Sample(
        lambda *xs: operation.packed(*of(*xs), **params), *inputs, reference=end_to_end
    )
