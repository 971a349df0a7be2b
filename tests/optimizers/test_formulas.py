"""Each optimizer is its formula: 200 steps in float64, element by element."""

import math

import numpy as np
import pytest

from keratorch import Variable, optimizers

RNG = np.random.default_rng(17)
STEPS = 200
GRADIENTS = RNG.normal(size=(STEPS, 4, 3))
GRADIENTS[10] = 0.0
GRADIENTS[20] *= 1e3
START = RNG.normal(size=(4, 3))


def path(optimizer, start=START, gradients=GRADIENTS):
    """The weights after all gradients."""
    weight = Variable(start, dtype="float64", name="kernel")
    for gradient in gradients:
        optimizer.apply([gradient], [weight])
    return weight.numpy()


def adagrad(w, gradients):
    total = np.full_like(w, 0.2)
    for g in gradients:
        total = total + g**2
        w = w - 0.1 * g / np.sqrt(total + 1e-3)
    return w


def adadelta(w, gradients):
    squares, changes = np.zeros_like(w), np.zeros_like(w)
    for g in gradients:
        squares = 0.9 * squares + 0.1 * g**2
        change = -np.sqrt(changes + 1e-3) / np.sqrt(squares + 1e-3) * g
        changes = 0.9 * changes + 0.1 * change**2
        w = w + 0.5 * change
    return w


def adamax(w, gradients):
    m, u = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m = 0.8 * m + 0.2 * g
        u = np.maximum(0.9 * u, np.abs(g))
        w = w - 0.1 / (1 - 0.8**t) * m / (u + 1e-3)
    return w


def nadam(w, gradients):
    m, v = np.zeros_like(w), np.zeros_like(w)
    factors = [0.8 * (1 - 0.5 * 0.96**t) for t in range(1, STEPS + 2)]
    for t, g in enumerate(gradients, start=1):
        m = 0.8 * m + 0.2 * g
        v = 0.9 * v + 0.1 * g**2
        now, following = math.prod(factors[:t]), math.prod(factors[: t + 1])
        ahead = factors[t] * m / (1 - following) + (1 - factors[t - 1]) * g / (1 - now)
        w = w - 0.1 * ahead / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)
    return w


def lion(w, gradients):
    m = np.zeros_like(w)
    for g in gradients:
        w = w - 0.1 * np.sign(0.8 * m + 0.2 * g)
        m = 0.9 * m + 0.1 * g
    return w


def lamb(w, gradients):
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m = 0.8 * m + 0.2 * g
        v = 0.9 * v + 0.1 * g**2
        step = m / (1 - 0.8**t) / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)
        trust = np.linalg.norm(w) / np.linalg.norm(step)
        w = w - 0.01 * trust * step
    return w


def ftrl(w, gradients):
    n, z = np.full_like(w, 0.2), np.zeros_like(w)
    for g in gradients:
        sigma = ((n + g**2) ** 0.7 - n**0.7) / 0.1
        z = z + g + 2 * 0.03 * w - sigma * w
        n = n + g**2
        towards = np.sign(z) * 0.5 - z
        w = towards / ((0.4 + n**0.7) / 0.1 + 2 * 0.02)
        w[np.abs(z) <= 0.5] = 0
    return w


def adafactor(w, gradients):
    row, column = np.zeros(4), np.zeros(3)
    for t, g in enumerate(gradients, start=1):
        beta = 1 - t**-0.7
        q = g**2 + 1e-6
        row = beta * row + (1 - beta) * q.mean(axis=1)
        column = beta * column + (1 - beta) * q.mean(axis=0)
        step = g / np.sqrt(np.outer(row, column) / row.mean())
        step = step / max(1.0, np.sqrt(np.mean(step**2)) / 0.5)
        size = max(0.1, np.sqrt(np.mean(w**2)))
        w = w - min(0.05, 1 / math.sqrt(t)) * size * step
    return w


