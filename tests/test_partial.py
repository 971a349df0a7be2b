"""Partial gradients: reads of one array add up in one array, and nobody notices."""

import threading

import numpy as np
import pytest

from keratorch import Grad, GradArray, detect_anomaly, gradients, no_grad, ops
from keratorch.errors import AnomalyError, GraphError
from keratorch.grads.indexing import ScatteredGradient
from keratorch.partial import PartialGradient

X = np.random.default_rng(0).normal(size=(6, 4))
READS = {
    "rows": lambda x: [x[i] for i in (0, 3, 3, -1)],
    "elements": lambda x: [x[i, j] for i, j in ((0, 0), (5, 3), (0, 0))],
    "columns": lambda x: [x[:, t] for t in range(4)],
    "slices": lambda x: [x[i : i + 2] for i in range(5)],
    "steps": lambda x: [x[::-2], x[1::2]],
    "masks": lambda x: [x[X > 0], x[X > 1], x[X[:, 0] > 0]],
    "integers": lambda x: [x[[0, 0, 5]], x[[-1, 0]], x[:, [1, 1]]],
    "pairs": lambda x: [x[[0, 1, 1], [3, 3, 3]], x[[0], [3]]],
    "all": lambda x: [x[...], x[None], x[()]],
    "and the whole": lambda x: [x[0], x * 2, x[0], x[1:], np.exp(x), x[[2, 2]]],
}


def weighted(parts):
    weights = [np.cos(np.arange(x.size)).reshape(x.shape) for x in parts]
    return sum((x * w).sum() for x, w in zip(parts, weights, strict=True))


