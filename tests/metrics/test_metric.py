import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, Variable, metrics
from keratorch.metrics import Mean, Metric, MetricVariable
from keratorch.naming import reset_names


class TruePositives(Metric):
    """Written as Keras's documentation writes a metric."""

    def __init__(self, name="true_positives", **kwargs):
        super().__init__(name=name, **kwargs)
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        hits = np.logical_and(np.equal(y_true, 1), np.greater(y_pred, 0.5))
        values = hits.astype(self.dtype)
        if sample_weight is not None:
            values = values * sample_weight
        self.count.assign(self.count + np.sum(values))

    def result(self):
        return self.count


def test_a_metric_of_ones_own_works_as_in_keras():
    metric = TruePositives()
    assert float(metric([1, 1, 0], np.array([0.9, 0.2, 0.8]))) == 1
    weight = np.array([3.0, 1.0, 1.0])
    metric.update_state([1, 1, 0], np.array([0.9, 0.2, 0.8]), sample_weight=weight)
    assert float(metric.result()) == 4
    assert [v.name for v in metric.variables] == ["count"]
    metric.reset_state()
    assert float(metric.result()) == 0


def test_a_metric_takes_its_config():
    metric = TruePositives(name="tp", dtype="float64")
    assert metric.get_config() == {"name": "tp", "dtype": "float64"}
    again = TruePositives.from_config(metric.get_config())
    assert (again.name, again.dtype) == ("tp", "float64")


def test_a_metric_without_a_name_is_numbered():
    class MyMetric(Metric):
        pass

    reset_names()
    assert [MyMetric().name, MyMetric().name] == ["my_metric", "my_metric_1"]


def test_a_metric_holds_other_metrics():
    class Both(Metric):
        def __init__(self):
            super().__init__(name="both")
            self.first = Mean()
            self.others = [Mean(), TruePositives()]

    both = Both()
    assert len(both.variables) == 5
    both.first.update_state(3.0)
    both.reset_state()
    assert float(both.first.result()) == 0


def test_forgetting_the_base_class_is_explained():
    class Forgetful(Metric):
        def __init__(self):
            self.total = self.add_variable(shape=())

    with pytest.raises(RuntimeError, match=r"must call super\(\).__init__\(\)"):
        Forgetful()


def test_missing_methods_are_named():
    class Empty(Metric):
        pass

    with pytest.raises(NotImplementedError, match="must define update_state"):
        Empty().update_state()
    with pytest.raises(NotImplementedError, match="must define result"):
        Empty().result()


def test_a_name_in_the_place_of_the_shape_is_explained():
    with pytest.raises(TypeError, match="Write name='tp'"):
        Mean().add_variable("tp")


@pytest.mark.parametrize("dtype", ["int32", "bool"])
def test_a_metric_computes_in_floats(dtype):
    with pytest.raises(TypeError, match="must be a float type"):
        Mean(dtype=dtype)


def test_a_variable_takes_any_initializer_and_shape():
    metric = TruePositives()
    ones = metric.add_variable(shape=(2, 3), initializer="ones", name="ones")
    assert (ones.shape, ones.ndim, ones.dtype, len(ones)) == ((2, 3), 2, "float32", 2)
    counts = metric.add_variable((3,), dtype="int32")
    counts.assign([1, 2, 3])
    assert counts.numpy().dtype == np.int32
    assert counts[1] == 2


def test_a_variable_changes_in_place():
    number = MetricVariable(1.0)
    number.assign_add(2)
    number.assign_sub(np.float32(0.5))
    assert float(number) == 2.5
    assert int(number) == 2
    alias = number
    number += 1
    assert alias is number
    assert float(alias) == 3.5
    vector = MetricVariable(np.zeros(2))
    vector.assign_add([1, 2])
    vector.assign_sub(np.array([0.5, 0.5]))
    np.testing.assert_array_equal(vector, [0.5, 1.5])


