"""Models in scikit-learn: in its pipelines, searches and cross validation."""

from keratorch.wrappers import scikit_learn
from keratorch.wrappers.modern import (
    NotFittedError,
    SKLearnClassifier,
    SKLearnRegressor,
    SKLearnTransformer,
)

__all__ = [
    "NotFittedError",
    "SKLearnClassifier",
    "SKLearnRegressor",
    "SKLearnTransformer",
    "scikit_learn",
]
