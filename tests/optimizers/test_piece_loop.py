"""Weights in pieces, in bundles and on threads move as they do one by one."""

import copy
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, Variable, optimizers, speed, threads
from keratorch.optimizers import SGD, Adam, AdamW, Optimizer, pieces

OPTIMIZERS = {
    "SGD": lambda **k: optimizers.SGD(0.1, **k),
    "momentum": lambda **k: optimizers.SGD(0.1, momentum=0.9, **k),
    "nesterov": lambda **k: optimizers.SGD(0.1, momentum=0.9, nesterov=True, **k),
    "RMSprop": lambda **k: optimizers.RMSprop(0.1, momentum=0.5, centered=True, **k),
    "Adam": lambda **k: optimizers.Adam(0.1, **k),
    "AMSGrad": lambda **k: optimizers.Adam(0.1, amsgrad=True, **k),
    "AdamW": lambda **k: optimizers.AdamW(0.1, **k),
    "Adagrad": lambda **k: optimizers.Adagrad(0.1, **k),
    "Adadelta": lambda **k: optimizers.Adadelta(0.1, **k),
    "Adamax": lambda **k: optimizers.Adamax(0.1, **k),
    "Nadam": lambda **k: optimizers.Nadam(0.1, **k),
    "Lion": lambda **k: optimizers.Lion(0.1, **k),
    "Ftrl": lambda **k: optimizers.Ftrl(0.1, l1_regularization_strength=0.01, **k),
    "ScheduleFree": lambda **k: optimizers.ScheduleFreeAdamW(0.1, **k),
    "Lamb": lambda **k: optimizers.Lamb(0.1, **k),
    "Adafactor": lambda **k: optimizers.Adafactor(0.1, **k),
    "Muon": lambda **k: optimizers.Muon(0.1, **k),
    "scaled": lambda **k: optimizers.LossScaleOptimizer(Adam(0.1, **k), 8.0),
    "several": lambda **k: optimizers.MultiOptimizer(
        optimizers.OptimizerMap(Adam(0.1, **k), {"bias.*": SGD(0.1, **k)})
    ),
}
OPTIONS = [
    {},
    {"weight_decay": 0.1},
    {"clipnorm": 0.5},
    {"clipvalue": 0.1},
    {"global_clipnorm": 0.5},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
    {"loss_scale_factor": 8.0},
    {"gradient_accumulation_steps": 2},
    {"weight_decay": 0.1, "use_ema": True, "global_clipnorm": 0.5},
]
NUMPY_2 = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
EVERY = pytest.mark.parametrize("name", OPTIMIZERS)
SHAPES = [(30, 40), (40,), (3, 3, 2, 5), (5,), (), (0,), (40, 30), (30,), (7, 3)]


@pytest.fixture
def small_pieces(monkeypatch):
    """Let the tests' few numbers make several pieces and bundles."""
    monkeypatch.setattr(pieces, "PIECE", 128)
    monkeypatch.setattr("keratorch.optimizers.bundles.PIECE", 100)
    monkeypatch.setattr("keratorch.optimizers.bundles.SMALL", 95)


@pytest.fixture
def many_threads(monkeypatch, small_pieces):
    monkeypatch.setattr(pieces, "WORTH_THREADS", 0)
    monkeypatch.setattr(pieces, "PORTION", 1000)
    yield threads.set_num_threads
    threads.set_num_threads(None)


@pytest.fixture
def textbook():
    yield lambda: speed.set_fast(False)
    speed.set_fast(True)


def make_weights(dtype="float32"):
    rng = np.random.default_rng(5)
    weights = [
        Variable(rng.normal(size=shape), dtype=dtype, name=name)
        for shape, name in zip(SHAPES, "abcdefghi", strict=True)
    ]
    weights[-1].constraint = lambda w: np.maximum(w, -0.5)
    return weights


def make_gradients(step, dtype="float32"):
    rng = np.random.default_rng(step)
    return [rng.normal(size=shape).astype(dtype) for shape in SHAPES]


