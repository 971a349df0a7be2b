"""The loss base: types, graphs, functions as losses, configurations, names."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, gradients, losses
from keratorch.losses import LOSSES, Loss, LossFunctionWrapper, MeanSquaredError

Y = np.array([[1.0], [2.0], [3.0]], np.float32)
P = np.array([[1.5], [2.0], [1.0]], np.float32)


def cubic(y_true, y_pred, factor=1):
    return factor * np.mean(np.abs(y_true - y_pred) ** 3, axis=-1)


class Largest(Loss):
    def call(self, y_true, y_pred):
        return np.max(np.abs(y_true - y_pred), axis=-1)


# Values and graphs


@pytest.mark.parametrize("y_true", [Y, Y.tolist(), GradArray(Y), Y.astype(int)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_targets_and_predictions_of_any_kind_are_computed_in_floatx(y_true, dtype):
    y_pred = GradArray(P.astype(dtype), requires_grad=True)
    loss = MeanSquaredError()(y_true, y_pred)
    loss.backward()
    assert loss.dtype == np.float32
    assert loss.shape == ()
    assert loss.item() == pytest.approx(4.25 / 3)
    assert y_pred.grad.dtype == dtype


def test_dtype_is_that_asked_for():
    loss = MeanSquaredError(dtype="float64")
    assert loss(Y, P).dtype == np.float64
    assert loss.dtype == "float64"
    policy = keras.dtype_policies.DTypePolicy("float16")
    assert MeanSquaredError(dtype=policy)(Y, P).dtype == np.float16
    assert MeanSquaredError(dtype="mixed_float16").dtype == "float32"
    with pytest.raises(TypeError, match="must be a float type; received int64"):
        MeanSquaredError(dtype="int64")


def test_plain_values_give_a_loss_without_graph():
    loss = MeanSquaredError()(Y, P)
    assert isinstance(loss, GradArray)
    assert not loss.requires_grad


def test_target_that_wants_a_gradient_gets_one():
    y_true = GradArray(Y)
    MeanSquaredError()(y_true, P).backward()
    np.testing.assert_allclose(y_true.grad, -2 / 3 * (P - Y))


def test_call_and_compute_give_the_same_bits():
    rng = np.random.default_rng(0)
    y, p = rng.normal(size=(32, 10)), rng.normal(size=(32, 10))
    y_pred = GradArray(p.astype(np.float32), requires_grad=True)
    loss = MeanSquaredError()
    one, two = loss(y, y_pred), loss.compute(y.astype(np.float32), y_pred)
    assert one.item() == two.item()
    np.testing.assert_array_equal(gradients(one, y_pred), gradients(two, y_pred))


def test_loss_is_differentiable_twice():
    p = GradArray([[0.25, 0.75]], dtype="float64")
    loss = losses.CategoricalCrossentropy(dtype="float64")([[0.0, 1.0]], p)
    slope = gradients(loss, p, create_graph=True)
    curvature = gradients(slope[0, 1], p)
    # -log(p1 / (p0 + p1)): second derivative 1 / p1**2 - 1 / (p0 + p1)**2
    assert curvature[0, 1] == pytest.approx(1 / 0.75**2 - 1)


# A loss of one's own


def test_subclass_needs_only_call():
    assert Largest()(Y, P).item() == pytest.approx(2.5 / 3)
    assert Largest(reduction="none")(Y, P).tolist() == [0.5, 0, 2]
    assert Largest(name="mine").name == "mine"
    with pytest.raises(NotImplementedError, match="has no call"):
        Loss()(Y, P)


def test_function_becomes_a_loss():
    loss = LossFunctionWrapper(cubic, reduction="sum", name="cubic", factor=2)
    y_pred = GradArray(P)
    total = loss(Y, y_pred)
    total.backward()
    assert total.item() == pytest.approx(2 * (0.125 + 8))
    assert y_pred.grad[2, 0] == pytest.approx(-24)


def test_function_gets_floats_of_the_rank_of_the_predictions():
    seen = []

    def spy(y_true, y_pred):
        seen.append((y_true.dtype, y_true.shape, y_pred.shape))
        return np.abs(y_true - y_pred).mean(axis=-1)

    LossFunctionWrapper(spy)([1, 2, 3], GradArray(P))
    LossFunctionWrapper(spy)(Y, GradArray(P[:, 0]))
    assert seen == [(np.float32, (3, 1), (3, 1))] * 2


def test_function_may_give_one_number_or_plain_values():
    one = LossFunctionWrapper(lambda y_true, y_pred: np.sum(y_pred - y_true))
    assert one(Y, GradArray(P)).item() == -1.5
    plain = LossFunctionWrapper(lambda y_true, y_pred: y_pred.numpy()[:, 0])
    assert not plain(Y, GradArray(P)).requires_grad


def test_function_that_forgot_return_is_told():
    with pytest.raises(ValueError, match="'mine' returned None.*forget `return`"):
        LossFunctionWrapper(lambda y_true, y_pred: None, name="mine")(Y, P)


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match="fn must be a function"):
        LossFunctionWrapper("mse")


# Names and configurations


def test_losses_without_a_name_are_numbered():
    first, second = Largest().name, Largest().name
    assert first.startswith("largest")
    assert first != second


def test_unknown_reduction_lists_the_known():
    with pytest.raises(ValueError, match="'sum_over_batch_size'.*received 'avg'"):
        MeanSquaredError(reduction="avg")


def test_names_of_keras_2_are_known():
    assert losses.get("cosine_proximity") is losses.cosine_similarity
    assert losses.get("kullback_leibler_divergence") is losses.kl_divergence
    assert losses.get("logcosh") is losses.log_cosh


@pytest.mark.parametrize("name", [n for n in LOSSES if n != "LossFunctionWrapper"])
def test_name_stands_for_a_function_or_an_object_of_the_class(name):
    found = losses.get(name)
    if isinstance(LOSSES[name], type):
        assert type(found) is LOSSES[name]
        again = losses.get(losses.serialize(found))
        assert type(again) is type(found)
        assert again.get_config() == found.get_config()
    else:
        assert found is LOSSES[name]
        assert losses.get(losses.serialize(found)) is found


def test_class_function_object_and_none_are_taken():
    loss = MeanSquaredError()
    assert losses.get(loss) is loss
    assert losses.get(cubic) is cubic
    assert losses.get(None) is None
    assert isinstance(losses.get(MeanSquaredError), MeanSquaredError)


def test_options_that_keras_leaves_out_are_written_only_where_they_differ():
    assert "axis" not in losses.CosineSimilarity().get_config()
    for loss in (
        losses.CosineSimilarity(axis=1),
        losses.Huber(delta=0.5),
        losses.SparseCategoricalCrossentropy(axis=1, ignore_class=-1),
    ):
        again = type(loss).from_config(loss.get_config())
        assert again._fn_kwargs == loss._fn_kwargs


def test_configuration_of_a_function_as_a_loss_is_found_among_custom_objects():
    loss = LossFunctionWrapper(cubic, name="mine", factor=3)
    described = losses.serialize(loss)
    again = losses.deserialize(described, {"cubic": cubic})
    assert again(Y, P).item() == loss(Y, P).item()
    with pytest.raises(ValueError, match="unknown loss 'cubic'"):
        losses.deserialize(described)
    with pytest.raises(ValueError, match=r"use losses\.deserialize"):
        LossFunctionWrapper.from_config(loss.get_config())


@pytest.mark.parametrize(
    "name, suggestion", [("msee", "'mse'"), ("crossentropy", "crossentropy'")]
)
def test_unknown_name_lists_the_nearest(name, suggestion):
    with pytest.raises(
        ValueError, match=f"unknown loss .*Did you mean .*{suggestion}"
    ) as error:
        losses.get(name)
    assert len(str(error.value)) < 600


def test_what_is_no_loss_is_refused():
    with pytest.raises(ValueError, match="loss must be a name.*received a int"):
        losses.get(3)


class OwnDoor(Loss):
    """Replaces the call itself: Keras trains with what it returns."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        return np.max(np.abs(y_true - y_pred)) * 2


class TenfoldError(MeanSquaredError):
    def __call__(self, y_true, y_pred, sample_weight=None):
        return 10 * super().__call__(y_true, y_pred, sample_weight)


def test_training_calls_a_loss_that_replaces_the_call():
    y_pred = GradArray(np.array([[1.0, 5.0]], "float32"))
    y_true = np.array([[1.0, 2.0]])
    assert OwnDoor().compute(y_true, y_pred).item() == 6.0
    assert OwnDoor.couples_samples
    assert TenfoldError().compute(y_true, y_pred).item() == 45.0


def test_a_name_alone_is_deserialized_to_what_get_returns():
    assert isinstance(losses.deserialize("Huber"), losses.Huber)
    assert losses.deserialize("huber") is losses.get("huber")