def test_a_variable_works_in_numpy():
    number, vector = MetricVariable(4.0), MetricVariable(np.array([1.0, 2.0]))
    assert np.sqrt(number) == 2
    assert number / 2 == 2
    assert 2 * number > number
    assert np.sum(vector) == 3
    np.testing.assert_array_equal(vector * number, [4, 8])
    np.testing.assert_array_equal(np.concatenate([vector, vector]), [1, 2, 1, 2])
    assert bool(number)


def test_a_variable_shares_no_memory():
    given = np.zeros(2)
    variable = MetricVariable(given)
    taken = variable.numpy()
    variable.assign_add([1.0, 1.0])
    later = np.array([5.0, 5.0])
    variable.assign(later)
    later[0] = 9
    np.testing.assert_array_equal(given, 0)
    np.testing.assert_array_equal(taken, 0)
    np.testing.assert_array_equal(variable, 5)


@pytest.mark.parametrize("value", [[1.0], np.zeros((1, 2)), np.zeros(3)])
def test_a_value_of_another_shape_is_refused(value):
    for variable in (MetricVariable(0.0, name="v"), MetricVariable(np.zeros(2))):
        if variable.shape != np.shape(value):
            with pytest.raises(ValueError, match="received a value of shape"):
                variable.assign(value)


def test_a_sum_over_many_samples_keeps_growing():
    mean = Mean()
    mean.update_state(0.0, sample_weight=2.0**25)
    mean.update_state(1.0, sample_weight=1.0)  # float32 would lose it
    assert float(mean.count) == 2**25 + 1


def test_metrics_take_what_a_model_returns():
    metric = metrics.MeanSquaredError()
    metric.update_state([[1.0]], GradArray([[3.0]]) * 1.0)
    assert float(metric.result()) == 4


def test_a_metric_may_compute_in_integers():
    total = metrics.Sum(dtype="int32")
    total.update_state([1.9, 2.9])
    assert total.result() == 3
    assert total.result().dtype == np.int32
    assert TruePositives(dtype="int64").dtype == "int64"


def test_the_dtype_may_be_a_policy():
    policy = keras.dtype_policies.DTypePolicy("float64")
    assert Mean(dtype=policy).dtype == "float64"
    assert Mean(dtype="mixed_float16").get_config()["dtype"] == "float32"


def test_a_variable_takes_an_array_as_its_first_value():
    metric = TruePositives()
    counts = metric.add_variable((2,), initializer=np.array([3, 4]), dtype="int")
    assert counts.numpy().tolist() == [3, 4]
    assert counts.dtype == "int32"


def test_variables_in_lists_and_dicts_belong_to_the_metric():
    metric, inner = TruePositives(), Mean()
    metric.more = {"a": [Variable(1.0, name="a")], "b": (inner, Variable(2.0))}
    metric.again = metric.more["a"][0]
    assert len(metric.variables) == 5
    assert metric.variables[-2:] == inner.variables
    metric.reset_state()
    assert metric.again.item() == 0


def test_stateless_methods_leave_the_metric_as_it_is():
    metric = TruePositives()
    metric.update_state([1, 1], np.array([0.9, 0.8]))
    state = metric.stateless_reset_state()
    assert [x.tolist() for x in state] == [0]
    for _ in range(3):
        state = metric.stateless_update_state(
            state, [1, 0], np.array([0.9, 0.8]), sample_weight=np.array([2.0, 1.0])
        )
    assert [float(x) for x in state] == [6]
    assert float(metric.stateless_result(state)) == 6
    assert float(metric.result()) == 2


def test_stateless_methods_put_the_state_back_after_an_error():
    mean = Mean()
    mean.update_state([4.0])
    with pytest.raises(TypeError, match="metrics need numbers"):
        mean.stateless_update_state([9.0, 9.0], ["a"])
    assert float(mean.result()) == 4
    with pytest.raises(ValueError, match="each of 2 variables; received 1"):
        mean.stateless_result([1.0])
    with pytest.raises(ValueError, match=r"shape \(\); received a value of shape"):
        mean.stateless_result([1.0, [1.0, 2.0]])
    assert float(mean.result()) == 4


def test_a_variable_tells_whose_it_is():
    metric = TruePositives(name="hits")
    assert [v.path for v in metric.variables] == ["hits/count"]
    assert not metric.variables[0].trainable