def trained(optimizer, steps=4, dtype="float32"):
    """Train some weights, the gradient of one of which is missing in between."""
    weights = make_weights(dtype)
    optimizer.exclude_from_weight_decay(var_names=["b", "d"])
    for step in range(steps):
        gradients = make_gradients(step, dtype)
        if step == 2:
            gradients[1] = None
        optimizer.apply(gradients, weights)
    return [weight.numpy() for weight in weights] + [
        variable.numpy() for variable in optimizer.variables
    ]


def assert_same(found, expected):
    for x, y in zip(found, expected, strict=True):
        assert x.dtype == y.dtype
        if x.ndim or NUMPY_2:
            np.testing.assert_array_equal(x, y)
        else:  # NumPy 1 computes numbers without axes in float64
            np.testing.assert_allclose(x, y, rtol=1e-5, atol=1e-6)


quiet = pytest.mark.filterwarnings("ignore:Gradients do not exist")


@quiet
@EVERY
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_fast_loop_equals_the_textbooks(
    name, options, dtype, small_pieces, textbook
):
    fast = trained(OPTIMIZERS[name](**options), dtype=dtype)
    textbook()
    assert_same(fast, trained(OPTIMIZERS[name](**options), dtype=dtype))


@quiet
@EVERY
def test_any_number_of_threads_gives_the_same_bits(name, many_threads):
    options = {"weight_decay": 0.1, "use_ema": True, "global_clipnorm": 0.5}
    found = []
    for count in (1, 2, 5):
        many_threads(count)
        found.append(trained(OPTIMIZERS[name](**options)))
    assert_same(found[1], found[0])
    assert_same(found[2], found[0])


def test_threads_do_not_warn_of_a_diverging_model(many_threads):
    many_threads(3)
    weights = [Variable(np.ones(500)), Variable(np.ones(500))]
    Adam().apply([np.full(500, 1e30, "float32")] * 2, weights)
    assert np.isfinite(weights[0].numpy()).all()


@pytest.mark.parametrize("fast", [True, False])
def test_weights_of_several_dtypes_are_kept_apart(fast, textbook):
    if not fast:
        textbook()
    weights = [Variable(np.ones(3), dtype=d) for d in ("f4", "f8", "f2", "f4", "f8")]
    optimizer = Adam(0.1)
    for _ in range(2):
        optimizer.apply([np.ones(3)] * 5, weights)
    assert [w.dtype for w in weights] == [
        "float32",
        "float64",
        "float16",
        "float32",
        "float64",
    ]
    np.testing.assert_array_equal(weights[0].numpy(), weights[3].numpy())
    np.testing.assert_allclose(weights[0].numpy(), weights[1].numpy(), rtol=1e-5)


# The weights belong to the user


def pair():
    return [Variable([1.0, 2.0], name="kernel"), Variable([3.0], name="bias")]


ONES = [np.ones(2, "float32"), np.ones(1, "float32")]


def test_weights_stay_in_their_memory():
    arrays = [np.ones((2, 3), "f4"), np.ones((3, 2), "f4").T, np.ones(9, "f4")[::3]]
    weights = [GradArray(array) for array in arrays]
    SGD(0.5).apply([np.ones(w.shape, "f4") for w in weights], weights)
    for weight, array in zip(weights, arrays, strict=True):
        assert weight._array is array
        assert (array == 0.5).all()


def test_weights_that_were_replaced_or_assigned_are_updated():
    kernel, bias = weights = pair()
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.apply(ONES, weights)
    kernel._array = np.array([10.0, 20.0], "float32")
    bias.assign([30.0])
    optimizer.apply(ONES, weights)
    np.testing.assert_array_equal(kernel.numpy(), [8.5, 18.5])
    np.testing.assert_array_equal(bias.numpy(), [28.5])


def test_weights_that_share_memory_are_updated_one_after_the_other():
    array = np.zeros(4, "float32")
    weights = [GradArray(array[:3]), GradArray(array[1:])]
    SGD(1.0).apply([np.ones(3), np.ones(3)], weights)
    np.testing.assert_array_equal(array, [-1, -2, -2, -1])


