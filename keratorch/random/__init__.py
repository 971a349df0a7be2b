"""Random arrays: one stream for the whole process, or a stream of one's own by seed.

Each function takes ``seed``: None draws from the process's stream, which `set_seed`
restarts; an int gives the same values at each call; a `SeedGenerator` gives new values
at each call, the same ones in each run.
"""

from __future__ import annotations

from keratorch.random.distributions import (
    beta,
    binomial,
    categorical,
    gamma,
    normal,
    randint,
    shuffle,
    truncated_normal,
    uniform,
)
from keratorch.random.dropping import dropout
from keratorch.random.seeds import (
    Seed,
    SeedGenerator,
    check_seed,
    generator,
    set_seed,
)

__all__ = [
    "Seed",
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "check_seed",
    "dropout",
    "gamma",
    "generator",
    "normal",
    "randint",
    "set_seed",
    "shuffle",
    "truncated_normal",
    "uniform",
]
