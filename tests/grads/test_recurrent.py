"""The fused recurrences equal the textbook, to any order, and compute no more."""

import copy
import itertools
import pickle

import numpy as np
import pytest

from keratorch import Grad, GradArray, config, gradients, graph, no_grad
from keratorch.grads import recompute, recurrent
from keratorch.grads.recurrent import GruGrad, LstmGrad, SimpleRnnGrad
from keratorch.kernels import gru, lstm

BATCH, TIME, FEATURES, UNITS = 3, 5, 2, 4
MASK = np.random.default_rng(5).random((BATCH, TIME)) < 0.6
MASK[1] = False

KINDS = {  # class, gates, states, leading axes of the bias, arguments
    "SimpleRnnGrad": (SimpleRnnGrad, 1, 1, (), {}),
    "LstmGrad": (LstmGrad, 4, 2, (), {}),
    "GruGrad": (GruGrad, 3, 1, (2,), {}),
    "GruGrad, reset before": (GruGrad, 3, 1, (), {"reset_after": False}),
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def made(kind, mask=None):
    """Return the inputs, their operation, and its textbook form."""
    operation, gates, states, biases, params = KINDS[kind]
    rng = np.random.default_rng(0)
    inputs = [
        rng.normal(size=(BATCH, TIME, FEATURES)),
        *rng.normal(size=(states, BATCH, UNITS)),
        rng.normal(size=(FEATURES, gates * UNITS)),
        rng.normal(size=(UNITS, gates * UNITS)),
        rng.normal(size=(*biases, gates * UNITS)),
    ]

    def fused(*inputs):
        return operation.apply(*inputs, mask=mask, **params)

    def textbook(*inputs):
        return operation.textbook(*inputs, mask=mask, **params)

    return [GradArray(x) for x in inputs], fused, textbook


def weighted(results):
    """Return a scalar to which each element of each result adds differently."""
    return sum((x * np.cos(np.arange(x.size)).reshape(x.shape)).sum() for x in results)


def assert_all_close(found, expected):
    for one, other in zip(found, expected, strict=True):
        one, other = getattr(one, "_array", one), getattr(other, "_array", other)
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@each_kind
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
def test_values_and_two_derivatives_are_those_of_the_textbook(kind, mask):
    inputs, *forms = made(kind, mask)
    found = []
    for form in forms:
        results = form(*inputs)
        first = gradients(weighted(results), inputs)
        recorded = gradients(weighted(form(*inputs)), inputs, create_graph=True)
        second = gradients(weighted(recorded), inputs)
        found.append([*results, *first, *recorded, *second])
    assert_all_close(*found)


@each_kind
def test_gradient_recorded_is_the_gradient_in_the_plain_walk(kind):
    inputs, fused, _ = made(kind, MASK)
    plain = gradients(weighted(fused(*inputs)), inputs)
    recorded = gradients(weighted(fused(*inputs)), inputs, create_graph=True)
    assert_all_close(plain, recorded)
    assert all(x.requires_grad for x in recorded)


@each_kind
def test_gradient_of_the_last_state_alone_needs_none_of_the_outputs(kind):
    inputs, fused, textbook = made(kind)
    found = gradients(weighted(fused(*inputs)[1:]), inputs)
    assert_all_close(found, gradients(weighted(textbook(*inputs)[1:]), inputs))


@each_kind
def test_product_that_nobody_wants_is_not_computed(kind, monkeypatch):
    inputs, fused, _ = made(kind)
    for x in (inputs[0], *inputs[-3:]):
        x.requires_grad = False
    results = fused(*inputs)
    for module, name in itertools.product(
        (recurrent.recurrent, lstm, gru), ("by_projected", "by_kernel")
    ):
        monkeypatch.delattr(module, name)
    weighted(results).backward()
    assert all(x.grad is not None for x in inputs[1:-3])


@each_kind
def test_backward_leaves_what_forward_kept_as_it_was(kind):
    inputs, fused, _ = made(kind, MASK)
    loss = weighted(fused(*inputs))
    once = gradients(loss, inputs)
    assert_all_close(once, gradients(loss, inputs))


@each_kind
@pytest.mark.parametrize(
    "twin", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_graph_can_be_copied(kind, twin):
    inputs, fused, _ = made(kind, MASK)
    loss = weighted(fused(*inputs))
    other = twin(loss)
    loss.backward()
    other.backward()
    (op,) = (
        op
        for op in graph.newest_first([other])
        if isinstance(op, recurrent.RecurrenceGrad)
    )
    assert_all_close([x.grad for x in op._inputs], [x.grad for x in inputs])


@each_kind
def test_bias_may_be_left_out(kind):
    inputs, fused, _ = made(kind)
    *others, bias = inputs
    bias.numpy()[...] = 0
    assert_all_close(fused(*others), fused(*inputs))
    found = gradients(weighted(fused(*others)), others)
    assert_all_close(found, gradients(weighted(fused(*inputs)), others))


@each_kind
def test_saturated_gates_overflow_nowhere(kind):
    inputs, fused, _ = made(kind)
    huge = [GradArray(x.numpy() * 1e4) for x in inputs]
    loss = weighted(fused(*huge))
    assert all(np.isfinite(g).all() for g in gradients(loss, huge))


def test_recomputing_does_not_visit_the_graph_before():
    class TripwireGrad(Grad):
        """out = x, and a graph that must not be looked at while `armed`."""

        armed = False

        def forward(self, x):
            return x.copy()

        def backward(self, grad):
            return grad

        def __getattribute__(self, name):
            if name == "_inputs" and TripwireGrad.armed:
                raise AssertionError("the graph before was visited")
            return super().__getattribute__(name)

    x = TripwireGrad.apply(GradArray(np.ones((1, 2, 1))))
    start = recompute.now()
    y = np.tanh(x) * 2
    TripwireGrad.armed = True
    assert graph.newest_first([y], since=start) == [
        y.grad_op,
        y.grad_op._inputs[0].grad_op,
    ]


@pytest.mark.parametrize("kind", ["LstmGrad", "GruGrad"])
def test_third_derivative_is_that_of_the_textbook(kind):
    found = []
    inputs, *forms = made(kind, MASK)
    x = inputs[0]
    for form in forms:
        y = weighted(form(*inputs))
        for _ in range(3):
            y = weighted([gradients(y, x, create_graph=True)])
        found.append([y])
    assert_all_close(*found)


def test_nothing_is_kept_where_nothing_is_recorded():
    inputs, fused, _ = made("LstmGrad")
    with no_grad():
        assert all(result.grad_op is None for result in fused(*inputs))


SIZES = {  # batch, time, features, units
    "several parts": (66, 20, 30, 32),
    "one step": (3, 1, 2, 4),
    "one sample": (1, 4, 3, 5),
    "one of all": (1, 1, 1, 1),
    "no sample": (0, 3, 2, 4),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dropped", [False, True], ids=["", "dropped"])
@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@each_kind
def test_fused_form_is_the_textbook_form(kind, size, dropped, dtype):
    operation, gates, states, biases, params = KINDS[kind]
    batch, time, features, units = size
    rng = np.random.default_rng(3)
    shapes = [
        (batch, time, features),
        *[(batch, units)] * states,
        (features, gates * units),
        (units, gates * units),
        (*biases, gates * units),
    ]
    inputs = [GradArray(rng.normal(size=s).astype(dtype) / 3) for s in shapes]
    mask = rng.random((batch, time)) < 0.7
    drops = rng.integers(0, 2, (gates, batch, units)).astype(dtype)
    params = {**params, "mask": mask, "drops": drops if dropped else None}
    found = []
    for fast in (True, False):
        config.set_fast(fast)
        try:
            results = operation.apply(*inputs, **params)
            loss = sum((x * x).sum() for x in results)
            found.append([*results, *gradients(loss, inputs)])
        finally:
            config.set_fast(True)
    for one, other in zip(*found, strict=True):
        one, other = getattr(one, "_array", one), getattr(other, "_array", other)
        assert one.dtype == other.dtype == dtype
        scale = max(1, np.abs(other).max(initial=0))
        tolerance = 4e-5 if dtype == np.float32 else 1e-13
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


@each_kind
def test_outputs_may_be_left_out(kind):
    operation, _, _, _, params = KINDS[kind]
    inputs, *_ = made(kind)
    _, *states = operation.apply(*inputs, **params)
    alone = operation.apply(*inputs, **params, return_sequences=False)
    assert_all_close(alone, states)
    found = gradients(weighted(alone), inputs)
    assert_all_close(found, gradients(weighted(states), inputs))


@each_kind
def test_textbook_is_drawn_step_by_step_without_fast_forms(kind):
    inputs, fused, _ = made(kind)
    config.set_fast(False)
    try:
        results = fused(*inputs)
    finally:
        config.set_fast(True)
    kinds = {type(op) for op in graph.newest_first(results)}
    assert not any(issubclass(cls, recurrent.RecurrenceGrad) for cls in kinds)
    assert all(isinstance(x, GradArray) for x in results)
