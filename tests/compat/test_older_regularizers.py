"""The factors of `l1_l2` that nobody gave."""

import pytest

import keratorch as keras
from keratorch.compat import dialect

TODAY = "from tensorflow.keras import regularizers"
OLDER = "from keras.layers.core import Dense"


@pytest.fixture
def regularizers(installed):
    import keras.regularizers

    yield keras.regularizers
    dialect.forget()


def factors(regularizer):
    return regularizer.get_config()["l1"], regularizer.get_config()["l2"]


@pytest.mark.parametrize("script", [TODAY, OLDER])
def test_both_are_a_hundredth_in_scripts_that_give_none(regularizers, script):
    dialect.read(script)
    assert factors(regularizers.l1_l2()) == (0.01, 0.01)
    assert factors(regularizers.l1l2()) == (0.01, 0.01)
    assert factors(regularizers.L1L2()) == (0.0, 0.0)
    assert factors(regularizers.l1_l2(0.5, 0.25)) == (0.5, 0.25)


@pytest.mark.parametrize(("script", "other"), [(TODAY, 0.0), (OLDER, 0.01)])
def test_the_other_one_is_that_of_the_scripts_age(regularizers, script, other):
    dialect.read(script)
    assert factors(regularizers.l1_l2(l1=0.5)) == (0.5, other)
    assert factors(regularizers.l1_l2(l2=0.5)) == (other, 0.5)


def test_scripts_for_keras_3_have_its_factors(regularizers):
    dialect.read("from keras import ops")
    assert factors(regularizers.l1_l2()) == (0.0, 0.0)


def test_it_is_a_class_where_no_script_runs():
    keras.compat.uninstall()
    assert keras.regularizers.l1_l2 is keras.regularizers.L1L2
