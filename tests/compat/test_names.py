import importlib

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.missing import Missing
from keratorch.compat.names import NAMES

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, names in NAMES.items() for name in names]
)
def test_an_older_name_of_a_room_can_be_imported(room, name):
    module = importlib.import_module(f"keratorch.{room}".rstrip("."))
    assert getattr(module, name) is not None or name == "newaxis"


@pytest.mark.parametrize("name", ["ParametricSoftplus", "SReLU"])
def test_a_name_that_is_gone_says_so_when_it_is_used(name):
    gone = getattr(keras.layers, name)
    assert isinstance(gone, Missing)
    with pytest.raises(
        NotImplementedError, match=f"keras.layers.{name}: Keras dropped it"
    ):
        gone(3)


def test_a_class_cannot_inherit_from_what_is_gone():
    with pytest.raises(NotImplementedError, match="SReLU"):

        class Own(keras.layers.SReLU):
            pass


def test_older_penalties_and_limits():
    assert float(keras.regularizers.l2(l=0.5)(np.ones(4))) == 2
    assert float(keras.regularizers.WeightRegularizer(l2=0.5)(np.ones(4))) == 2
    assert keras.constraints.maxnorm(m=3).max_value == 3
    assert isinstance(keras.constraints.get("nonneg"), keras.constraints.NonNeg)


def test_thresholded_relu():
    layer = keras.layers.ThresholdedReLU(theta=1.0)
    np.testing.assert_array_equal(layer(np.array([[0.5, 1.5]])).numpy(), [[0.0, 1.5]])


def test_older_functions_of_utils():
    assert keras.utils.to_categorical([1], nb_classes=3).tolist() == [[0, 1, 0]]
    y = np.array([[0.1, 0.9]])
    assert keras.utils.np_utils.probas_to_classes(y).tolist() == [1]
    assert keras.utils.multi_gpu_model("model", gpus=2) == "model"
