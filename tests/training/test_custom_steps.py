"""Steps, losses and metrics of a user's own, as Keras's guides write them."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import ops

RNG = np.random.default_rng(3)
X = RNG.random((32, 4), dtype=np.float32)
Y = X.sum(axis=1, keepdims=True)


def fitted(model_class, epochs=3, **compile_arguments):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    model = model_class(inputs, keras.layers.Dense(1)(inputs))
    model.compile(**{"optimizer": "sgd", **compile_arguments})
    history = model.fit(X, Y, epochs=epochs, shuffle=False, batch_size=8, verbose=0)
    return model, history.history


def expected(**compile_arguments):
    return fitted(keras.Model, loss="mse", **compile_arguments)[1]


class PlainStep(keras.Model):
    """The guide's first example: compile's loss and metrics in a step of one's own."""

    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        loss = self.compute_loss(y=y, y_pred=y_pred)
        self.zero_grad()
        loss.backward()
        weights = list(self.trainable_weights)
        gradients = [v.value.grad for v in weights]
        with keras.no_grad():
            self.optimizer.apply(gradients, weights)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


def test_plain_step_gives_what_fit_gives():
    _, history = fitted(PlainStep, loss="mse", metrics=["mae"])
    reference = expected(metrics=["mae"])
    assert history.keys() == reference.keys()
    for name in reference:
        assert history[name] == pytest.approx(reference[name], rel=1e-5)


class OwnMetrics(keras.Model):
    """The guide's second example: no loss in compile, metrics as attributes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
        self.loss_fn = keras.losses.MeanSquaredError()

    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        loss = self.loss_fn(y, y_pred)
        self.optimizer.zero_grad() if self.optimizer.built else None
        self.zero_grad()
        loss.backward()
        weights = list(self.trainable_weights)
        self.optimizer.apply_gradients(
            zip([v.value.grad for v in weights], weights, strict=True)
        )
        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {
            "loss": self.loss_tracker.result(),
            "mae": self.mae_metric.result(),
        }

    @property
    def metrics(self):
        return [self.loss_tracker, self.mae_metric]


def test_own_metrics_begin_anew_in_each_epoch():
    _, history = fitted(OwnMetrics)
    reference = expected(metrics=["mae"])
    for name in reference:
        assert history[name] == pytest.approx(reference[name], rel=1e-5)


def test_step_with_sample_weights():
    class Weighted(keras.Model):
        def train_step(self, data):
            x, y, sample_weight = data
            y_pred = self(x, training=True)
            loss = self.compute_loss(
                x=x, y=y, y_pred=y_pred, sample_weight=sample_weight
            )
            weights = self.trainable_weights
            self.optimizer.apply(keras.gradients(loss, weights), weights)
            return self.compute_metrics(x, y, y_pred, sample_weight)

    weights = RNG.random(32)
    found = []
    for kind in (Weighted, keras.Model):
        keras.utils.set_random_seed(1)
        inputs = keras.Input((4,))
        model = kind(inputs, keras.layers.Dense(1)(inputs))
        model.compile("sgd", "mse", weighted_metrics=["mae"])
        history = model.fit(X, Y, sample_weight=weights, shuffle=False, verbose=0)
        found.append((history.history["mae"], model.get_weights()))
    assert found[0][0] == pytest.approx(found[1][0])
    np.testing.assert_array_equal(found[0][1][0], found[1][1][0])


def test_own_test_step_and_predict_step():
    class Own(keras.Model):
        def test_step(self, data):
            x, y = data
            return {"far": np.abs(self(x, training=False).numpy() - y).max()}

        def predict_step(self, data):
            return 2 * super().predict_step(data)

    model, _ = fitted(Own, loss="mse")
    named = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(named) == ["far"]
    np.testing.assert_allclose(model.predict(X, verbose=0), 2 * model(X).numpy())


def test_own_compute_loss_with_and_without_the_training_argument():
    class Old(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return ops.mean(ops.square(y_pred - y))

    class New(keras.Model):
        seen = ()

        def compute_loss(self, x, y, y_pred, sample_weight, training=True):
            self.seen = (*self.seen, training)
            return ops.mean(ops.square(y_pred - y))

    reference = expected()
    model, history = fitted(New)
    assert history["loss"] == pytest.approx(reference["loss"], rel=1e-5)
    assert fitted(Old)[1]["loss"] == pytest.approx(reference["loss"], rel=1e-5)
    assert set(model.seen) == {True}
    model.evaluate(X, Y, verbose=0)
    assert model.seen[-1] is False


def test_own_compute_metrics_adds_results():
    class Own(keras.Model):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.largest = keras.metrics.Mean(name="largest")

        def compute_metrics(self, x, y, y_pred, sample_weight):
            results = super().compute_metrics(x, y, y_pred, sample_weight)
            self.largest.update_state(np.max(np.abs(y - y_pred)))
            results["largest"] = self.largest.result()
            return results

    _, history = fitted(Own, loss="mse", metrics=["mae"])
    assert list(history) == ["largest", "loss", "mae"]
    assert history["largest"][0] > history["mae"][0]


class Measured(keras.layers.Layer):
    """A layer with a metric and a loss of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = keras.metrics.Sum(name="seen")

    def call(self, inputs):
        self.seen.update_state([inputs.shape[0]])
        self.add_loss(0.1 * ops.sum(inputs**2))
        return inputs


