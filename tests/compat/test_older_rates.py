import importlib
import operator

import numpy as np
import pytest

import keratorch as keras
from keratorch import optimizers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")

OF_KERAS_1 = "import keras\nmodel.fit(x, y, nb_epoch=2)"
GRADIENTS = np.array([[0.5, -0.01], [0.1, 2.0], [-0.3, 1e-4]])


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def made(name):
    """Yield an optimizer made in each of the ways that scripts have."""
    yield optimizers.get(name.lower())
    yield getattr(optimizers, name)()
    yield optimizers.get({"class_name": name, "config": {}})


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        *(("Adadelta", 1.0), ("Adagrad", 0.01), ("Adamax", 0.002), ("Nadam", 0.002)),
        *(("Adam", 0.001), ("RMSprop", 0.001), ("SGD", 0.01)),
    ],
)
def test_a_rate_not_given_is_that_of_then(name, rate):
    dialect.read(OF_KERAS_1)
    assert [float(found.learning_rate) for found in made(name)] == [rate] * 3


@pytest.mark.parametrize(
    "script",
    [
        "import keras",
        "import tensorflow.keras as keras\nf(nb_epoch=2)",
        "from tensorflow import keras\nf(nb_epoch=2)",
        "import keras\nimport tensorflow as tf\ntf.keras.optimizers\nf(nb_epoch=2)",
    ],
)
def test_other_scripts_have_the_rate_of_today(script):
    dialect.read(script)
    assert float(optimizers.Adadelta().learning_rate) == 0.001
    assert optimizers.Adagrad().initial_accumulator_value == 0.1


@pytest.mark.parametrize("given", [{"lr": 0.5}, {"learning_rate": 0.5}])
def test_a_rate_that_is_given_stays(given):
    dialect.read(OF_KERAS_1)
    assert float(optimizers.Adadelta(**given).learning_rate) == 0.5
    assert float(optimizers.Adadelta(0.5).learning_rate) == 0.5


def test_a_configuration_keeps_its_numbers():
    today = optimizers.serialize(optimizers.Adagrad())
    dialect.read(OF_KERAS_1)
    found = optimizers.deserialize(today)
    assert optimizers.serialize(found) == today


def test_the_rate_of_then_is_said():
    dialect.read(OF_KERAS_1)
    with pytest.warns(UserWarning, match="today it is 0.001"):
        optimizers.Adamax()


def moved(optimizer):
    w = keras.Variable(np.ones(2), dtype="float64")
    for gradient in GRADIENTS:
        optimizer.apply([gradient], [w])
    return w.numpy()


def test_adadelta_steps_as_in_keras_1():
    dialect.read(OF_KERAS_1)
    w, a, d = np.ones(2), np.zeros(2), np.zeros(2)
    for g in GRADIENTS:
        a = 0.95 * a + 0.05 * g**2
        step = g * np.sqrt(d + 1e-8) / np.sqrt(a + 1e-8)
        d = 0.95 * d + 0.05 * step**2
        w = w - step
    np.testing.assert_allclose(moved(optimizers.Adadelta()), w, rtol=1e-7)


def test_adagrad_begins_without_a_sum_as_in_keras_1():
    dialect.read(OF_KERAS_1)
    w, a = np.ones(2), np.zeros(2)
    for g in GRADIENTS:
        a = a + g**2
        w = w - 0.01 * g / (np.sqrt(a) + 1e-8)
    np.testing.assert_allclose(moved(optimizers.Adagrad()), w, rtol=1e-6)


SMALL = np.array([[1e-4, -1e-6], [2e-5, 1e-7], [-3e-5, 1e-3]])
AGES = [OF_KERAS_1, "import keras\nf(lr=1)", "import tensorflow.keras\nf(lr=1)"]


def moved_by_small(optimizer):
    w = keras.Variable(np.ones(2), dtype="float64")
    for gradient in SMALL:
        optimizer.apply([gradient], [w])
    return w.numpy()


@pytest.mark.parametrize("script", AGES)
def test_rmsprop_adds_epsilon_to_the_root(script):
    dialect.read(script)
    w, v, epsilon = np.ones(2), np.zeros(2), optimizers.RMSprop().epsilon
    assert epsilon == (1e-8 if script == OF_KERAS_1 else 1e-7)
    for g in SMALL:
        v = 0.9 * v + 0.1 * g**2
        w = w - 0.5 * g / (np.sqrt(v) + epsilon)
    found = moved_by_small(optimizers.RMSprop(lr=0.5))
    np.testing.assert_allclose(found, w, rtol=1e-6)


