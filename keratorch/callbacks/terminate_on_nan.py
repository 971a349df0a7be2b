"""The end of training when the loss is no number any more."""

from __future__ import annotations

import math

from keratorch.callbacks.callback import Callback, Logs
from keratorch.utils.io_utils import print_msg


class TerminateOnNaN(Callback):
    """Stops `fit` after the batch in which the loss became NaN or infinite.

    Parameters
    ----------
    raise_error : bool, whether to raise instead, so that the program ends.

    Raises
    ------
    RuntimeError : with `raise_error`, a loss that is NaN or infinite.

    Examples
    --------
    >>> callback = TerminateOnNaN(raise_error=True)
    >>> callback.on_batch_end(3, {"loss": float("nan")})
    Traceback (most recent call last):
    ...
    RuntimeError: NaN or Inf loss at batch 3: nan...
    """

    def __init__(self, raise_error: bool = False):
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss at batch {batch}: {loss}. Take a smaller learning "
                "rate or clipnorm=1.0 in the optimizer, or look for NaN and Inf in the "
                "data."
            )
        print_msg(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
