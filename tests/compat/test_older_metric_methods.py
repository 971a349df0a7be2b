import numpy as np
import pytest

import keratorch as keras
from keratorch.metrics import AUC, Mean, Metric, Precision

pytestmark = pytest.mark.usefixtures("installed")


class Largest(Metric):
    """The largest prediction, and how often it was forgotten."""

    def __init__(self, name="largest", **kwargs):
        super().__init__(name=name, **kwargs)
        self.seen = self.add_weight("seen", initializer="zeros")
        self.parts = self.add_weight("parts", (2,), initializer="ones")
        self.forgotten = 0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.seen.assign(max(float(self.seen), float(np.max(y_pred))))

    def result(self):
        return self.seen

    def reset_states(self):
        self.forgotten += 1
        super().reset_states()


def test_a_variable_of_a_metric_is_named_first():
    metric = Largest()
    assert (metric.seen.shape, metric.parts.shape) == ((), (2,))
    assert "seen" in metric.seen.name
    np.testing.assert_array_equal(metric.parts.numpy(), [1, 1])


@pytest.mark.parametrize("cls", [Precision, Mean, AUC])
def test_a_metric_forgets_by_its_older_method(cls):
    metric = cls()
    state = [variable.numpy() for variable in metric.variables]
    metric.update_state(*([[1.0, 0.0], [1.0, 1.0]] if cls is not Mean else [3.0]))
    metric.reset_states()
    for variable, before in zip(metric.variables, state, strict=True):
        np.testing.assert_array_equal(variable.numpy(), before)


def test_the_older_method_that_a_script_wrote_runs_between_epochs():
    metric = Largest()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[metric])
    before = metric.forgotten
    model.fit(np.ones((4, 2)), np.ones(4), epochs=3, verbose=0)
    assert metric.forgotten >= before + 2
    metric.seen.assign(5.0)
    metric.reset_state()
    assert float(metric.seen) == 0


def test_a_modern_method_goes_before_the_older_one():
    class Both(Largest):
        def reset_state(self):
            self.asked = True

    metric = Both()
    metric.reset_state()
    assert metric.asked
    assert metric.forgotten == 0


def test_weights_of_a_metric_are_its_variables_unless_it_has_others():
    metric = Mean()
    assert metric.weights == metric.variables and metric.stateful

    class Own(Mean):
        def __init__(self):
            super().__init__()
            self.weights = [1.0, 2.0]

    assert Own().weights == [1.0, 2.0]
