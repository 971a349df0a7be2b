"""The running averages of the weights, where a model is judged."""

from __future__ import annotations

from keratorch.callbacks.callback import Callback, Logs


class SwapEMAWeights(Callback):
    """Lets a model be evaluated with the running averages of its weights.

    Before a validation, `evaluate` or `predict` the weights and their averages, which
    an optimizer with ``use_ema=True`` keeps, change places; after it they change back.
    (In Keras 3.15 they stay exchanged after `predict`.)

    Parameters
    ----------
    swap_on_epoch : bool, whether they are exchanged at the end of each epoch too, for
        the callbacks that come after this one in the list.

    Raises
    ------
    ValueError : where they should change places, the optimizer keeps no averages.

    Source: Polyak & Juditsky (1992), 'Acceleration of Stochastic Approximation'.

    Examples
    --------
    >>> callback = SwapEMAWeights()
    """

    def __init__(self, swap_on_epoch: bool = False):
        self.swap_on_epoch = swap_on_epoch
        self._averages_in_model = False

    def _put_averages(self, wanted: bool) -> None:
        """Exchange weights and averages, unless they are as wanted already."""
        if self._averages_in_model != wanted:
            self.model.optimizer.swap_averages()
            self._averages_in_model = wanted

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Put the weights back."""
        if self.swap_on_epoch:
            self._put_averages(False)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Put the averages in."""
        if not self.swap_on_epoch or self._averages_in_model:
            return
        self._put_averages(True)
        if self.params is not None and epoch == self.params["epochs"] - 1:
            # After the last epoch `fit` writes the averages into the weights.
            self.model.optimizer.weights_to_averages()

    def on_test_begin(self, logs: Logs = None) -> None:
        """Put the averages in."""
        self._put_averages(True)

    def on_test_end(self, logs: Logs = None) -> None:
        """Put the weights back."""
        self._put_averages(False)

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Put the averages in."""
        self._put_averages(True)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Put the weights back."""
        self._put_averages(False)
