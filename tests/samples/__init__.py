"""Sample inputs for each differentiable function, which `test_every_grad.py` checks.

Each family has its file here: `SAMPLES` maps each Grad class to two or more samples,
and `COMPOSED` each NumPy function that is composed of others.
"""

import importlib
import pkgutil

SAMPLES: dict = {}
COMPOSED: dict = {}

for _found in pkgutil.iter_modules(__path__):
    _family = importlib.import_module(f"{__name__}.{_found.name}")
    SAMPLES.update(getattr(_family, "SAMPLES", {}))
    COMPOSED.update(getattr(_family, "COMPOSED", {}))
