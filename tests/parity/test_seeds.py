"""The five programs of the seeds, beside the same programs in PyTorch."""

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")


def assert_same(ours, theirs, rtol=1e-6):
    np.testing.assert_allclose(
        np.asarray(ours), theirs.detach().numpy(), rtol=rtol, atol=1e-7
    )


def test_values_remember_where_they_came_from():
    def program(x, w, b, y_true):
        pred = x * w + b
        error = pred - y_true
        return pred, error, error**2

    ours = [kt.GradArray(value, requires_grad=True) for value in (2.0, 3.0, 1.0)]
    pred, error, loss = program(*ours, 8.0)
    loss.backward()
    theirs = [torch.tensor(value, requires_grad=True) for value in (2.0, 3.0, 1.0)]
    values = program(*theirs, 8.0)
    for value in values:
        value.retain_grad()
    values[-1].backward()

    assert [pred.item(), error.item(), loss.item()] == [7, -1, 1]
    assert [pred.grad, ours[1].grad, ours[2].grad] == [-2, -4, -2]
    for one, other in zip([pred, error, loss, *ours], [*values, *theirs], strict=True):
        assert_same(one.grad, other.grad)


def test_binary_cross_entropy_of_the_autograd_tutorial():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(5, 3)), rng.normal(size=3)
    x, y = np.ones(5), np.zeros(3)

    ours = [kt.GradArray(a, requires_grad=True) for a in (w, b)]
    z = np.matmul(x, ours[0]) + ours[1]
    loss = kt.losses.BinaryCrossentropy(from_logits=True, dtype="float64")(y, z)
    loss.backward()

    theirs = [torch.tensor(a, requires_grad=True) for a in (w, b)]
    logits = torch.matmul(torch.tensor(x), theirs[0]) + theirs[1]
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, torch.tensor(y)
    )
    expected.backward()

    assert loss.item() == pytest.approx(expected.item(), rel=1e-6)
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one.grad, other.grad)
    with kt.no_grad():
        assert not (np.matmul(x, ours[0]) + ours[1]).requires_grad
    assert not z.detach().requires_grad


def fit_line(tensor, update):
    """Every gradient and the last weight of the lecture's linear model."""
    w, gradients = tensor(1.0), []
    for _ in range(100):
        for x, y in [(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]:
            loss = (y - x * w) ** 2
            loss.backward()
            gradients.append(float(w.grad))
            w = tensor(update(w))
    return gradients, float(update(w, rate=0.0))


def test_each_gradient_of_the_back_propagation_lecture():
    def step(w, rate=0.01):
        return w.detach() - (rate * w.grad if rate else 0)

    ours, w = fit_line(
        lambda v: kt.GradArray(np.float64(np.asarray(v)), requires_grad=True), step
    )
    theirs, expected = fit_line(
        lambda v: torch.tensor(float(v), dtype=torch.float64, requires_grad=True), step
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    assert w == pytest.approx(expected, rel=1e-12)
    assert 4 * w == pytest.approx(8, abs=1e-3)


def test_gradients_of_the_introduction():
    def program(x):
        return ((x + 2) ** 2 + 3).mean()

    ours = kt.GradArray(np.arange(3, dtype=np.float32), requires_grad=True)
    theirs = torch.arange(3, dtype=torch.float32, requires_grad=True)
    y, expected = program(ours), program(theirs)
    y.backward()
    expected.backward()
    assert y.item() == pytest.approx(12.6667, abs=1e-4)
    assert y.item() == pytest.approx(expected.item())
    assert_same(ours.grad, theirs.grad)
    with pytest.raises((TypeError, ValueError), match="astype"):
        kt.GradArray(np.arange(3), requires_grad=True)


def xor_network_of_torch(weights, x, y, rate, steps):
    """Losses of a torch network with one hidden tanh layer, and its weights."""
    leaves = [torch.tensor(weight, requires_grad=True) for weight in weights]
    x, y, losses = torch.tensor(x), torch.tensor(y), []
    for _ in range(steps):
        hidden = torch.tanh(x @ leaves[0] + leaves[1])
        logits = hidden @ leaves[2] + leaves[3]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for leaf in leaves:
                leaf -= rate * leaf.grad
                leaf.grad = None
    return losses, leaves


def test_continuous_xor_learns_as_in_torch():
    rng = np.random.default_rng(42)
    x = rng.integers(0, 2, (200, 2)).astype(np.float32)
    y = (x[:, :1] != x[:, 1:]).astype(np.float32)
    x += rng.normal(scale=0.1, size=x.shape).astype(np.float32)
    shapes = [(2, 4), (4,), (4, 1), (1,)]
    weights = [rng.normal(size=shape).astype(np.float32) for shape in shapes]

    model = kt.Sequential(
        [kt.Input((2,)), kt.layers.Dense(4, "tanh"), kt.layers.Dense(1)]
    )
    model.set_weights(weights)
    loss_function = kt.losses.BinaryCrossentropy(from_logits=True)
    optimizer = kt.optimizers.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        loss = loss_function(y, model(x))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    expected, leaves = xor_network_of_torch(weights, x, y, rate=0.1, steps=50)
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    for weight, leaf in zip(model.get_weights(), leaves, strict=True):
        assert_same(weight, leaf, rtol=1e-4)


def test_demo_of_the_library_itself():
    def program(a, b):
        return a @ b

    arrays = [np.array(v, np.float32) for v in ([[2, 3], [5, 6]], [[3], [5]])]
    ours = [kt.GradArray(a, name=n) for a, n in zip(arrays, "AB", strict=True)]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    c, expected = program(*ours), program(*theirs)
    c.backward(np.ones_like(c._array))
    expected.backward(torch.ones(2, 1))
    assert repr(c) == "GradArray(name=A @ B, shape=(2, 1), grad_op=MatMulGrad)"
    assert_same(c._array, expected)
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one._grad, other.grad)


def test_perceptron_with_mean_squared_error():
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(20, 3)), rng.integers(0, 2, (20, 1)).astype(float)
    start = [rng.normal(size=(3, 1)), np.zeros(1)]
    ours = [kt.GradArray(a, requires_grad=True) for a in start]
    theirs = [torch.tensor(a, requires_grad=True) for a in start]
    y_hat = 1 / (1 + np.exp(-(x @ ours[0] + ours[1])))
    loss = np.mean((y_hat - y) ** 2)
    loss.backward()
    expected = torch.sigmoid(torch.tensor(x) @ theirs[0] + theirs[1])
    torch.mean((expected - torch.tensor(y)) ** 2).backward()
    np.testing.assert_allclose(y_hat.grad, 2 / 20 * (y_hat.detach().numpy() - y))
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one.grad, other.grad)
