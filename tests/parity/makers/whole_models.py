"""Histories of whole models of all kinds, and what became of their weights."""

import keras
import numpy as np
from whole_models import MODELS, weight_table

from .plain import numbers


def record(make):
    """One training of one model."""
    keras.backend.clear_session()
    history, model = make(keras)
    return {
        "name": make.__name__,
        "history": {key: numbers(np.float32(v)) for key, v in history.items()},
        "weights": [
            [path, shape, numbers(norm)] for path, shape, norm in weight_table(model)
        ],
    }


def make():
    return {"cases": [record(make) for make in MODELS]}
