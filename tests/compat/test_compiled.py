import numpy as np
import pytest

import keratorch as keras

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
RNG = np.random.default_rng(0)
X, Y = RNG.random((6, 3), "float32"), RNG.random((6, 1), "float32")


def compiled(cls=keras.Model, outputs=1):
    inputs = keras.Input((3,))
    regularizer = keras.regularizers.L2(0.1)
    heads = [
        keras.layers.Dense(1, kernel_regularizer=regularizer, name=f"head_{i}")(inputs)
        for i in range(outputs)
    ]
    model = cls(inputs, heads[0] if outputs == 1 else heads)
    model.compile("sgd", "mse", metrics=["mae"])
    return model


@pytest.mark.usefixtures("installed")
def test_the_loss_has_gradients_by_the_weights():
    model = compiled()
    weights = model.trainable_weights
    found = model.optimizer.get_gradients(model.total_loss, weights)
    given = [*model.inputs, *model.sample_weights, *model.targets, K.learning_phase()]
    values = K.function(given, [*found, model.total_loss])([X, np.ones(6), Y, 0])
    error = model.predict(X, verbose=0) - Y
    kernel = weights[0].numpy()
    np.testing.assert_allclose(
        values[0], 2 * X.T @ error / 6 + 0.2 * kernel, rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(values[2], model.evaluate(X, Y, verbose=0)[0], rtol=1e-5)
    assert model.total_loss is model.total_loss


@pytest.mark.usefixtures("installed")
def test_each_output_has_targets_and_weights():
    model = compiled(outputs=2)
    assert [y.name for y in model.targets] == ["head_0_target", "head_1_target"]
    given = [*model.inputs, *model.targets, *model.sample_weights]
    value = K.function(given, [model.total_loss])([X, Y, Y, np.ones(6), np.ones(6)])
    expected = model.evaluate(X, [Y, Y], verbose=0)[0]
    np.testing.assert_allclose(value[0], expected, rtol=1e-5)


@pytest.mark.usefixtures("installed")
def test_a_test_step_of_ones_own_calls_what_was_compiled():
    class Own(keras.Model):
        def test_step(self, data):
            x, y = data
            y_pred = self(x, training=False)
            self.compiled_loss(y, y_pred, regularization_losses=self.losses)
            self.compiled_metrics.update_state(y, y_pred)
            return {m.name: m.result() for m in self.metrics}

    model, plain = compiled(Own), compiled()
    plain.set_weights(model.get_weights())
    results = model.evaluate(X, Y, verbose=0, return_dict=True)
    expected = plain.evaluate(X, Y, verbose=0, return_dict=True)
    assert results["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert results["mae"] == pytest.approx(expected["mae"], rel=1e-5)
    assert [m.name for m in model.compiled_loss.metrics] == ["loss"]


@pytest.mark.usefixtures("installed")
def test_an_attribute_of_the_same_name_is_the_models_own():
    model = compiled()
    model.targets = [1]
    assert model.targets == [1]
    fresh = keras.Sequential([keras.layers.Dense(1)])
    assert not hasattr(fresh, "total_loss")


def test_a_program_of_keratorch_has_none_of_them():
    assert not hasattr(compiled(), "total_loss")
