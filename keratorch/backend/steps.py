"""Functions of the old backend that models may take as steps, by name.

Only functions of arrays are among them: a file must not change a setting.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from keratorch import backend
from keratorch.backend.made import made
from keratorch.lengths import length

STEPS: dict[str, Callable[..., Any]] = {
    **{
        name: function
        for name, function in vars(backend).items()
        if inspect.isfunction(function) and hasattr(function, "__wrapped__")
    },
    "length": length,
    "made": made,
    "reshape": backend.reshape,
}
_LIKE_KERAS = """
    abs all any argmax argmin cast concatenate cos cumprod cumsum dot elu equal exp
    expand_dims flatten greater greater_equal less less_equal log logsumexp max maximum
    mean min minimum not_equal ones_like one_hot prod relu reshape round sigmoid sign
    sin softmax softplus square squeeze stack std sum tanh transpose var zeros_like
"""
#: Those that compute what Keras's function of the name does, given all arguments.
LIKE_KERAS = frozenset(_LIKE_KERAS.split())
