"""Functions of functions: gradients, Jacobians, Hessians, products with them.

Each takes a function of arrays, numbers, or nested lists, tuples and dicts of them, and
returns another one, so that they compose: ``grad(grad(f))``, ``jacobian(grad(f))``.
Plain values in give plain values out.  Where something that wants a gradient goes in,
or is closed over, the results are GradArrays that can be differentiated again, unless
`no_grad` surrounds the call.
"""

from keratorch.transforms.checkpoint import checkpoint
from keratorch.transforms.derivatives import (
    elementwise_grad,
    grad,
    jvp,
    value_and_grad,
    vjp,
)
from keratorch.transforms.gradients import gradients
from keratorch.transforms.matrices import hessian, hvp, jacobian

__all__ = [
    "checkpoint",
    "elementwise_grad",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
]