@pytest.mark.parametrize("script", AGES)
def test_adagrad_adds_epsilon_to_the_root(script):
    dialect.read(script)
    start, epsilon = (0.0, 1e-8) if script == OF_KERAS_1 else (0.1, 1e-7)
    w, a = np.ones(2), np.full(2, start)
    for g in SMALL:
        a = a + g**2
        w = w - 0.5 * g / (np.sqrt(a) + epsilon)
    found = moved_by_small(optimizers.Adagrad(lr=0.5))
    np.testing.assert_allclose(found, w, rtol=1e-12)


def test_rmsprop_with_momentum_had_it_in_the_root():
    dialect.read(AGES[2])
    w, v, m = np.ones(2), np.zeros(2), np.zeros(2)
    for g in SMALL:
        v = 0.9 * v + 0.1 * g**2
        m = 0.5 * m + 0.5 * g / np.sqrt(v + 1e-7)
        w = w - m
    found = moved_by_small(optimizers.RMSprop(lr=0.5, momentum=0.5))
    np.testing.assert_allclose(found, w, rtol=1e-6)


def test_a_centered_rmsprop_adds_it_to_the_root():
    dialect.read(AGES[2])
    w, v, a = np.ones(2), np.zeros(2), np.zeros(2)
    for g in SMALL:
        v, a = 0.9 * v + 0.1 * g**2, 0.9 * a + 0.1 * g
        w = w - 0.5 * g / (np.sqrt(v - a**2) + 1e-7)
    found = moved_by_small(optimizers.RMSprop(lr=0.5, centered=True))
    np.testing.assert_allclose(found, w, rtol=1e-6)


def test_other_scripts_have_it_in_the_root():
    dialect.read("import keras")
    w, v = np.ones(2), np.zeros(2)
    for g in SMALL:
        v = 0.9 * v + 0.1 * g**2
        w = w - 0.5 * g / np.sqrt(v + 1e-7)
    found = moved_by_small(optimizers.RMSprop(0.5))
    np.testing.assert_allclose(found, w, rtol=1e-6)


def nadam_of_keras_2(rate, epsilon, schedule_decay):
    w, m, v, product = np.ones(2), np.zeros(2), np.zeros(2), 1.0
    for t, g in enumerate(GRADIENTS, 1):
        now = 0.9 * (1 - 0.5 * 0.96 ** (t * schedule_decay))
        then = 0.9 * (1 - 0.5 * 0.96 ** ((t + 1) * schedule_decay))
        product *= now
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        ahead = (1 - now) * g / (1 - product) + then * m / (1 - product * then)
        w = w - rate * ahead / (np.sqrt(v / (1 - 0.999**t)) + epsilon)
    return w


def test_nadam_steps_as_in_keras_1():
    dialect.read(OF_KERAS_1)
    expected = nadam_of_keras_2(0.002, 1e-8, 0.004)
    np.testing.assert_allclose(moved(optimizers.Nadam()), expected, rtol=1e-7)


def test_nadam_steps_as_in_tf_keras_2():
    dialect.read(AGES[2])
    expected = nadam_of_keras_2(0.1, 1e-7, 0.004)
    np.testing.assert_allclose(moved(optimizers.Nadam(lr=0.1)), expected, rtol=1e-7)


def test_schedule_decay_is_a_number_of_nadam():
    expected = nadam_of_keras_2(0.1, 1e-7, 0.01)
    found = moved(optimizers.Nadam(lr=0.1, schedule_decay=0.01))
    np.testing.assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize(
    ("name", "given", "named"),
    [
        ("SGD", (0.5, 0.9, 0.1, True), {"momentum": 0.9, "nesterov": True}),
        ("SGD", (0.5, 0.9, 0.1), {"momentum": 0.9, "nesterov": False}),
        ("SGD", (0.5, 0.9, True), {"momentum": 0.9, "nesterov": True}),  # of 2.3
        ("RMSprop", (0.5, 0.8, 1e-4), {"rho": 0.8, "epsilon": 1e-4, "momentum": 0}),
        ("Adagrad", (0.5, 1e-4), {"epsilon": 1e-4, "initial_accumulator_value": 0}),
        ("Adadelta", (0.5, 0.8, 1e-4, 0.1), {"rho": 0.8, "epsilon": 1e-4}),
        ("Adam", (0.5, 0.8, 0.9, None, 0.1), {"beta_2": 0.9, "epsilon": 1e-8}),
        ("Nadam", (0.5, 0.8, 0.9, 1e-4, 0.1), {"epsilon": 1e-4, "beta_1": 0.8}),
    ],
)
def test_arguments_by_place_are_those_of_then(name, given, named):
    dialect.read(OF_KERAS_1)
    found = getattr(optimizers, name)(*given)
    assert float(found.learning_rate) == 0.5
    assert {key: getattr(found, key) for key in named} == named


