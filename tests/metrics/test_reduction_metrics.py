import numpy as np
import pytest

import keratorch as keras
from keratorch import losses, metrics
from keratorch.metrics import Mean, MeanMetricWrapper, Sum

VALUES = np.array([[1, 2, 3], [4, 5, 6]], np.float32)


@pytest.mark.parametrize(
    ("weight", "mean", "total"),
    # Keras 3.15: Mean() and Sum() of VALUES with these weights
    [
        (None, 3.5, 21.0),
        ([1, 3], 4.25, 51.0),
        ([[1], [3]], 4.25, 51.0),
        ([[1, 0, 2], [0, 1, 1]], 3.6, 18.0),
        (0.5, 3.5, 10.5),
        ([0, 0], 0.0, 0.0),
        ([[2, 0, 1]], 19 / 6, 19.0),
    ],
)
def test_weights_count_as_in_keras(weight, mean, total):
    for metric, expected in ((Mean(), mean), (Sum(), total)):
        metric.update_state(VALUES, sample_weight=weight)
        result = metric.result()
        assert type(result) is np.float32
        assert result == pytest.approx(expected, rel=1e-6)


def test_batches_add_up_to_the_whole():
    rng = np.random.default_rng(1)
    values, weight = rng.normal(size=(20, 3)), rng.uniform(size=20)
    for cls in (Mean, Sum):
        whole, parts = cls(dtype="float64"), cls(dtype="float64")
        whole.update_state(values, weight)
        for start in (0, 7, 11):
            stop = {0: 7, 7: 11, 11: 20}[start]
            parts.update_state(values[start:stop], weight[start:stop])
        assert parts.result() == pytest.approx(whole.result(), rel=1e-12)


def test_numbers_lists_and_integers_are_values():
    mean = Mean()
    mean.update_state(3.5)
    mean.update_state([1, 2])
    mean.update_state(np.array([200, 201], np.uint8))
    assert float(mean.result()) == pytest.approx((3.5 + 3 + 401) / 5)


def test_nothing_seen_is_zero():
    mean = Mean()
    mean.update_state([])
    assert mean.result() == 0
    mean.update_state(2.0)
    mean.reset_state()
    assert mean.result() == 0


def test_float16_values_do_not_overflow():
    mean = Mean()
    mean.update_state(np.full(1000, 1000, np.float16))
    assert mean.result() == 1000


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_result_has_the_dtype_asked_for(dtype):
    mean = Mean(dtype=dtype)
    mean.update_state([1, 2])
    assert mean.result().dtype == dtype


@pytest.mark.parametrize("weight", [[1, 2, 3], [[1, 2], [3, 4]], [1]])
def test_weights_of_another_length_are_refused(weight):
    with pytest.raises(ValueError, match=r"sample_weight of shape .* of shape \(2,"):
        Mean().update_state(VALUES, sample_weight=weight)


@pytest.mark.parametrize("values", [["a", "b"], [1j], [[1, 2], [3]]])
def test_values_that_are_no_numbers_are_refused(values):
    with pytest.raises(TypeError, match="numbers"):
        Mean().update_state(values)


def largest_error(y_true, y_pred, power=1):
    return np.max(np.abs(y_true - y_pred) ** power, axis=-1)


def test_a_function_is_averaged_over_samples():
    metric = MeanMetricWrapper(largest_error, name="largest", power=2)
    metric.update_state(np.zeros((2, 2)), np.array([[1.0, 2.0], [3.0, 0.0]]))
    assert float(metric.result()) == 6.5
    # Keras 3.15: MeanMetricWrapper(largest_error, name="largest", power=2).get_config()
    assert metric.get_config() == {
        "name": "largest",
        "dtype": "float32",
        "fn": {
            "module": "builtins",
            "class_name": "function",
            "config": "largest_error",
            "registered_name": "function",
        },
        "power": 2,
    }


def test_a_function_with_one_value_per_batch_is_averaged_over_batches():
    metric = MeanMetricWrapper(lambda t, p: np.mean(np.abs(t - p)))
    for n in (1, 9):
        metric.update_state(np.zeros(n), np.full(n, float(n)))
    assert float(metric.result()) == 5


def test_a_known_function_comes_back_from_the_configuration():
    metric = MeanMetricWrapper(metrics.mean_squared_error, name="error")
    for again in (
        MeanMetricWrapper.from_config(metric.get_config()),
        metrics.deserialize(metrics.serialize(metric)),
    ):
        again.update_state([[1.0]], [[3.0]])
        assert float(again.result()) == 4


def test_an_unknown_function_in_a_configuration_is_explained():
    config = MeanMetricWrapper(largest_error).get_config()
    with pytest.raises(ValueError, match="Put the function itself under 'fn'"):
        MeanMetricWrapper.from_config(config)
    again = MeanMetricWrapper.from_config({**config, "fn": largest_error})
    assert again.name == config["name"]


def test_a_loss_is_known_to_be_better_when_smaller():
    assert MeanMetricWrapper(metrics.mean_squared_error)._direction == "down"
    assert MeanMetricWrapper(largest_error)._direction is None


def test_what_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="fn must be a function"):
        MeanMetricWrapper("mse")


def test_a_registered_function_comes_back_from_the_configuration():
    @keras.saving.register_keras_serializable("reduction_tests", "worst")
    def worst(y_true, y_pred):
        return np.max(np.abs(y_true - y_pred), axis=-1)

    config = MeanMetricWrapper(worst, name="worst").get_config()
    assert config["fn"]["config"] == "reduction_tests>worst"
    again = MeanMetricWrapper.from_config(config)
    assert float(again(np.zeros((1, 2)), np.array([[1.0, -3.0]]))) == 3
    again = losses.LossFunctionWrapper(worst)
    assert again.get_config()["fn"]["config"] == "reduction_tests>worst"


def test_one_weight_does_not_stand_for_several_samples():
    with pytest.raises(ValueError, match="Give one weight per sample"):
        Mean().update_state([1.0, 2.0], sample_weight=[3.0])
