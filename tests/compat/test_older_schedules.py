import math

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.training.older_schedules import (
    LinearCosineDecay,
    NoisyLinearCosineDecay,
)

pytestmark = pytest.mark.usefixtures("installed")


def test_the_rate_is_a_line_times_a_cosine():
    rate = LinearCosineDecay(0.2, 100, num_periods=1.5, alpha=0.1, beta=0.01)
    wave = 0.5 * (1 + math.cos(2 * math.pi * 1.5 * 0.3))
    assert float(rate(30)) == pytest.approx(0.2 * ((0.1 + 0.7) * wave + 0.01))
    wave = 0.5 * (1 + math.cos(2 * math.pi * 1.5))
    assert float(rate(500)) == pytest.approx(0.2 * (0.1 * wave + 0.01))
    assert np.shape(rate(np.arange(4))) == (4,)


def test_noise_falls_with_the_steps():
    keras.utils.set_random_seed(0)
    rate = NoisyLinearCosineDecay(1.0, 1000, num_periods=0.0, variance_decay=2.0)
    early, late = (np.std([float(rate(s)) for _ in range(200)]) for s in (1, 99))
    assert early == pytest.approx(1 / 2, rel=0.2)
    assert late == pytest.approx(1 / 100, rel=0.2)


@pytest.mark.parametrize("kind", [LinearCosineDecay, NoisyLinearCosineDecay])
def test_its_configuration_makes_it_again(kind):
    rate = kind(0.2, 100, beta=0.5, name="mine")
    again = kind.from_config(rate.get_config())
    assert again.get_config() == rate.get_config()


def test_scripts_find_them_among_the_experiments():
    import tensorflow as tf
    from keras import experimental

    found = experimental.LinearCosineDecay
    assert found is tf.keras.experimental.LinearCosineDecay is LinearCosineDecay
    optimizer = tf.keras.optimizers.SGD(found(0.5, 10))
    assert float(optimizer.learning_rate) == pytest.approx(0.5005)