def test_decay_by_place_lets_the_rate_fall():
    dialect.read(OF_KERAS_1)
    optimizer, w = optimizers.SGD(0.5, 0.0, 1.0), keras.Variable(np.zeros(1))
    for _ in range(2):
        optimizer.apply([np.ones(1)], [w])
    assert w.item() == -0.5 - 0.25


@pytest.mark.parametrize("clipvalue", [None, 0.4])
@pytest.mark.parametrize("limit", [0.5, 9.0])
def test_clipnorm_is_of_all_gradients_together(limit, clipvalue):
    gradients = [np.array([3.0, 4.0]), np.array([[-1.0], [0.5]])]
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    expected = [g * min(limit / norm, 1) for g in gradients]
    if clipvalue:
        expected = [np.clip(g, -clipvalue, clipvalue) for g in expected]
    dialect.read(OF_KERAS_1)
    given = {"clipvalue": clipvalue} if clipvalue else {}
    optimizer = optimizers.SGD(1.0, clipnorm=limit, **given)
    weights = [keras.Variable(np.zeros(g.shape), dtype="float64") for g in gradients]
    optimizer.apply(gradients, weights)
    for weight, step in zip(weights, expected, strict=True):
        np.testing.assert_allclose(weight.numpy(), -step, rtol=1e-6)


def test_clipnorm_is_of_each_gradient_in_tf_keras():
    dialect.read(AGES[2])
    optimizer = optimizers.SGD(1.0, clipnorm=1.0)
    weights = [keras.Variable(np.zeros(2)), keras.Variable(np.zeros(2))]
    optimizer.apply([np.array([3.0, 4.0]), np.array([0.6, 0.0])], weights)
    np.testing.assert_allclose([w.numpy() for w in weights], [[-0.6, -0.8], [-0.6, 0]])


def updated(optimizer):
    """Return a weight after four updates, before the third of which decay is set."""
    weight = keras.Variable(GRADIENTS)
    for step in range(4):
        if step == 2:
            keras.backend.set_value(optimizer.decay, 0.25)
        optimizer.apply_gradients([(GRADIENTS, weight)])
    return weight.numpy()


@pytest.mark.parametrize("given", [0.0, 0.5])
@pytest.mark.parametrize("script", ["import keras", "import tensorflow.keras"])
def test_decay_can_be_read_and_set(script, given):
    dialect.read(script)
    optimizer = optimizers.SGD(0.1, decay=given)
    assert keras.backend.get_value(optimizer.decay) == np.float32(given)
    found = updated(optimizer)
    assert keras.backend.get_value(optimizer.decay) == 0.25
    # Without a decay at first there is none, and tf_keras 2.21 never reads what is set.
    then = 0.25 if given and script == "import keras" else given
    rates = [0.1 / (1 + given * n) for n in (0, 1)]
    rates += [0.1 / (1 + then * n) for n in (2, 3)]
    np.testing.assert_allclose(found, GRADIENTS * (1 - sum(rates)), rtol=1e-5)
    keras.backend.set_value(optimizer.lr, 0.125)
    assert float(optimizer.lr) == 0.125


def test_programs_of_today_have_no_decay():
    dialect.read("from keras import ops")
    with pytest.raises(AttributeError, match="SGD has no attribute 'decay'"):
        operator.attrgetter("decay")(optimizers.SGD(0.5))


@pytest.mark.parametrize(
    ("name", "weights"),  # of tf_keras 2.21 after the three gradients, one by one
    [
        ("RMSprop", [0.7913132905960083, -1.0000230073928833]),
        ("Adagrad", [0.9435393214225769, -1.0956159830093384]),
        ("Nadam", [0.918131947517395, -1.0061134099960327]),
    ],
)
def test_legacy_optimizers_have_the_formulas_of_keras_2(name, weights):
    legacy = importlib.import_module("keratorch.optimizers.legacy")
    optimizer = getattr(legacy, name)(0.1)
    w = keras.Variable(np.array([1.0, -1.0], "float32"))
    for gradient in GRADIENTS.astype("float32"):
        optimizer.apply([gradient], [w])
    np.testing.assert_allclose(w.numpy(), weights, rtol=1e-6)


def test_older_files_of_optimizers_have_them_too():
    rmsprop = importlib.import_module("keratorch.optimizers.rmsprop_v2").RMSprop
    assert rmsprop is importlib.import_module("keratorch.optimizers.legacy").RMSprop
    assert issubclass(rmsprop, optimizers.RMSprop)
    assert importlib.import_module("keratorch.optimizers.adam_v2").Adam is (
        optimizers.Adam
    )


def test_the_decay_of_legacy_nadam_is_ignored_with_a_warning():
    legacy = importlib.import_module("keratorch.optimizers.legacy")
    with pytest.warns(UserWarning, match="ignored by Keras 2, and so it is here"):
        optimizer = legacy.Nadam(0.1, decay=0.5)
    optimizer.iterations.assign(10)
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
