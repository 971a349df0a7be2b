"""Metrics have Keras's results after every update."""

import numpy as np

import keratorch as keras

from ..references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("metrics")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "metrics"]
CONFIGS += REFERENCES["configs"]
STREAMS = {
    name: [tuple(map(float32, pair)) for pair in pairs]
    for name, pairs in REFERENCES["streams"].items()
}
WEIGHTS = [float32(weight) for weight in REFERENCES["weights"]]


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


@each(REFERENCES["streamed"])
def test_metric_has_the_results_of_keras_over_a_stream(case):
    metric = getattr(keras.metrics, case["class"])(**case["arguments"])
    for _ in range(2):
        for i, (y_true, y_pred) in enumerate(STREAMS[case["stream"]]):
            given = [WEIGHTS[i][: len(y_true)]] if case["weighted"] else []
            metric.update_state(y_true, y_pred, *given)
            result = metric.result()
            assert result.dtype == np.float32
            assert_close(result, case["results"][i])
        metric.reset_state()


@each([case for case in REFERENCES["streamed"] if case["weighted"]])
def test_weights_may_be_columns_and_lists(case):
    results = []
    for form in (lambda w: w, lambda w: w[:, None], lambda w: w.tolist()):
        metric = getattr(keras.metrics, case["class"])(**case["arguments"])
        for (y_true, y_pred), weight in zip(
            STREAMS[case["stream"]], WEIGHTS, strict=True
        ):
            metric.update_state(y_true, y_pred, form(weight[: len(y_true)]))
        results.append(np.asarray(metric.result()))
    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_array_equal(results[2], results[0])


@each(REFERENCES["functions"])
def test_function_has_the_values_of_keras(case):
    y_true, y_pred = STREAMS[case["stream"]][0]
    values = getattr(keras.metrics, case["function"])(
        y_true, y_pred, **case["arguments"]
    )
    assert values.dtype == np.float32
    assert_close(values, case["value"], rtol=2e-5)


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
