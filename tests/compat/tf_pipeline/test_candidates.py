import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")


def test_candidates_follow_the_rank_of_words():
    draw = tf.random.log_uniform_candidate_sampler
    sampled, true, expected = draw([[0, 3]], 2, 4000, False, 8, seed=1)
    rates = np.log((np.arange(8) + 2) / (np.arange(8) + 1)) / np.log(9)
    shares = np.bincount(sampled, minlength=8) / 4000
    np.testing.assert_allclose(shares, rates, atol=0.03)
    np.testing.assert_allclose(true, 4000 * rates[[[0, 3]]], rtol=1e-5)
    np.testing.assert_allclose(expected, 4000 * rates[sampled], rtol=1e-5)


def test_unique_candidates_differ():
    draw = tf.random.uniform_candidate_sampler
    sampled, true, _ = draw([[1]], 1, 6, True, 6)
    assert sorted(sampled.numpy()) == list(range(6)) and 0 < float(true[0, 0]) <= 1
    with pytest.raises(ValueError, match="at most range_max=6"):
        draw([[1]], 1, 7, True, 6)