def test_metrics_and_losses_of_layers_count():
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(1), Measured(name="measured")]
    )
    model.compile("sgd", "mse")
    weights = model.get_weights()
    assert [m.name for m in model.metrics] == ["loss", "seen"]
    loss = model.evaluate(X, Y, batch_size=32, verbose=0, return_dict=True)
    outputs = X @ weights[0] + weights[1]
    expected = ((outputs - Y) ** 2).mean() + 0.1 * (outputs**2).sum()
    assert loss["loss"] == pytest.approx(expected, rel=1e-5)
    assert loss["seen"] == 32
    history = model.fit(X, Y, epochs=2, batch_size=32, shuffle=False, verbose=0)
    assert history.history["loss"][0] == pytest.approx(expected, rel=1e-5)
    assert history.history["seen"] == [32, 32]


def test_loss_from_layers_alone_needs_no_targets():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, Measured()(keras.layers.Dense(2)(inputs)))
    model.compile("sgd")
    losses = model.fit(X, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


class Sampling(keras.layers.Layer):
    def call(self, inputs):
        mean, log_var = inputs
        noise = keras.random.normal(ops.shape(mean), seed=1)
        return mean + ops.exp(0.5 * log_var) * noise


class VAE(keras.Model):
    """The guide's variational autoencoder: several losses, no `call`."""

    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.total = keras.metrics.Mean(name="loss")
        self.reconstruction = keras.metrics.Mean(name="reconstruction_loss")
        self.kl = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.total, self.reconstruction, self.kl]

    def train_step(self, data):
        mean, log_var, z = self.encoder(data)
        far = ops.mean(ops.sum(ops.square(data - self.decoder(z)), axis=-1))
        kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var))
        kl = ops.mean(ops.sum(kl, axis=1))
        loss = far + kl
        weights = self.trainable_weights
        self.optimizer.apply(keras.gradients(loss, weights), weights)
        for metric, value in zip(self.metrics, (loss, far, kl), strict=True):
            metric.update_state(value)
        return {m.name: m.result() for m in self.metrics}


def test_variational_autoencoder_learns():
    keras.utils.set_random_seed(1)
    x = keras.Input((4,))
    hidden = keras.layers.Dense(8, activation="relu")(x)
    mean, log_var = keras.layers.Dense(2)(hidden), keras.layers.Dense(2)(hidden)
    encoder = keras.Model(x, [mean, log_var, Sampling()([mean, log_var])])
    decoder = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])
    model = VAE(encoder, decoder)
    model.compile(keras.optimizers.Adam(0.01))
    history = model.fit(X, epochs=20, batch_size=8, verbose=0).history
    assert list(history) == ["kl_loss", "loss", "reconstruction_loss"]
    assert history["loss"][-1] < history["loss"][0]


