"""Variables, loops, phases, names and sessions of K."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import backend as K  # noqa: N812 - its name everywhere
from keratorch.compat.names import NAMES


@pytest.fixture(autouse=True)
def settings():
    yield
    K.clear_session()


def test_variables_are_read_and_written():
    x, y = K.variable([1.0, 2.0]), K.zeros((2,))
    K.set_value(x, [3, 4])
    K.batch_set_value([(y, [5.0, 6.0])])
    assert [v.tolist() for v in K.batch_get_value([x, y])] == [[3, 4], [5, 6]]
    assert K.update_add(x, 1).numpy().tolist() == [4, 5]
    assert K.update_sub(x, 2).numpy().tolist() == [2, 3]
    assert K.update(x, y).numpy().tolist() == [5, 6]
    K.moving_average_update(x, K.constant([0.0, 0.0]), 0.5)
    assert K.eval(x).tolist() == [2.5, 3]


def test_learning_rates_are_read_and_written():
    optimizer = keras.optimizers.SGD(0.1)
    rate = K.get_value(optimizer.learning_rate)
    K.set_value(optimizer.learning_rate, rate * 0.5)
    assert float(optimizer.learning_rate) == pytest.approx(0.05)


def test_only_variables_are_written():
    with pytest.raises(TypeError, match=r"needs a Variable.*received a ndarray"):
        K.set_value(np.ones(2), 1)


def test_tensors_are_described():
    x = K.constant(1.0, shape=(2, 3))
    assert (K.int_shape(x), K.ndim(x), K.dtype(x)) == ((2, 3), 2, "float32")
    assert K.count_params(x) == 6
    assert K.shape(x) == (2, 3)
    assert K.is_tensor(x) and not K.is_variable(x) and not K.is_keras_tensor(x)
    assert not K.is_sparse(x) and K.to_dense(x) is x
    assert K.eval(K.eye(2)).tolist() == [[1, 0], [0, 1]]
    assert K.eval(K.arange(1, 7, 2)).tolist() == [1, 3, 5]


def test_random_values_have_shape_seed_and_type():
    for draw in (K.random_normal, K.random_uniform, K.truncated_normal):
        one, other = draw((2, 3), seed=1), draw((2, 3), seed=1)
        assert one.shape == (2, 3) and K.dtype(one) == "float32"
        np.testing.assert_array_equal(K.eval(one), K.eval(other))
    assert set(K.eval(K.random_binomial((100,), p=0.5, seed=1))) == {0, 1}
    whole = K.eval(K.random_uniform((50,), 0, 3, dtype="int32", seed=1))
    assert set(whole) == {0, 1, 2}
    assert K.is_variable(K.random_normal_variable((2,), 0, 1, seed=1))


def test_the_phase_chooses():
    assert K.learning_phase() == 0
    assert K.in_train_phase("train", "test") == "test"
    K.set_learning_phase(1)
    assert K.in_train_phase(lambda: "train", "test") == "train"
    assert K.in_test_phase("test", "train", training=False) == "test"
    K.clear_session()
    assert K.learning_phase() == 0
    with pytest.raises(ValueError, match="0 or 1"):
        K.set_learning_phase(2)


def test_names_begin_anew():
    assert [K.get_uid("a"), K.get_uid("a"), K.get_uid("b")] == [1, 2, 1]
    keras.layers.Dense(1)
    K.clear_session()
    assert K.get_uid("a") == 1
    assert keras.layers.Dense(1).name == "dense"
    with K.name_scope("block") as scope:
        assert scope.name == "block"


def test_switch_takes_arrays_and_functions():
    assert K.switch(True, lambda: 1, lambda: 2) == 1
    chosen = K.switch(
        np.array([[True], [False]]), np.ones((2, 1, 2)), np.zeros((2, 1, 2))
    )
    assert K.eval(chosen)[:, 0].tolist() == [[1, 1], [0, 0]]
    with pytest.raises(ValueError, match="no more axes"):
        K.switch(np.ones((2, 2)), np.ones(2), np.ones(2))


def test_folds_go_from_either_end():
    def append(total, x):
        return total * 10 + x

    assert int(K.foldl(append, np.array([1, 2, 3]))) == 123
    assert int(K.foldr(append, np.array([1, 2, 3]))) == 321
    assert int(K.foldl(append, np.array([1, 2]), 9)) == 912


def running_sum(x, states):
    total = states[0] + x
    return total, [total]


def test_rnn_carries_states_and_constants():
    x = np.arange(6.0).reshape(1, 3, 2)
    last, outputs, states = K.rnn(running_sum, x, [np.zeros((1, 2))])
    np.testing.assert_array_equal(K.eval(outputs), np.cumsum(x, axis=1))
    np.testing.assert_array_equal(K.eval(last), K.eval(states[0]))
    _, back, _ = K.rnn(running_sum, x, [np.zeros((1, 2))], go_backwards=True)
    np.testing.assert_array_equal(K.eval(back), np.cumsum(x[:, ::-1], axis=1))

    def scaled(x, states):
        return x * states[1], states[:1]

    _, outputs, _ = K.rnn(scaled, x, [np.zeros((1, 2))], constants=[3.0])
    np.testing.assert_array_equal(K.eval(outputs), x * 3)
    _, outputs, _ = K.rnn(running_sum, x, [0.0], return_all_outputs=False)
    assert outputs.shape == (1, 1, 2)
    turned = np.swapaxes(x, 0, 1)
    _, outputs, _ = K.rnn(running_sum, turned, [0.0], time_major=True)
    np.testing.assert_array_equal(K.eval(outputs), np.cumsum(turned, axis=0))


@pytest.mark.parametrize("zero", [False, True])
def test_rnn_stands_still_where_masked(zero):
    x = np.ones((2, 3, 1))
    mask = np.array([[True, False, True], [True, True, False]])
    _, outputs, states = K.rnn(
        running_sum, x, [np.zeros((2, 1))], mask=mask, zero_output_for_mask=zero
    )
    hidden = 0 if zero else 1
    assert K.eval(outputs)[..., 0].tolist() == [[1, hidden, 2], [1, 2, 2 - 2 * zero]]
    assert K.eval(states[0])[:, 0].tolist() == [2, 2]
    lengths = K.rnn(running_sum, x, [np.zeros((2, 1))], input_length=[1, 3])
    assert K.eval(lengths[2][0])[:, 0].tolist() == [1, 3]


def test_print_tensor_prints_when_it_is_computed(capsys):
    K.print_tensor(np.arange(3), message="x =")
    assert capsys.readouterr().out == "x = [0 1 2]\n"
    K.print_tensor(np.arange(100.0), summarize=2)
    assert "..." in capsys.readouterr().out


def test_sessions_compute():
    x = K.placeholder((None, 2))
    with K.get_session() as session:
        assert session.run(None) is None
        found = session.run([x * 2], {x: np.ones((1, 2))})
    np.testing.assert_array_equal(found[0], [[2, 2]])
    K.set_session(session)


def test_the_backend_is_numpy():
    assert K.backend() == "numpy"


def test_names_that_there_are_not_are_explained():
    with pytest.raises(AttributeError, match="Did you mean 'softmax'"):
        K.softmaxx  # noqa: B018
    with pytest.raises(AttributeError, match="no sparse arrays"):
        K.ctc_label_dense_to_sparse  # noqa: B018


def test_every_public_name_is_there_and_documented():
    older = set(NAMES["backend"])  # which compat adds
    for name in set(K.__all__) - older:
        assert getattr(K, name).__doc__, name
