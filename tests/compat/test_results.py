import numpy as np
import pytest

import keratorch as keras
from keratorch import metrics


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "result",
    [
        lambda: metrics.Mean()([1.0, 3.0]),
        lambda: metrics.MeanIoU(num_classes=2)([0, 1], [0, 1]) + 1,
        lambda: metrics.mean_absolute_error(np.zeros(3), np.full(3, 2.0)),
    ],
    ids=["class", "arithmetic", "function"],
)
def test_results_of_metrics_are_numbers_of_numpy(result):
    assert float(result()) == pytest.approx(2)
    assert isinstance(result(), np.generic | np.ndarray)


@pytest.mark.usefixtures("installed")
def test_results_answer_to_numpy_in_a_script_for_keras():
    mean = metrics.Mean()
    mean.update_state([1.0, 3.0])
    assert type(mean.result().numpy()) is np.float32
    errors = metrics.mean_squared_error(np.zeros((2, 3)), np.ones((2, 3))).numpy()
    assert type(errors) is np.ndarray
    assert errors.tolist() == [1, 1]


@pytest.mark.usefixtures("installed")
def test_a_metric_of_the_users_own_answers_too():
    class Twice(metrics.Mean):
        def result(self):
            return super().result() * 2

    twice = Twice()
    assert twice([1.0, 2.0]).numpy() == 3


def test_elsewhere_they_are_plain():
    assert type(metrics.Mean()([1.0, 3.0])) is np.float32
    errors = metrics.mean_squared_error(np.zeros((2, 3)), np.ones((2, 3)))
    assert type(errors) is np.ndarray


def test_functions_of_metrics_are_known_to_compile():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[metrics.mean_absolute_error])
    history = model.fit(np.ones((4, 2)), np.ones(4), verbose=0).history
    assert sorted(history) == ["loss", "mean_absolute_error"]