class GAN(keras.Model):
    """The guide's generative adversarial network: two optimizers, no `call`."""

    def __init__(self, discriminator, generator):
        super().__init__()
        self.discriminator, self.generator = discriminator, generator
        self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
        self.g_loss_tracker = keras.metrics.Mean(name="g_loss")
        self.seed_generator = keras.random.SeedGenerator(1337)

    @property
    def metrics(self):
        return [self.d_loss_tracker, self.g_loss_tracker]

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real):
        if isinstance(real, tuple):
            real = real[0]
        count = real.shape[0]
        noise = keras.random.normal((count, 2), seed=self.seed_generator)
        both = ops.concatenate([self.generator(noise), real], axis=0)
        labels = ops.concatenate([ops.ones((count, 1)), ops.zeros((count, 1))], axis=0)

        self.zero_grad()
        d_loss = self.loss_fn(labels, self.discriminator(both))
        d_loss.backward()
        weights = list(self.discriminator.trainable_weights)
        self.d_optimizer.apply([v.value.grad for v in weights], weights)

        self.zero_grad()
        fooled = self.discriminator(self.generator(noise))
        g_loss = self.loss_fn(ops.zeros((count, 1)), fooled)
        g_loss.backward()
        weights = list(self.generator.trainable_weights)
        self.g_optimizer.apply([v.value.grad for v in weights], weights)

        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {m.name: m.result() for m in self.metrics}


def test_adversarial_network_trains_both_parts():
    keras.utils.set_random_seed(1)
    discriminator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])
    model = GAN(discriminator, generator)
    model.compile(
        keras.optimizers.Adam(0.01),
        keras.optimizers.Adam(0.01),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    before = [part.get_weights() for part in (discriminator, generator)]
    history = model.fit(X, epochs=2, batch_size=8, verbose=0).history
    assert list(history) == ["d_loss", "g_loss"]
    after = [part.get_weights() for part in (discriminator, generator)]
    for old, new in zip(before, after, strict=True):
        assert not np.array_equal(old[0], new[0])


def test_loss_that_turns_nan_warns_once_at_the_users_line():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e30), "mse")
    with np.errstate(all="ignore"), pytest.warns(UserWarning) as caught:
        model.fit(X, Y, batch_size=8, epochs=3, verbose=0)
    messages = [str(w.message) for w in caught]
    assert len(messages) == 1
    assert messages[0].startswith("loss='mse' became NaN in epoch 1, step ")
    assert caught[0].filename == __file__


def test_nothing_to_train_warns():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Activation("relu")])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="no trainable weights"):
        model.fit(X, X, verbose=0)


def test_predicting_and_evaluating_stop_where_a_callback_says_so():
    model, _ = fitted(keras.Model, loss="mse")
    stop = keras.callbacks.LambdaCallback(
        on_predict_batch_end=lambda batch, logs: setattr(
            model, "stop_predicting", batch == 1
        ),
        on_test_batch_end=lambda batch, logs: setattr(
            model, "stop_evaluating", batch == 0
        ),
    )
    out = model.predict(X, batch_size=8, callbacks=[stop], verbose=0)
    assert out.shape == (16, 1)
    assert model.evaluate(
        X, Y, batch_size=8, callbacks=[stop], verbose=0
    ) == pytest.approx(model.evaluate(X[:8], Y[:8], verbose=0))


class Untold(keras.Model):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.5)
        self.dense = keras.layers.Dense(1, kernel_initializer="ones")

    def call(self, inputs):
        return self.dense(self.drop(inputs))


def test_a_call_without_training_drops_nothing_out_as_in_keras_and_says_so():
    model = Untold()
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="no parameter `training`.*Dropout drops"):
        loss = model.fit(np.ones((4, 3)), np.zeros((4, 1)), verbose=0).history["loss"]
    assert loss == [9.0]


def test_a_weight_that_call_counts_with_is_not_touched_by_checks():
    class Counting(keras.Model):
        def __init__(self):
            super().__init__()
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            self.count.assign(self.count + 1)
            return self.dense(x)

    x, y = np.ones((8, 2)), np.ones((8, 1))
    model, other = Counting(), Counting()
    for one in (model, other):
        one.compile("sgd", "mse")
    model.fit(x, y, batch_size=2, verbose=0)
    other.evaluate(x, y, batch_size=4, verbose=0)
    assert model.count.item() == 4 and other.count.item() == 2
