"""Crossentropies of what a sigmoid or softmax returned are those of its logits."""

import copy
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import losses, ops
from keratorch.logits import logits_behind

from ..references import load
from ..samples import saturated

STORED = load("saturated")
LOSSES = {
    "binary": (losses.binary_crossentropy, ops.sigmoid, saturated.BITS),
    "categorical": (losses.categorical_crossentropy, ops.softmax, saturated.ONE_HOT),
    "sparse": (losses.sparse_categorical_crossentropy, ops.softmax, saturated.CLASSES),
}
EXTREME = np.array([[1e4, -1e4, 0], [1e30, -1e30, 1e38], [88, -88, 104]], "float32")

every_loss = pytest.mark.parametrize("kind", LOSSES)


@pytest.fixture(params=[True, False], ids=["fast", "textbook"], autouse=True)
def speed(request):
    keras.config.set_fast(request.param)
    yield
    keras.config.set_fast(True)


@every_loss
def test_from_logits_of_probabilities_takes_what_they_were_made_of(kind):
    loss, squash, target = LOSSES[kind]
    z = ops.convert_to_tensor(saturated.LOGITS[: len(target)])
    twice = loss(target, squash(z), from_logits=True)
    np.testing.assert_array_equal(twice, loss(target, z, from_logits=True))


@pytest.mark.filterwarnings("ignore:The model has no trainable weights")
@pytest.mark.parametrize("name", STORED["heads"])
def test_evaluate_and_a_step_agree_with_tensorflow(name):
    found = saturated.heads(keras, [name])[name]
    np.testing.assert_allclose(found, STORED["heads"][name], rtol=1e-6)


def test_losses_by_hand_agree_with_tensorflow():
    for found, stored in zip(saturated.by_hand(keras), STORED["by_hand"], strict=True):
        np.testing.assert_allclose(found, stored, rtol=1e-6)


@every_loss
def test_a_network_on_large_numbers_learns_as_on_tensorflow(kind):
    found, stored = saturated.trained(keras, kind), STORED["trained"][kind]
    assert found.keys() == stored.keys()
    for name, numbers in stored.items():
        np.testing.assert_allclose(found[name], numbers, rtol=1e-5, err_msg=name)
    assert found["loss"][-1] < found["loss"][0] * 0.8


@every_loss
@pytest.mark.filterwarnings("error")
def test_logits_of_any_size_have_a_finite_loss_and_gradient(kind):
    loss, squash, y = LOSSES[kind]
    z = keras.GradArray(EXTREME)
    value = loss(y, squash(z))
    value.sum().backward()
    expected = squash(EXTREME).numpy() - (np.eye(3)[y] if y.ndim == 1 else y)
    expected = expected / (3 if kind == "binary" else 1)
    assert np.isfinite(value.numpy()).all()
    np.testing.assert_allclose(z.grad, expected, rtol=1e-6, atol=1e-7)


@every_loss
def test_second_derivatives_are_those_of_the_probabilities(kind):
    loss, squash, y = LOSSES[kind]

    def of_logits(z):
        return loss(y, squash(z)).sum()

    def of_probabilities(z):
        p = squash(z)
        return loss(y, np.reshape(p, p.shape)).sum()

    for z in (np.zeros((3, 3)), np.random.default_rng(1).normal(size=(3, 3))):
        expected = keras.hessian(of_probabilities)(z)
        np.testing.assert_allclose(keras.hessian(of_logits)(z), expected, atol=1e-7)


@every_loss
def test_without_recording_the_loss_is_the_same(kind):
    loss, squash, y = LOSSES[kind]
    z = keras.GradArray(saturated.LOGITS)
    recorded = loss(y, squash(z))
    with keras.no_grad():
        p = squash(z)
    np.testing.assert_array_equal(loss(y, p).numpy(), recorded.numpy())
    assert not loss(y, p).requires_grad


@pytest.mark.parametrize("name", [f"{loss.__name__}" for loss, *_ in LOSSES.values()])
def test_losses_of_the_older_backend_take_logits_too(name):
    K = keras.backend
    _, squash, y = LOSSES[name.removesuffix("crossentropy").split("_")[0]]
    p = squash(saturated.LOGITS)
    found = getattr(K, name)(y, p)
    expected = getattr(ops, name)(y, saturated.LOGITS, from_logits=True)
    np.testing.assert_array_equal(found.numpy(), expected.numpy())


def test_what_was_written_into_since_has_no_logits():
    with keras.no_grad():
        z = keras.GradArray([[2.0, 3.0]], requires_grad=False)
        p, q = ops.sigmoid(z), ops.sigmoid(z)
        assert logits_behind(p) is z
        p[0] = 0.5
        assert logits_behind(p) is None
        z[0] = 1.0
        assert logits_behind(q) is None


def test_logits_belong_to_one_function_and_axis():
    z = keras.GradArray(np.zeros((2, 3)))
    assert logits_behind(ops.sigmoid(z), -1) is None
    assert logits_behind(ops.softmax(z)) is None
    assert logits_behind(ops.softmax(z), 0) is None
    assert logits_behind(ops.softmax(z), 1) is z
    assert logits_behind(ops.softmax(z, axis=(0, 1)), 1) is None
    assert logits_behind(ops.sigmoid(z) + 0) is None


def test_a_weight_that_changes_later_does_not_change_the_loss():
    weight = keras.Variable(np.array([[3.0]], "float32"))
    with keras.no_grad():
        p = ops.sigmoid(weight)
    weight.assign([[-3.0]])
    loss = losses.binary_crossentropy([[1.0]], p)
    assert loss.item() == pytest.approx(np.log1p(np.exp(-3)))
    assert not loss.requires_grad


def test_copies_are_probabilities_alone():
    with keras.no_grad():
        p = ops.sigmoid(keras.GradArray([[200.0]]))
    for twin in (pickle.loads(pickle.dumps(p)), copy.deepcopy(p), p.detach()):
        assert logits_behind(twin) is None
        assert losses.binary_crossentropy([[0.0]], twin).item() < 17


def test_sigmoids_of_sigmoids_keep_no_chain_of_arrays():
    with keras.no_grad():
        x = keras.GradArray([0.5])
        for _ in range(3):
            x = ops.sigmoid(x)
    assert logits_behind(logits_behind(x)) is None


def test_a_metric_takes_targets_without_the_column_of_the_outputs():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["binary_crossentropy"])
    found = model.evaluate(np.array([[40.0], [-40.0]]), np.array([0, 0]), verbose=0)
    assert found == [20, 20]


def test_micro_batches_hand_their_logits_on():
    rng = np.random.default_rng(2)
    x = rng.normal(0, 60, (512, 64)).astype("float32")
    y = rng.integers(0, 10, 512)
    model = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Reshape((8, 8, 1)),
            keras.layers.Conv2D(96, 3, activation="relu", kernel_initializer="ones"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.SGD(0.0), loss, metrics=[loss])
    first = model.fit(x, y, batch_size=512, verbose=0).history
    after = model.evaluate(x, y, batch_size=512, verbose=0)
    assert first["loss"][0] > 17  # clipped probabilities cost 16.1 at most
    np.testing.assert_allclose([first["loss"][0], first[loss][0]], after, rtol=1e-5)
    np.testing.assert_allclose(after[0], after[1], rtol=1e-5)
