import threading

import numpy as np
import pytest

from keratorch import GradArray, Variable, initializers, random
from keratorch.errors import ArgumentError


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: random.normal((5,), seed=seed),
        lambda seed: random.truncated_normal((5,), seed=seed),
        lambda seed: random.uniform((5,), seed=seed),
        lambda seed: random.randint((5,), 0, 1000, seed=seed),
        lambda seed: random.categorical(np.zeros((1, 1000)), 5, seed=seed),
        lambda seed: random.shuffle(np.arange(100), seed=seed),
    ],
)
def test_the_kind_of_seed_decides_what_repeats(draw):
    np.testing.assert_array_equal(draw(3), draw(3))
    stream = random.SeedGenerator(3)
    first, second = draw(stream), draw(stream)
    assert (first != second).any()
    np.testing.assert_array_equal(first, draw(random.SeedGenerator(3)))
    random.set_seed(5)
    first, second = draw(None), draw(None)
    assert (first != second).any()
    random.set_seed(5)
    np.testing.assert_array_equal(first, draw(None))


def test_a_numpy_generator_serves_as_a_seed():
    stream = np.random.default_rng(1)
    assert random.generator(stream) is stream


@pytest.mark.parametrize("shape", [(), (0,), (3,), [2, 3], (2, 0, 4)])
@pytest.mark.parametrize("dtype", [None, "float16", "float32", "float64"])
def test_float_values_have_the_shape_and_dtype_asked_for(shape, dtype):
    for draw in (random.normal, random.truncated_normal, random.uniform):
        values = draw(shape, dtype=dtype, seed=1)
        assert isinstance(values, np.ndarray)
        assert values.shape == tuple(shape)
        assert values.dtype == (dtype or "float32")


def test_normal_has_its_mean_and_deviation():
    values = random.normal((100_000,), mean=2.0, stddev=3.0, seed=1)
    assert abs(values.mean() - 2) < 0.03
    assert abs(values.std() - 3) < 0.03


def test_truncated_normal_redraws_beyond_two_deviations():
    values = random.truncated_normal((100_000,), mean=1.0, stddev=0.5, seed=1)
    assert values.min() >= 0
    assert values.max() <= 2
    # the standard deviation of a normal distribution cut at two of its own
    assert abs(values.std() - 0.5 * 0.87962566) < 0.005
    # redrawn, not clipped: nothing piles up at the borders
    assert np.count_nonzero(values > 1.99) < 400


def test_uniform_never_reaches_its_upper_end():
    values = random.uniform((200_000,), 1.0, 1.0 + 2**-20, seed=1)
    assert values.min() >= 1.0
    assert values.max() < np.float32(1.0 + 2**-20)


def test_uniform_of_an_empty_range_is_its_value():
    np.testing.assert_array_equal(random.uniform((3,), 2.0, 2.0), [2.0] * 3)


def test_randint_covers_its_range_without_the_end():
    assert set(random.randint((1000,), -1, 2, seed=1).tolist()) == {-1, 0, 1}


def test_categorical_draws_with_softmax_probabilities():
    logits = np.log([[0.1, 0.2, 0.7], [0.5, 0.5, 1e-30]])
    draws = random.categorical(logits, 20_000, seed=1)
    assert draws.shape == (2, 20_000)
    assert draws.dtype == np.int32
    shares = np.stack([np.bincount(row, minlength=3) / 20_000 for row in draws])
    np.testing.assert_allclose(shares, np.exp(logits), atol=0.02)


def test_categorical_never_draws_an_impossible_class():
    draws = random.categorical([[-np.inf, 0.0, -np.inf]], 1000, seed=1)
    assert set(draws.ravel().tolist()) == {1}


def test_categorical_survives_huge_logits_and_empty_batches():
    assert random.categorical([[1e4, -1e4]], 2, seed=1).tolist() == [[0, 0]]
    assert random.categorical(np.zeros((0, 3)), 2, seed=1).shape == (0, 2)


def test_shuffle_moves_whole_slices_of_a_copy():
    x = np.arange(12).reshape(4, 3)
    rows = random.shuffle(x, seed=1)
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, x.tolist()))
    columns = random.shuffle(x, axis=1, seed=1)
    assert sorted(map(tuple, columns.T.tolist())) == sorted(map(tuple, x.T.tolist()))
    np.testing.assert_array_equal(x, np.arange(12).reshape(4, 3))


def test_seed_generator_round_trips_through_its_config():
    stream = random.SeedGenerator(7, name="mine")
    assert stream.get_config() == {"seed": 7, "name": "mine"}
    again = random.SeedGenerator.from_config(stream.get_config())
    np.testing.assert_array_equal(stream.next(), again.next())


def test_seed_generator_without_a_seed_follows_the_process_stream():
    random.set_seed(1)
    first = random.SeedGenerator().next()
    random.set_seed(1)
    np.testing.assert_array_equal(first, random.SeedGenerator().next())