def schedule_free(w, gradients):
    x, z, v = w, w, np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        v = 0.9 * v + 0.1 * g**2
        z = z - 0.1 * min(t / 10, 1) * g / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)
        x = (1 - 1 / t) * x + z / t
        w = 0.2 * z + 0.8 * x
    return w


def muon(w, gradients):
    m = np.zeros_like(w)
    for g in gradients:
        m = 0.9 * m + g
        x = (g + 0.9 * m).T
        x = x / (np.linalg.norm(x) + 1e-7)
        for _ in range(3):
            a = x @ x.T
            x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
        w = w - 0.1 * 0.02 * w - 0.02 * 0.2 * math.sqrt(4) * x.T
    return w


CASES = [
    (adagrad, optimizers.Adagrad(0.1, 0.2, 1e-3)),
    (adadelta, optimizers.Adadelta(0.5, 0.9, 1e-3)),
    (adamax, optimizers.Adamax(0.1, 0.8, 0.9, 1e-3)),
    (nadam, optimizers.Nadam(0.1, 0.8, 0.9, 1e-3)),
    (lion, optimizers.Lion(0.1, 0.8, 0.9)),
    (lamb, optimizers.Lamb(0.01, 0.8, 0.9, 1e-3)),
    (ftrl, optimizers.Ftrl(0.1, -0.7, 0.2, 0.5, 0.02, 0.03, 0.4)),
    (adafactor, optimizers.Adafactor(0.05, -0.7, 1e-6, 0.1, 0.5)),
    (schedule_free, optimizers.ScheduleFreeAdamW(0.1, 0.8, 0.9, 1e-3, 10)),
    (muon, optimizers.Muon(0.02, weight_decay=0.1, momentum=0.9, ns_steps=3)),
]
NAMED = pytest.mark.parametrize(
    ("formula", "optimizer"), CASES, ids=[formula.__name__ for formula, _ in CASES]
)


def fresh(optimizer):
    return type(optimizer).from_config(optimizer.get_config())


@NAMED
def test_200_steps_follow_the_formula(formula, optimizer):
    made = fresh(optimizer)
    made.learning_rate = float(optimizer.learning_rate)  # a config rounds it
    expected = formula(START, GRADIENTS)
    np.testing.assert_allclose(path(made), expected, rtol=1e-9, atol=1e-12)


@NAMED
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3, 2)])
def test_weights_of_every_shape_move_and_keep_their_dtype(formula, optimizer, shape):
    for dtype in ("float32", "float64"):
        weight = Variable(np.ones(shape), dtype=dtype)
        made = fresh(optimizer)
        for _ in range(2):
            made.apply([np.full(shape, 0.5, dtype)], [weight])
        assert weight.numpy().dtype == dtype
        assert weight.shape == shape
        assert np.isfinite(weight.numpy()).all()
        assert (weight.numpy() != 1).all()


@pytest.mark.parametrize("optimizer", [x for _, x in CASES if x.elementwise])
def test_large_weights_in_pieces_move_as_small_ones_do(optimizer):
    gradient = np.random.default_rng(1).normal(size=(600, 500))
    large, small = (
        path(fresh(optimizer), np.ones_like(g), [g, 2 * g])
        for g in (gradient, gradient[:2])
    )
    np.testing.assert_allclose(large[:2], small, rtol=1e-12)


@NAMED
def test_it_serves_the_loop_of_pytorch(formula, optimizer):
    weight = Variable(START, dtype="float64")
    made = type(optimizer)([weight], lr=0.01)
    for _ in range(3):
        made.zero_grad()
        (weight**2).sum().backward()
        made.step()
    assert np.square(weight.numpy()).sum() < np.square(START).sum()
    assert int(made.iterations) == 3


@NAMED
def test_it_is_found_by_its_name_and_its_configuration(formula, optimizer):
    name = type(optimizer).__name__
    for identifier in (name, name.lower(), name.upper(), type(optimizer)):
        assert type(optimizers.get(identifier)) is type(optimizer)
    described = optimizers.serialize(optimizer)
    assert optimizers.deserialize(described).get_config() == optimizer.get_config()


