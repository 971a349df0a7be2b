"""A metric's state passed in and out, in place of one that changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.variable import borrowed


class Stateless:
    """The methods of a `Metric` as functions of its variables' values.

    They take the values in the order of `variables`, return new ones, and leave the
    metric as it is.
    """

    variables: Any
    update_state: Callable[..., None]
    reset_state: Callable[[], None]
    result: Callable[[], Any]

    def stateless_update_state(
        self, metric_variables: Sequence[Any], *args: Any, **kwargs: Any
    ) -> list[np.ndarray]:
        """Return the values of the variables after one more batch.

        Parameters
        ----------
        metric_variables : the values before, one for each of `variables`.
        *args, **kwargs : what `update_state` takes.

        Raises
        ------
        ValueError : another number of values, or one of another shape.

        Examples
        --------
        >>> from keratorch.metrics import Mean
        >>> mean = Mean()
        >>> mean.stateless_update_state([3.0, 1.0], [5.0, 6.0])
        [array(14.), array(3.)]
        """
        with borrowed(self.variables, metric_variables):
            self.update_state(*args, **kwargs)
            return _values(self)

    def stateless_result(self, metric_variables: Sequence[Any]) -> Any:
        """Return the result that these values of the variables make.

        Raises
        ------
        ValueError : another number of values, or one of another shape.

        Examples
        --------
        >>> from keratorch.metrics import Mean
        >>> float(Mean().stateless_result([14.0, 4.0]))
        3.5
        """
        with borrowed(self.variables, metric_variables):
            result = self.result()
            # A variable itself would change back with the metric.
            return result.numpy() if hasattr(result, "assign") else result

    def stateless_reset_state(self) -> list[np.ndarray]:
        """Return the values of the variables before the first batch.

        Examples
        --------
        >>> from keratorch.metrics import Mean
        >>> Mean().stateless_reset_state()
        [array(0.), array(0.)]
        """
        with borrowed(self.variables, _values(self)):
            self.reset_state()
            return _values(self)


def _values(metric: Stateless) -> list[np.ndarray]:
    return [variable.numpy() for variable in metric.variables]
