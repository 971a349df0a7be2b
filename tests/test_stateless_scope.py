"""Within a scope variables hold other values, and after it their own."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers


def test_layer_computes_with_the_values_of_the_scope():
    layer = layers.Dense(2)
    x = np.ones((1, 3), np.float32)
    before = layer(x).numpy()
    pairs = [(layer.kernel, np.ones((3, 2))), (layer.bias, keras.Variable([1.0, 2.0]))]
    with keras.StatelessScope(pairs):
        np.testing.assert_array_equal(layer(x).numpy(), [[4, 5]])
    np.testing.assert_array_equal(layer(x).numpy(), before)


def test_what_is_assigned_inside_is_found_and_forgotten():
    given, other, alone = (keras.Variable(float(i)) for i in range(3))
    with keras.StatelessScope([(given, 10.0)]) as scope:
        given.assign_add(1.0)
        scope.add_update((other, 7.0))
        assert float(scope.get_current_value(other)) == float(other) == 7
    assert [float(v) for v in (given, other, alone)] == [0, 1, 2]
    assert float(scope.get_current_value(given)) == 11
    assert float(scope.get_current_value(other)) == 7
    assert scope.get_current_value(alone) is None


def test_running_averages_stay_as_they_were():
    layer = layers.BatchNormalization()
    x = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
    layer.build((None, 3))
    with keras.StatelessScope() as scope:
        layer(x, training=True)
    assert not layer.moving_mean.numpy().any()
    moved = scope.get_current_value(layer.moving_mean)
    np.testing.assert_allclose(moved.numpy(), 0.01 * x.mean(0), rtol=1e-4)


def test_scopes_inside_each_other_end_in_turn_and_after_errors():
    v = keras.Variable(0.0)
    with pytest.raises(KeyError), keras.StatelessScope([(v, 1.0)]):
        with keras.StatelessScope([(v, 2.0)]):
            assert float(v) == 2
        assert float(v) == 1
        raise KeyError
    assert float(v) == 0
    v.assign(3.0)
    assert float(v) == 3


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (lambda v: [(np.ones(2), 1.0)], "ndarray in the place of a variable"),
        (lambda v: [(v, np.ones(3))], r"shape \(2,\).*\(3,\)"),
        (
            lambda v: [(v, keras.GradArray([1.0, 2.0], requires_grad=True))],
            "stateless_call",
        ),
    ],
)
def test_pairs_that_cannot_be_are_refused(make, parts):
    with pytest.raises(ValueError, match=parts):
        keras.StatelessScope(make(keras.Variable([1.0, 2.0], name="v")))
    with pytest.raises(ValueError, match="return_losses=True"):
        keras.StatelessScope(collect_losses=True)


def test_symbolic_scope_ends():
    from keratorch.trial_runs import trying

    with keras.SymbolicScope():
        assert trying.get()
    assert not trying.get()