@NAMED
def test_excluded_weights_do_not_decay(formula, optimizer):
    arguments = {"learning_rate": 0.1, "weight_decay": 0.5}
    kept, decayed = (Variable([1.0, 2.0], name=name) for name in ("bias", "kernel"))
    made = type(optimizer)(**arguments)
    if type(optimizer) is optimizers.Muon:
        made.adam_weight_decay = 0.5  # of vectors
    made.exclude_from_weight_decay(var_names=["bias"])
    for _ in range(2):
        made.apply([np.full(2, 0.1)] * 2, [kept, decayed])
    assert (decayed.numpy() < kept.numpy()).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optimizers.Adagrad(initial_accumulator_value=-1), "initial_accumul"),
        (lambda: optimizers.Adadelta(rho=1.0), "rho must be a number in"),
        (lambda: optimizers.Adamax(beta_1=1.0), "beta_1 must be a number in"),
        (lambda: optimizers.Nadam(beta_2=-0.1), "beta_2 must be a number in"),
        (lambda: optimizers.Lion(beta_1=0), r"in \(0, 1\]; received 0"),
        (lambda: optimizers.Lamb(epsilon=-1), "epsilon must be a finite number"),
        (lambda: optimizers.Ftrl(learning_rate_power=0.5), "<= 0, such as -0.5"),
        (lambda: optimizers.Ftrl(l1_regularization_strength=-1), "l1_regulariz"),
        (lambda: optimizers.Adafactor(clip_threshold=0), "clip_threshold must be"),
        (lambda: optimizers.ScheduleFreeAdamW(warmup_steps=-1), "warmup_steps"),
        (lambda: optimizers.Muon(ns_steps=2.5), "ns_steps must be"),
    ],
)
def test_numbers_outside_their_range_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_ftrl_refuses_a_rate_of_0_before_it_changes_anything():
    weight = Variable([1.0])
    with pytest.raises(ValueError, match="divides by learning_rate"):
        optimizers.Ftrl(0.0).apply([np.ones(1)], [weight])
    assert weight.numpy() == 1


def test_ftrl_makes_weights_exactly_0():
    weight = Variable(np.ones(3))
    optimizer = optimizers.Ftrl(0.1, l1_regularization_strength=10.0)
    optimizer.apply([np.full(3, 0.1)], [weight])
    np.testing.assert_array_equal(weight.numpy(), 0)


def test_muon_leaves_vectors_embeddings_and_excluded_layers_to_adam():
    names = ["kernel", "bias", "embedding/table", "answer/kernel"]
    shapes = [(2, 3), (3,), (2, 3), (2, 3)]
    weights = [Variable(np.ones(s), path=n) for n, s in zip(names, shapes, strict=True)]
    optimizer = optimizers.Muon(exclude_layers=["answer"], name="muon")
    optimizer.build(weights)
    velocities = [x.path for x in optimizer.variables if x.path.endswith("velocity")]
    assert velocities == [
        "muon/bias_velocity",
        "muon/embedding_table_velocity",
        "muon/answer_kernel_velocity",
    ]


def test_muon_steps_have_singular_values_near_1():
    weight = Variable(np.zeros((20, 8)), dtype="float64")
    optimizer = optimizers.Muon(1.0, weight_decay=0.0, rms_rate=None)
    optimizer.apply([np.random.default_rng(2).normal(size=(20, 8))], [weight])
    sizes = np.linalg.svd(weight.numpy(), compute_uv=False)
    assert 0.6 < sizes.min() < sizes.max() < 1.3


def test_adafactor_keeps_rows_and_columns():
    optimizer = optimizers.Adafactor()
    optimizer.build([Variable(np.ones((5, 2, 3))), Variable(np.ones(4))])
    shapes = [x.shape for x in optimizer.variables[2:]]
    assert shapes == [(5, 2), (5, 3), (5, 2, 3), (), (), (4,)]