def test_threads_may_share_the_process_stream():
    random.set_seed(1)
    drawn = []
    threads = [
        threading.Thread(target=lambda: drawn.append(random.normal((1000,))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({values.tobytes() for values in drawn}) == 4


@pytest.mark.parametrize("seed", ["1", 1.5, True, [1]])
def test_a_seed_of_another_type_is_refused(seed):
    with pytest.raises(ArgumentError, match="seed must be an int"):
        random.normal((2,), seed=seed)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: random.set_seed(-1), "seed must be >= 0"),
        (lambda: random.normal((2,), stddev=-1.0), "stddev must be >= 0"),
        (lambda: random.truncated_normal((2,), stddev=float("nan")), "stddev"),
        (lambda: random.normal((2,), dtype="int32"), "must be a float type"),
        (lambda: random.uniform((2,), 2.0, 1.0), "minval=2.0, maxval=1.0"),
        (lambda: random.randint((2,), 1, 1), "minval=1, maxval=1"),
        (lambda: random.randint((2,), 0, 1, dtype="float32"), "integer dtype"),
        (lambda: random.categorical([0.0, 1.0], 2), r"received shape \(2,\)"),
    ],
)
def test_wrong_arguments_are_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_dropout_scales_what_stays_and_lets_its_gradient_through():
    x = GradArray(np.full((50, 40), 3, "float32"))
    y = random.dropout(x, 0.25, seed=0)
    kept = y.numpy() != 0
    np.testing.assert_allclose(y.numpy()[kept], 4)
    assert 0.7 < kept.mean() < 0.8
    y.sum().backward()
    np.testing.assert_allclose(x.grad, kept / np.float32(0.75))
    assert y.dtype == x.grad.dtype == np.float32


def test_dropout_may_share_its_mask():
    y = random.dropout(np.ones((20, 30)), 0.5, noise_shape=(None, 1), seed=0)
    assert (y == y[:, :1]).all()
    assert set(np.unique(y)) == {0, 2}
    assert not random.dropout(np.ones(3), 1.0).any()
    assert random.dropout(np.ones(3), 0.0).all()
    assert not random.dropout(Variable(np.ones(3)), 1.0).numpy().any()


@pytest.mark.parametrize("rate, shape", [(1.5, None), (-0.1, None), (0.5, (2,))])
def test_dropout_refuses_other_rates_and_shapes(rate, shape):
    with pytest.raises(ValueError, match="dropout: "):
        random.dropout(np.ones(3), rate, shape)


@pytest.mark.parametrize(
    ("draw", "mean", "variance"),
    [
        (lambda n: random.gamma((n,), 2.5, seed=3), 2.5, 2.5),
        (lambda n: random.beta((n,), 2.0, 3.0, seed=3), 0.4, 0.04),
        (lambda n: random.binomial((n,), 10, 0.3, seed=3), 3.0, 2.1),
    ],
)
def test_moments_are_those_of_the_distribution(draw, mean, variance):
    values = draw(50_000)
    assert values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, rel=0.02)
    assert values.var() == pytest.approx(variance, rel=0.03)


def test_parameters_of_distributions_broadcast_to_the_shape():
    assert random.binomial((3, 2), [0, 5], [0.5, 1.0], seed=1).tolist() == [[0, 5]] * 3
    assert random.gamma((2, 3), [[1.0], [900.0]], "float64", 1)[1].min() > 500
    assert random.beta((2, 2), [1.0, 1e9], 1.0, seed=1)[:, 1].min() > 0.99


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: random.gamma((2,), 0.0), "alpha must be > 0; received 0"),
        (lambda: random.beta((2,), 1.0, -2.0), "beta must be > 0; received -2"),
        (lambda: random.binomial((2,), -1, 0.5), "counts must be >= 0; received -1"),
        (
            lambda: random.binomial((2,), 1, [0.5, 1.5]),
            "probabilities must be >= 0 and <= 1; received 1.5",
        ),
    ],
)
def test_parameters_outside_a_distribution_are_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_results_of_layers_may_be_parameters():
    logits = GradArray(np.array([[0.0, -np.inf], [-np.inf, 0.0]]))
    np.testing.assert_array_equal(random.categorical(logits, 2), [[0, 0], [1, 1]])
    np.testing.assert_array_equal(
        random.binomial((2,), 3, GradArray([0.0, 1.0])), [0, 3]
    )
    mean = GradArray([1.0, 2.0])
    random.normal((3, 2), mean, seed=1).sum().backward()
    np.testing.assert_array_equal(mean.grad, [3, 3])
    x = GradArray(np.arange(5.0))
    shuffled = random.shuffle(x, seed=1)
    np.testing.assert_array_equal(
        shuffled.numpy(), random.shuffle(np.arange(5.0), seed=1)
    )
    (shuffled * np.arange(5)).sum().backward()
    np.testing.assert_array_equal(x.grad[shuffled.numpy().astype(int)], np.arange(5))


@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_dropout_takes_a_generator_of_any_kind(kind):
    stream = np.random.Generator(kind(0))
    dropped = (
        np.asarray(random.dropout(np.ones(10000, "float32"), 0.3, seed=stream)) == 0
    )
    assert abs(dropped.mean() - 0.3) < 0.02
    assert abs(dropped[1::2].mean() - 0.3) < 0.03


@pytest.mark.parametrize("draw", [random.normal, random.uniform, random.randint])
def test_a_shape_may_be_one_length(draw):
    bounds = {"minval": 0, "maxval": 9} if draw is random.randint else {}
    np.testing.assert_array_equal(
        draw(5, seed=1, **bounds), draw((5,), seed=1, **bounds)
    )
    with pytest.raises(ValueError, match=r"shape must be a tuple of int.*None"):
        draw(None, **bounds)


@pytest.mark.parametrize("dtype", ["bfloat16", "flot32"])
def test_a_dtype_that_numpy_lacks_is_named_with_the_nearest(dtype):
    for make in (random.normal, random.gamma, random.randint, initializers.Ones()):
        more = {random.gamma: [1.0], random.randint: [0, 9]}.get(make, [])
        with pytest.raises(ValueError, match="Did you mean 'float"):
            make((2,), *more, dtype=dtype)
    assert random.normal((2,), dtype=float).dtype == np.float32


@pytest.mark.parametrize("inputs", [[1.0, 2.0], [1, 2], np.array([1, 2]), 3.0])
def test_dropout_of_numbers_without_a_float_dtype_is_in_floatx(inputs):
    assert random.dropout(inputs, 0.5, seed=1).dtype == np.float32