def test_gradients_of_some_weights_update_those_alone():
    weights = make_weights()
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.build(weights)
    before = [w.numpy() for w in weights]
    optimizer.apply([np.ones(5)], [weights[3]])
    for i, (weight, old) in enumerate(zip(weights, before, strict=True)):
        np.testing.assert_array_equal(weight.numpy(), old - (i == 3))


def test_a_weight_decay_that_is_assigned_acts_from_then_on():
    weights = pair()
    optimizer = SGD(0.5)
    optimizer.apply([np.zeros(2), np.zeros(1)], weights)
    optimizer.weight_decay = 0.5
    optimizer.apply([np.zeros(2), np.zeros(1)], weights)
    np.testing.assert_array_equal(weights[0].numpy(), [0.75, 1.5])
    np.testing.assert_array_equal(weights[1].numpy(), [2.25])


def test_each_weight_of_a_subclass_may_decay_at_its_own_rate():
    class Selective(AdamW):
        def decay_of(self, position):
            return [0.5, 0.0][position]

    kernel, bias = weights = pair()
    Selective(0.5).apply([np.zeros(2), np.zeros(1)], weights)
    np.testing.assert_array_equal(kernel.numpy(), [0.75, 1.5])
    np.testing.assert_array_equal(bias.numpy(), [3.0])


def test_a_graph_from_before_the_update_knows_that_its_weights_have_changed():
    weights = pair()
    loss = (weights[0] ** 2).sum() * weights[1].sum()
    SGD(0.1).apply(ONES, weights)
    with pytest.raises(keras.errors.GraphError):
        loss.backward()


# The slots belong to the optimizer


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_a_copy_trains_apart_from_the_original(copied):
    weights, optimizer = pair(), Adam(0.1)
    optimizer.apply(ONES, weights)
    twin, others = copied((optimizer, weights))
    twin.apply(ONES, others)
    for variable in optimizer.variables[2:]:
        assert not any(
            np.shares_memory(variable._array, x._array) for x in twin.variables
        )
    assert (others[0].numpy() < weights[0].numpy()).all()
    optimizer.apply(ONES, weights)
    assert_same(
        [x.numpy() for x in (*weights, *optimizer.variables)],
        [x.numpy() for x in (*others, *twin.variables)],
    )


def test_a_state_that_was_set_is_what_the_next_update_reads():
    weights, optimizer = pair(), SGD(1.0, momentum=0.5)
    optimizer.apply(ONES, weights)
    state = [x.numpy() for x in optimizer.variables]
    state[2:] = [np.array([4.0, 4.0]), np.array([8.0])]
    optimizer.set_weights(state)
    optimizer.apply(ONES, weights)
    np.testing.assert_array_equal(weights[0].numpy(), [1.0, 2.0])
    np.testing.assert_array_equal(weights[1].numpy(), [5.0])


def test_the_switch_may_change_in_the_middle_of_training(textbook):
    kinds = [[True] * 4, [True, False, True, False], [False] * 4]
    found = []
    for kind in kinds:
        weights, optimizer = pair(), Adam(0.1, use_ema=True)
        for fast in kind:
            speed.set_fast(fast)
            optimizer.apply(ONES, weights)
        found.append([x.numpy() for x in (*weights, *optimizer.variables)])
    assert_same(found[1], found[0])
    assert_same(found[2], found[0])


# Formulas of users


class Normed(Optimizer):
    def update(self, weight, gradient, *, rate, step, scratch):
        weight -= rate * gradient / np.linalg.norm(gradient)


class NormedAdam(Adam):
    update = Normed.update

    def __init__(self):
        super().__init__(1.0)
        self.slots = ()


@pytest.mark.parametrize("make", [lambda: Normed(1.0), NormedAdam])
def test_a_formula_that_says_nothing_gets_each_weight_whole(make, small_pieces):
    weights = [Variable(np.zeros(shape)) for shape in ((20, 20), (2, 2), (4,))]
    make().apply([np.ones(w.shape) for w in weights], weights)
    for weight, value in zip(weights, (-1 / 20, -1 / 2, -1 / 2), strict=True):
        np.testing.assert_allclose(weight.numpy(), value, rtol=1e-6)
