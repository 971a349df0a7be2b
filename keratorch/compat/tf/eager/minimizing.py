"""`optimizer.minimize` of Keras 2 and TensorFlow, and `compute_gradients`, its half."""

from __future__ import annotations

from typing import Any

from keratorch.compat.tf.eager.tape import GradientTape
from keratorch.nested import flatten


def minimize(
    optimizer: Any, loss: Any, var_list: Any, grad_loss: Any = None, tape: Any = None
) -> Any:
    """Make a loss smaller by one update, and return the number of updates.

    The parameters are those of `compute_gradients`.

    Examples
    --------
    >>> from keratorch import Variable
    >>> from keratorch.optimizers import SGD
    >>> x = Variable(3.0)
    >>> _ = minimize(SGD(0.25), lambda: x * x, [x])
    >>> float(x)
    1.5
    """
    return optimizer.apply_gradients(
        compute_gradients("minimize", loss, var_list, grad_loss, tape)
    )


def compute_gradients(
    method: str, loss: Any, var_list: Any, grad_loss: Any = None, tape: Any = None
) -> list[tuple[Any, Any]]:
    """Return pairs of gradients and variables, for `apply_gradients`.

    Parameters
    ----------
    method : str, of the optimizer, for errors.
    loss : function without arguments, or the loss that `tape` recorded.
    var_list : variables, or a function that returns them.
    grad_loss : the gradient that arrives at the loss; default 1.
    tape : GradientTape, or None where the loss is a function.

    Raises
    ------
    ValueError : no variables, or a loss that is no function, without a tape.
    """
    if not callable(loss) and tape is None:
        raise ValueError("`tape` is required when a `Tensor` loss is passed.")
    if var_list is None:
        raise ValueError(
            f"optimizer.{method} needs var_list=, the variables that are changed: "
            "model.trainable_variables."
        )
    if tape is None:
        with GradientTape() as tape:
            loss = loss()
    variables = flatten(var_list() if callable(var_list) else var_list)
    gradients = tape.gradient(loss, variables, grad_loss)
    return list(zip(gradients, variables, strict=True))
