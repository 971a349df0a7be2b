import numpy as np
import pytest

import keratorch as keras
from keratorch import optimizers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("quiet")


def steps(optimizer, count):
    w = keras.Variable(np.zeros(1))
    values = []
    for _ in range(count):
        optimizer.apply([np.ones(1)], [w])
        values.append(float(w.numpy()[0]))
    return -np.diff([0.0, *values])


def test_lr_is_the_learning_rate():
    assert float(optimizers.Adam(lr=0.5).learning_rate) == 0.5
    assert float(optimizers.SGD(lr=0.5).lr) == 0.5


def test_decay_divides_the_rate_by_1_plus_decay_times_updates():
    taken = steps(optimizers.SGD(lr=0.5, decay=0.1), 4)
    np.testing.assert_allclose(taken, 0.5 / (1 + 0.1 * np.arange(4)), rtol=1e-6)


def test_a_rate_that_decays_is_read_and_set_before_its_decay():
    optimizer, w = optimizers.SGD(lr=0.5, decay=1.0), keras.Variable(np.zeros(1))
    optimizer.apply([np.ones(1)], [w])
    assert float(optimizer.lr) == 0.5
    optimizer.lr = 3.0
    optimizer.apply([np.ones(1)], [w])
    assert w.item() == -0.5 - 1.5
    optimizer.lr.assign(6.0)
    optimizer.apply([np.ones(1)], [w])
    assert w.item() == -0.5 - 1.5 - 2.0


def test_callbacks_that_read_a_decaying_rate_do_not_compound_the_decay():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizers.SGD(lr=0.1, decay=1.0), "mse")
    callback = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
    history = model.fit(
        np.ones((4, 1)), np.ones((4, 1)), epochs=3, verbose=0, callbacks=[callback]
    ).history
    np.testing.assert_allclose(history["learning_rate"], 0.1, rtol=1e-6)


def test_a_schedule_of_today_still_overrules_a_number():
    schedule = optimizers.schedules.InverseTimeDecay(0.5, 1, 1.0)
    optimizer = optimizers.SGD(schedule)
    with pytest.raises(TypeError, match="overrule"):
        optimizer.learning_rate = 1.0


def test_no_decay_leaves_a_number():
    optimizer = optimizers.Adam(lr=0.5, decay=0.0)
    optimizer.learning_rate = 0.25
    assert float(optimizer.learning_rate) == 0.25


@pytest.mark.parametrize("name", ["Adam", "RMSprop", "Adagrad", "Adadelta", "Nadam"])
def test_epsilon_none_is_the_default(name):
    cls = getattr(optimizers, name)
    assert cls(epsilon=None).epsilon == cls().epsilon


@pytest.mark.parametrize(
    "name", ["SGD", "RMSprop", "Adam", "Adagrad", "Adamax", "Nadam"]
)
def test_small_letters_make_the_optimizer(name):
    assert type(getattr(optimizers, name.lower())(lr=0.1)) is getattr(optimizers, name)


def test_the_loop_of_pytorch_is_left_alone():
    w = keras.Variable(np.zeros(1))
    assert float(optimizers.Adam([w], lr=0.5).learning_rate) == 0.5


def test_a_module_of_keras_2_6_has_optimizers_whose_rate_decays(installed):
    from keras.optimizers import gradient_descent_v2

    sgd = gradient_descent_v2.SGD(learning_rate=0.5, decay=0.1)
    np.testing.assert_allclose(steps(sgd, 2), [0.5, 0.5 / 1.1], rtol=1e-6)


@pytest.mark.parametrize("rate", [(0.5,), [0.5]])
@pytest.mark.parametrize("by_name", [False, True])
def test_a_rate_may_be_a_tuple_of_one_number_in_older_scripts(installed, rate, by_name):
    first = {"lr": rate} if by_name else {}
    optimizer = optimizers.RMSprop(*([] if by_name else [rate]), decay=1.0, **first)
    assert float(optimizer.lr) == 0.5


@pytest.mark.parametrize("rate", [(0.5, 0.25), ("0.5",)])
def test_other_tuples_are_no_rates(installed, rate):
    with pytest.raises(TypeError, match="optimizes GradArrays"):
        optimizers.SGD(rate)


def test_a_tuple_of_one_parameter_is_no_rate(installed):
    w = keras.Variable(np.zeros(1))
    assert optimizers.SGD((w,), lr=0.5)._trainable_variables == [w]


def test_a_tuple_of_one_number_is_no_rate_today():
    with pytest.raises(TypeError, match="optimizes GradArrays; received float"):
        optimizers.SGD((0.5,))


@pytest.mark.parametrize(
    "script",
    [
        "model.fit(x, y, show_accuracy=True)",
        "from keras.models import Graph",
        "model.add(Dense(784, 128))",
    ],
)
def test_optimizers_of_keras_0_took_any_argument(script, installed):
    dialect.read(script)
    with pytest.warns(UserWarning, match="SGD does not know mu, and goes on"):
        sgd = optimizers.SGD(lr=0.5, mu=0.8, decay=0.1)
    assert float(sgd.momentum) == 0
    np.testing.assert_allclose(steps(sgd, 2), [0.5, 0.5 / 1.1], rtol=1e-6)


def test_later_ones_did_not(installed):
    dialect.read("model.fit(x, y, nb_epoch=3)")
    with pytest.raises(TypeError, match="SGD does not know the argument 'mu'"):
        optimizers.SGD(lr=0.5, mu=0.8)
