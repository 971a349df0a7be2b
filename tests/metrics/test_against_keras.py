"""Metrics have Keras's results after every update."""

import numpy as np

import keratorch as keras

from ..references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("metrics")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "metrics"]


@each(REFERENCES["cases"])
def test_metric_has_the_results_of_keras(case):
    metric = getattr(keras.metrics, case["class"])(**case["arguments"])
    columns = (case["y_true"], case["y_pred"], case["sample_weight"])
    for _ in range(2):
        for y_true, y_pred, weight, result in zip(
            *columns, case["results"], strict=True
        ):
            weight = None if weight is None else float32(weight)
            metric.update_state(float32(y_true), float32(y_pred), sample_weight=weight)
            assert_close(np.asarray(metric.result()), result)
        metric.reset_state()


@each(REFERENCES["means"])
def test_mean_has_the_results_of_keras(case):
    mean = keras.metrics.Mean()
    for values, weight, result in zip(
        case["values"], case["sample_weight"], case["results"], strict=True
    ):
        weight = None if weight is None else float32(weight)
        mean.update_state(float32(values), sample_weight=weight)
        assert_close(np.asarray(mean.result()), result)


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_metric_again(case):
    cls = getattr(keras.metrics, case["class"])
    assert_same_config(cls(**case["arguments"]).get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])
