"""Models of all kinds have the history of Keras's, batch for batch."""

import pytest

import keratorch as keras

from ..parity import whole_models
from ..references import assert_close, load

CASES = {case["name"]: case for case in load("whole_models")["cases"]}


@pytest.mark.parametrize("make", whole_models.MODELS, ids=lambda make: make.__name__)
def test_history_and_weights_are_those_of_keras(make):
    case = CASES[make.__name__]
    history, model = make(keras)
    assert list(history) == list(case["history"])
    for name, values in case["history"].items():
        assert_close(history[name], values, rtol=1e-5, atol=1e-7)
    table = whole_models.weight_table(model)
    assert [row[:2] for row in table] == [row[:2] for row in case["weights"]]
    norms = [[row[2] for row in rows] for rows in (table, case["weights"])]
    assert_close(*norms, rtol=1e-5, atol=1e-6)


def test_each_stored_model_is_compared():
    assert list(CASES) == [make.__name__ for make in whole_models.MODELS]
