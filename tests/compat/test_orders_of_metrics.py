"""Names, types and reductions by position, in Keras 2's order and in today's."""

import numpy as np
import pytest

from keratorch.losses import Loss
from keratorch.metrics import Metric

pytestmark = pytest.mark.usefixtures("installed", "quiet")


class Total(Metric):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def update_state(self, y_true, y_pred, sample_weight=None):
        pass

    def result(self):
        return 0.0


class Differences(Loss):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def call(self, y_true, y_pred):
        return np.abs(y_true - y_pred).mean(axis=-1)


@pytest.mark.parametrize(
    ("args", "kwargs", "name", "dtype"),
    [
        (("cm", None), {}, "cm", "float32"),
        (("cm",), {"dtype": "float64"}, "cm", "float64"),
        (("cm", "float64"), {}, "cm", "float64"),
        ((None, "float64"), {}, "total", "float64"),
        (("float64", "cm"), {}, "cm", "float64"),
        (("float64",), {"name": "cm"}, "cm", "float64"),
        ((None, "cm"), {}, "cm", "float32"),
    ],
)
def test_metrics_take_names_and_types_in_either_order(args, kwargs, name, dtype):
    metric = Total(*args, **kwargs)
    assert metric.name.startswith(name)
    assert metric.dtype == dtype


@pytest.mark.parametrize(
    ("args", "kwargs", "name", "reduction"),
    [
        (("none", "far"), {}, "far", "none"),
        (("sum",), {"name": "far"}, "far", "sum"),
        (("auto", None), {}, "differences", "sum_over_batch_size"),
        (("far", "sum"), {}, "far", "sum"),
        (("far",), {"reduction": "sum"}, "far", "sum"),
        ((), {}, "differences", "sum_over_batch_size"),
    ],
)
def test_losses_take_names_and_reductions_in_either_order(
    args, kwargs, name, reduction
):
    loss = Differences(*args, **kwargs)
    assert loss.name.startswith(name)
    assert loss.reduction == reduction