@pytest.mark.parametrize("reads", READS.values(), ids=list(READS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_reads_add_up_as_their_recorded_gradients_do(reads, dtype):
    x = GradArray(X.astype(dtype))
    found = gradients(weighted(reads(x)), x)
    recorded = gradients(weighted(reads(x)), x, create_graph=True)
    assert found.dtype == dtype and type(found) is np.ndarray
    np.testing.assert_allclose(found, recorded.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("reads", READS.values(), ids=list(READS))
def test_reads_of_a_result_add_up_there(reads):
    x = GradArray(X)
    y = np.tanh(x)
    weighted(reads(y)).backward()
    z = GradArray(np.tanh(X))
    weighted(reads(z)).backward()
    np.testing.assert_allclose(y.grad, z.grad)
    np.testing.assert_allclose(x.grad, z.grad * (1 - np.tanh(X) ** 2))


def test_reads_of_complex_numbers():
    z = GradArray(X + 1j)
    np.abs(z[0] * z[1]).sum().backward()
    expected = np.zeros_like(z.numpy())
    product = z.numpy()[0] * z.numpy()[1]
    for row, other in ((0, 1), (1, 0)):
        expected[row] = product / np.abs(product) * z.numpy()[other].conj()
    np.testing.assert_allclose(z.grad, expected)


def test_gradient_given_to_two_operations_is_not_written_into():
    """What a sum hands on by reference stays what it was."""
    a, b = np.tanh(GradArray(X)), np.tanh(GradArray(X))
    loss = (a + b).sum() + (a[0] * 3).sum() + (a[1] * 5).sum()
    loss.backward()
    np.testing.assert_array_equal(b.grad, np.ones_like(X))
    np.testing.assert_array_equal(a.grad[:3, 0], [4, 6, 1])


def test_seed_of_the_user_is_not_written_into():
    x = GradArray(X)
    y = x * 1
    seed = np.ones_like(X)
    found = gradients([y, y[0]], x, [seed, np.ones(4)])
    np.testing.assert_array_equal(seed, np.ones_like(X))
    np.testing.assert_array_equal(found[:2, 0], [2, 1])


def test_hooks_see_the_complete_gradient_once():
    x = GradArray(X)
    y = x * 1
    seen = []
    y.register_hook(lambda grad: seen.append(grad.copy()))
    x.register_hook(lambda grad: grad * 10)
    (y[0].sum() + y[0].sum() + y[1].sum()).backward()
    np.testing.assert_array_equal(seen[0][:3, 0], [2, 1, 0])
    np.testing.assert_array_equal(x.grad[:3, 0], [20, 10, 0])
    assert len(seen) == 1


def test_gradients_kept_on_results_are_no_views_of_one_another():
    x = GradArray(X)
    y = x * 1
    (y[0].sum() + y[1].sum()).backward()
    with pytest.raises(ValueError, match="read-only"):
        y.grad[0] = 5
    x.grad[0] = 7
    np.testing.assert_array_equal(y.grad[:3, 0], [1, 1, 0])


def test_a_second_backward_adds():
    x = GradArray(X)
    for _ in range(2):
        (x[0].sum() + x[0].sum()).backward()
    np.testing.assert_array_equal(x.grad[:2, 0], [4, 0])


def test_targets_alone_are_computed():
    x, y = GradArray(X), GradArray(X)
    loss = (x[0] * y[0]).sum() + (x[1] * y[1]).sum()
    found = gradients(loss, y)
    np.testing.assert_array_equal(found[:2], X[:2])
    assert x.grad is None


def test_array_written_into_after_it_was_read_is_an_error():
    x = GradArray(X.copy())
    loss = (x[0] ** 2).sum() + (x[1] ** 2).sum()
    with no_grad():
        x[0] = 0.0
    with pytest.raises(GraphError, match="written into"):
        loss.backward()


def test_anomalies_in_reads_are_found():
    x = GradArray(X)
    with detect_anomaly():
        (x[0].sum() + x[1].sum()).backward()
        np.testing.assert_array_equal(x.grad[:3, 0], [1, 1, 0])
        y = GradArray(np.zeros(3))
        loss = np.sqrt(y[:1]).sum() + y[1:].sum()
        with pytest.raises(AnomalyError, match="SqrtGrad"):
            loss.backward()


def test_threads_add_up_apart():
    x = GradArray(np.ones((50, 3)))
    loss = sum((x[i] * i).sum() for i in range(50))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(gradients(loss, x)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in found:
        np.testing.assert_array_equal(one[:, 0], np.arange(50))


def test_backward_of_the_operation_called_by_hand_gives_an_array():
    y = GradArray(X)[1:3]
    (gradient,) = y.grad_op.backward(np.ones((2, 4)))
    np.testing.assert_array_equal(np.asarray(gradient)[:, 0], [0, 1, 1, 0, 0, 0])


def test_gradient_of_another_shape_is_an_error():
    class WrongGrad(Grad):
        def forward(self, x):
            return x[0]

        def backward(self, grad):
            return ScatteredGradient(grad, 0, (9, 4))

    with pytest.raises(Exception, match="shape"):
        WrongGrad.apply(GradArray(X)).sum().backward()


def test_many_reads_cost_what_they_read(monkeypatch):
    made = []
    added = PartialGradient.added

    def counted(self, before):
        total = added(self, before)
        made.append(total is not before)
        return total

    monkeypatch.setattr(PartialGradient, "added", counted)
    x = GradArray(np.ones(1000))
    sum(x[i] for i in range(100)).backward()
    assert made == [True] + 99 * [False]


def test_lookups_in_one_table_add_up():
    table = GradArray(X)
    indices = np.array([[0, 5], [-1, 0]])
    loss = sum((ops.take(table, indices, axis=0) * k).sum() for k in (1, 2))
    np.testing.assert_array_equal(gradients(loss, table)[:, 0], [6, 0, 0, 0, 0, 6])


def test_reads_are_added_to_a_gradient_in_fortrans_order():
    """Which the walk may write into, but not as the memory that a read expects."""

    class TurnedGrad(Grad):
        def forward(self, x):
            return x.sum()

        def backward(self, grad):
            (x,) = self.inputs
            return np.full(x.shape, grad, order="F")

    x = GradArray(X)
    rows = x[[0, 0, 5]].sum() + x[1].sum()
    (rows + TurnedGrad.apply(x)).backward()
    np.testing.assert_array_equal(x.grad[:, 0], [3, 2, 1, 1, 1, 2])
