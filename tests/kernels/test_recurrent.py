"""Parts of a batch: cut by shapes alone, worth their threads."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients, no_grad
from keratorch.grads.recurrent import GruGrad, LstmGrad, SimpleRnnGrad
from keratorch.kernels import parts, recurrent
from keratorch.kernels.recurrent import (
    back_through,
    parts_of,
    skipped_rows,
    stretches_of,
)

MUCH = 2**30


@pytest.mark.parametrize("batch", [0, 1, 15, 16, 31, 32, 33, 64, 100, 128, 129, 1000])
def test_parts_are_the_whole_batch_in_order(batch):
    for products in (0, MUCH):
        parts = parts_of(batch, 10, products)
        rows = [row for part in parts for row in range(batch)[part]]
        assert rows == list(range(batch))


def test_little_work_is_one_part():
    assert parts_of(1000, 1, 2**10) == [slice(0, 1000)]
    assert parts_of(63, 10, MUCH) == [slice(0, 63)]
    assert parts_of(64, 10, MUCH) == [slice(0, 32), slice(32, 64)]
    assert len(parts_of(128, 10, MUCH)) == 2
    assert len(parts_of(512, 10, MUCH)) == 4


def test_short_steps_are_not_cut_however_many_they_are():
    gate = (28 + 64) * 64
    assert len(parts_of(128, 10**6, 2 * gate)) == 1
    assert len(parts_of(128, 28, 4 * gate)) == 2
    assert len(parts_of(512, 28, 2 * gate)) == 2  # nor into many short ones
    assert len(parts_of(512, 28, 4 * gate)) == 4


def test_gates_add_short_calls_so_that_they_are_cut_later():
    gate = (28 + 64) * 64
    assert len(parts_of(128, 28, 4 * gate, gated=True)) == 1
    assert len(parts_of(256, 28, 4 * gate, gated=True)) == 2
    assert len(parts_of(512, 28, 4 * gate, gated=True)) == 2


@pytest.mark.parametrize(
    "operation, gates, states, units, count",
    [(SimpleRnnGrad, 1, 1, 192, 2), (LstmGrad, 4, 2, 80, 1), (GruGrad, 3, 1, 120, 1)],
)
def test_each_operation_says_whether_it_has_gates(
    operation, gates, states, units, count
):
    # at a time each multiplies some three million numbers
    shapes = [(64, 6, 64), *[(64, units)] * states]
    shapes += [(64, gates * units), (units, gates * units)]
    op = operation(*map(np.zeros, shapes), None)
    op.compute(*op.inputs)
    assert len(op.parts) == count


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize(
    "operation, gates, states, biases, params",
    [
        (SimpleRnnGrad, 1, 1, (), {}),
        (LstmGrad, 4, 2, (), {}),
        (GruGrad, 3, 1, (2,), {}),
        (GruGrad, 3, 1, (), {"reset_after": False}),
    ],
)
def test_without_a_way_back_the_results_are_the_same_bits(
    operation, gates, states, biases, params, sequences, masked
):
    rng = np.random.default_rng(2)
    shapes = [(6, 9, 3), *[(6, 4)] * states, (3, gates * 4), (4, gates * 4)]
    inputs = [GradArray(rng.normal(size=s)) for s in (*shapes, (*biases, gates * 4))]
    params = {
        "mask": rng.random((6, 9)) < 0.7 if masked else None,
        "return_sequences": sequences,
        **params,
    }
    expected = operation.apply(*inputs, **params)
    constants = [GradArray(x.numpy(), requires_grad=False) for x in inputs]
    with no_grad():
        found = [operation.apply(*inputs, **params)]
    found.append(operation.apply(*constants, **params))
    for results in found:
        for one, other in zip(results, expected, strict=True):
            np.testing.assert_array_equal(one.numpy(), other.numpy())


@pytest.mark.parametrize(
    "operation, gates, states", [(LstmGrad, 4, 2), (GruGrad, 3, 1)]
)
def test_steps_share_memory_where_no_way_leads_back(
    operation, gates, states, monkeypatch
):
    made, kernel = [], operation.kernel

    def noted(*args, **options):
        made.append(kernel(*args, **options))
        return made[-1]

    monkeypatch.setattr(operation, "kernel", staticmethod(noted))
    shapes = [(2, 9, 3), *[(2, 4)] * states, (3, gates * 4), (4, gates * 4)]
    inputs = [GradArray(np.ones(shape)) for shape in shapes]
    with no_grad():
        operation.apply(*inputs, None)
    operation.apply(*inputs, None)
    shared, own = ([x.strides[0] == 0 for x in tape[2:]] for tape in made)
    assert all(shared) and not any(own)


def test_steps_that_skip_nothing_say_so():
    mask = np.array([[True, False, True], [True, True, False]])
    assert skipped_rows(None, 3) == [None] * 3
    rows = skipped_rows(mask, 3)
    assert rows[0] is None
    np.testing.assert_array_equal(rows[1], [0])
    np.testing.assert_array_equal(rows[2], [1])


@pytest.mark.parametrize(
    "operation, gates, states, biases",
    [(SimpleRnnGrad, 1, 1, ()), (LstmGrad, 4, 2, ()), (GruGrad, 3, 1, (2,))],
)
def test_bits_are_those_of_any_number_of_threads(operation, gates, states, biases):
    rng = np.random.default_rng(0)
    shapes = [
        (130, 40, 30),
        *[(130, 128)] * states,
        (30, gates * 128),
        (128, gates * 128),
        (*biases, gates * 128),
    ]
    inputs = [GradArray(rng.normal(size=s).astype("float32") / 8) for s in shapes]
    assert len(parts_of(130, 40, 2 * 158 * 128, gated=True)) > 1
    assert len(parts_of(130, 40, 158 * 128)) > 1
    mask = rng.random((130, 40)) < 0.8
    found = []
    for count in (1, 2, 5):
        config.set_num_threads(count)
        try:
            results = operation.apply(*inputs, mask=mask)
            sums = gradients(sum((x * x).sum() for x in results), inputs)
        finally:
            config.set_num_threads(None)
        found.append([*[x.numpy() for x in results], *sums])
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("steps", [0, 1, 7, 100])
@pytest.mark.parametrize("numbers", [0, 1, 2**16, 2**30])
def test_stretches_are_all_steps_the_last_ones_first(steps, numbers):
    stretches = stretches_of(steps, numbers)
    found = [t for stretch in reversed(stretches) for t in range(steps)[stretch]]
    assert stretches and found == list(range(steps))


@pytest.mark.parametrize("wanted", range(2, 5), ids=["kernel", "recurrent", "bias"])
@pytest.mark.parametrize(
    "operation, gates, states, biases, params",
    [
        (SimpleRnnGrad, 1, 1, (), {}),
        (LstmGrad, 4, 2, (), {}),
        (GruGrad, 3, 1, (2,), {}),
        (GruGrad, 3, 1, (), {"reset_after": False}),
    ],
)
def test_gradients_of_stretches_add_up(
    operation, gates, states, biases, params, wanted, monkeypatch
):
    rng = np.random.default_rng(1)
    shapes = [(5, 9, 3), *[(5, 4)] * states]
    shapes += [(3, gates * 4), (4, gates * 4), (*biases, gates * 4)]
    inputs = [GradArray(rng.normal(size=s), requires_grad=False) for s in shapes]
    inputs[wanted + states - 1].requires_grad = True
    params = {
        "mask": rng.random((5, 9)) < 0.7,
        "drops": rng.integers(0, 2, (gates, 5, 4)).astype(float),
        **params,
    }
    found = []
    for numbers, threads in [(2**18, 1), (2 * gates * 20, 1), (2 * gates * 20, 3)]:
        monkeypatch.setattr(recurrent, "_STRETCH", numbers)
        config.set_num_threads(threads)
        try:
            loss = sum((x * x).sum() for x in operation.apply(*inputs, **params))
            found.append(gradients(loss, inputs[wanted + states - 1]))
        finally:
            config.set_num_threads(None)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(found[1], found[2])


@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize(
    "operation, gates, states, params",
    [(LstmGrad, 4, 2, {}), (GruGrad, 3, 1, {}), (GruGrad, 3, 1, {"reset_after": 0})],
)
def test_blocks_of_the_batch_have_its_gradients(
    operation, gates, states, params, dropped, monkeypatch
):
    rng = np.random.default_rng(3)
    shapes = [(8, 5, 3), *[(8, 4)] * states, (3, gates * 4), (4, gates * 4)]
    inputs = [GradArray(rng.normal(size=s)) for s in shapes]
    drops = rng.integers(0, 2, (gates, 8, 4)).astype(float) if dropped else None
    found = []
    for few, fewest in [(10**6, 16), (100, 1)]:
        monkeypatch.setattr(parts, "_SMALL", few)
        monkeypatch.setattr(parts, "_FEWEST", fewest)
        results = operation.apply(*inputs, None, drops=drops, **params)
        found.append(gradients(sum((x * x).sum() for x in results), inputs))
    for whole, apart in zip(*found, strict=True):
        np.testing.assert_allclose(whole, apart, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("count", [1, 2])
def test_error_on_the_way_back_is_raised_and_leaves_nobody_waiting(count):
    def walk(stretch):
        if stretch.start == 2:
            raise ValueError("here")
        return stretch

    config.set_num_threads(count)
    try:
        with pytest.raises(ValueError, match="here"):
            back_through(
                [slice(t, t + 1) for t in (3, 2, 1, 0)],
                walk,
                lambda stretch, walked: (np.ones(walked.stop),),
            )
    finally:
        config.set_num_threads(None)
