"""There is one device, and whoever wants several hears so."""

import numpy as np
import pytest

from keratorch import distribution


def test_the_processor_is_the_only_device():
    assert distribution.list_devices() == distribution.list_devices("CPU") == ["cpu:0"]
    assert distribution.list_devices("tpu") == []
    assert distribution.get_device_count() == 1
    with pytest.raises(ValueError, match="'npu'"):
        distribution.list_devices("npu")


def test_nothing_is_spread():
    distribution.set_distribution(None)
    distribution.initialize()
    assert distribution.distribution() is None


@pytest.mark.parametrize(
    "spread",
    [
        lambda: distribution.DataParallel(),
        lambda: distribution.set_distribution(object()),
        lambda: distribution.initialize("10.0.0.1:1234", 2, 0),
        lambda: distribution.initialize(num_processes=2),
        lambda: distribution.distribute_tensor(np.ones(2), None),
    ],
)
def test_spreading_is_refused_with_what_to_use(spread):
    with pytest.raises(NotImplementedError, match="set_num_threads"):
        spread()
