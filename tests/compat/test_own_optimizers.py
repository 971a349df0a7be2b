import threading

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input
from keratorch.models import Sequential
from keratorch.optimizers import SGD, Adam, Optimizer

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def with_momentum():
    class Momentum(Optimizer):
        def __init__(self, lr=0.01, momentum=0.0, **kwargs):
            super().__init__(**kwargs)
            with K.name_scope(type(self).__name__):
                self.iterations = K.variable(0, dtype="int64", name="iterations")
                self.lr = K.variable(lr, name="lr")
                self.momentum = K.variable(momentum, name="momentum")

        def get_updates(self, loss, params):
            grads = self.get_gradients(loss, params)
            self.updates = [K.update_add(self.iterations, 1)]
            moments = [K.zeros(K.int_shape(p)) for p in params]
            for p, g, m in zip(params, grads, moments, strict=True):
                v = self.momentum * m - self.lr * g
                self.updates += [K.update(m, v), (p, p + v)]
            return self.updates

    return Momentum(lr=0.1, momentum=0.9)


def without_super():
    class Plain(Optimizer):
        def __init__(self, lr):
            self.lr = K.variable(lr)

        def get_updates(self, loss, params):
            for p, g in zip(params, self.get_gradients(loss, params), strict=True):
                K.update_sub(p, self.lr * g)

    return Plain(0.1)


@pytest.mark.parametrize(
    ("make", "modern"),
    [(with_momentum, SGD(0.1, momentum=0.9)), (without_super, SGD(0.1))],
)
def test_its_steps_are_those_of_the_same_formula_today(make, modern):
    own, models = make(), [Sequential([Input((3,)), Dense(1)]) for _ in range(2)]
    models[1].set_weights(models[0].get_weights())
    for model, optimizer in zip(models, (own, modern), strict=True):
        model.compile(optimizer, "mse")
        model.fit(X, Y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_it_counts_and_its_rate_can_be_set():
    own, model = with_momentum(), Sequential([Input((3,)), Dense(1)])
    model.compile(own, "mse")
    set_rate = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0)
    model.fit(X, Y, epochs=2, batch_size=4, verbose=0, callbacks=[set_rate])
    assert int(own.iterations) == 4
    assert float(K.get_value(own.lr)) == 0.0


def wrapping(optimizer, change=lambda updates: updates):
    class Wrapping(Optimizer):
        def __init__(self, optimizer, **kwargs):
            super().__init__(**kwargs)
            self.optimizer = keras.optimizers.get(optimizer)
            self.updates, self.weights = [], []

        def get_updates(self, loss, params):
            if self.updates:  # as in a graph, where it is asked once
                return self.updates
            self.updates = change(self.optimizer.get_updates(loss, params))
            self.weights = self.optimizer.weights
            return self.updates

        def get_config(self):
            config = {"optimizer": keras.optimizers.serialize(self.optimizer)}
            return {**super().get_config(), **config}

        @classmethod
        def from_config(cls, config):
            inner = keras.optimizers.deserialize(config.pop("optimizer"))
            return cls(inner, **config)

    return Wrapping(optimizer)


def trained_twice(first, second, epochs=3):
    """Return the weights of two equal models, each trained by its optimizer."""
    models = [Sequential([Input((3,)), Dense(2), Dense(1)]) for _ in range(2)]
    models[1].set_weights(models[0].get_weights())
    for model, optimizer in zip(models, (first, second), strict=True):
        model.compile(optimizer, "mse")
        model.fit(X, Y, epochs=epochs, batch_size=4, shuffle=False, verbose=0)
    return [model.get_weights() for model in models], models


def assert_equal(first, second, rtol=1e-6):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Adam(0.1, amsgrad=True),
        lambda: Adam(0.1, decay=0.5),
        lambda: SGD(0.1, momentum=0.9, clipnorm=0.1),
        lambda: keras.optimizers.Nadam(0.1),
        lambda: keras.optimizers.RMSprop(0.1, global_clipnorm=0.1),
    ],
)
def test_one_that_asks_another_for_its_updates_trains_as_that_one(make):
    (own, plain), _ = trained_twice(wrapping(make()), make())
    assert_equal(own, plain)


def test_one_inside_one_inside_one():
    (own, plain), _ = trained_twice(wrapping(wrapping(SGD(0.1))), SGD(0.1))
    assert_equal(own, plain)


def test_a_rate_for_each_layer():
    class ByLayer(Optimizer):
        def __init__(self, optimizer, factors):
            super().__init__()
            self.optimizer, self.factors = optimizer, factors

        def get_updates(self, loss, params):
            self.updates, rate = [], self.optimizer.lr
            for param in params:
                factor = next(f for n, f in self.factors.items() if n in param.name)
                self.optimizer.lr = rate * factor
                self.updates += self.optimizer.get_updates(loss, [param])
            self.optimizer.lr = rate
            return self.updates

    rate = SGD(0.1)
    (own, plain), _ = trained_twice(
        ByLayer(rate, {"kernel": 1.0, "bias": 0.0}), SGD(0.1), epochs=1
    )
    assert float(rate.learning_rate) == 0.1
    assert not np.any(own[1])
    assert np.any(plain[1])


def test_gradients_are_changed_on_their_way():
    class Halving(Optimizer):
        def __init__(self, optimizer):
            super().__init__()
            self.optimizer = optimizer
            self._original = optimizer.get_gradients

        def get_gradients(self, loss, params):
            return [g / 2 for g in self._original(loss, params)]

        def get_updates(self, loss, params):
            self.optimizer.get_gradients = self.get_gradients
            self.optimizer.get_updates(loss, params)  # what it returned is not needed
            self.optimizer.get_gradients = self._original
            return []

    (own, plain), _ = trained_twice(Halving(SGD(0.2)), SGD(0.1))
    assert_equal(own, plain)


def test_updates_are_replaced_before_they_are_written():
    class Slower(Optimizer):
        def __init__(self, optimizer):
            super().__init__()
            self.optimizer = optimizer

        def get_updates(self, loss, params):
            update, K.update = K.update, lambda x, new: ("later", x, new)
            found = self.optimizer.get_updates(loss, params)
            K.update = update
            later = [x for x in found if isinstance(x, tuple)]
            return [K.update(x, x + (new - x) / 2) for _, x, new in later]

    (own, plain), _ = trained_twice(Slower(SGD(0.2)), SGD(0.1))
    assert_equal(own, plain, rtol=1e-5)


def test_gradients_of_the_loss_are_those_of_the_step():
    class ByBackend(Optimizer):
        def get_updates(self, params, constraints, loss):
            gradients = K.gradients(loss, params)
            return [(p, p - 0.1 * g) for p, g in zip(params, gradients, strict=True)]

    (own, plain), _ = trained_twice(ByBackend(), SGD(0.1))
    assert_equal(own, plain)


def test_a_formula_of_the_library_is_asked_by_super():
    class Shouting(Adam):
        def get_updates(self, loss, params):
            self.updates = super().get_updates(loss, params)
            return self.updates

    own = Shouting(lr=0.1)
    (ours, plain), _ = trained_twice(own, Adam(0.1))
    assert_equal(ours, plain)
    assert (int(own.iterations), float(own.lr)) == (6, 0.1)


def test_hyperparameters_may_become_tensors():
    class Freezing(Optimizer):
        def __init__(self, optimizer):
            super().__init__()
            self.optimizer = optimizer

        def get_updates(self, loss, params):
            self.optimizer.beta_1 = K.constant(0.5)
            return self.optimizer.get_updates(loss, params)

    (own, plain), _ = trained_twice(Freezing(Adam(0.1)), Adam(0.1, beta_1=0.5))
    assert_equal(own, plain)


def test_further_updates_read_the_variables_of_their_time():
    target = keras.Variable([0.0, 0.0])
    model = Sequential([Input((3,)), Dense(2, use_bias=False), Dense(1)])
    source = model.weights[0]
    follow = (target, 0.5 * target + 0.5 * source[0])
    model.compile(wrapping("sgd", lambda updates: [*updates, follow]), "mse")
    expected = np.zeros(2)
    for _ in range(3):
        expected = 0.5 * expected + 0.5 * source.numpy()[0]
        model.train_on_batch(X, Y)
        np.testing.assert_allclose(target, expected, rtol=1e-6)


def test_its_state_and_that_of_the_one_inside_are_saved(tmp_path):
    _, (model, _) = trained_twice(wrapping(Adam(0.1)), "sgd", 1)
    known = {"Wrapping": type(model.optimizer)}
    for name in ("model.h5", "model.keras"):
        model.save(tmp_path / name)
        again = keras.models.load_model(tmp_path / name, custom_objects=known)
        before = model.get_weights()
        for one in (model, again):
            one.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
        assert_equal(model.get_weights(), again.get_weights())
        model.set_weights(before)


def test_both_clips_follow_each_other_in_older_scripts(installed):
    import keras

    with pytest.warns(DeprecationWarning, match=r"SGD\(clipnorm=..., clipvalue=...\)"):
        both = keras.optimizers.SGD(lr=1.0, clipnorm=1.0, clipvalue=0.7)
    w = keras.Variable([0.0, 0.0])
    both.apply([np.array([3.0, 4.0])], [w])
    np.testing.assert_allclose(w, [-0.6, -0.7])
    again = type(both).from_config(both.get_config())
    assert (again.clipnorm, again.clipvalue) == (1.0, 0.7)


def test_functions_of_k_may_be_imported_by_name():
    update, update_add, zeros = K.update, K.update_add, K.zeros

    class Momentum(Optimizer):
        def get_updates(self, loss, params):
            moments = [zeros(K.int_shape(p)) for p in params]
            gradients = self.get_gradients(loss, params)
            for p, g, m in zip(params, gradients, moments, strict=True):
                v = 0.9 * m - 0.1 * g
                update(m, v)
                update_add(p, increment=v)

    (own, plain), _ = trained_twice(Momentum(), SGD(0.1, momentum=0.9))
    assert_equal(own, plain, rtol=1e-5)


def test_a_variable_is_read_as_it_was_before_the_step():
    class Remembering(Optimizer):
        def get_updates(self, loss, params):
            before = [K.zeros(K.int_shape(p)) for p in params]
            gradients = self.get_gradients(loss, params)
            for p, g, b in zip(params, gradients, before, strict=True):
                K.update_sub(p, 0.1 * g)
                K.update(b, p)

    own = Remembering()
    model = Sequential([Input((3,)), Dense(1)])
    model.compile(own, "mse")
    before = model.get_weights()
    model.train_on_batch(X, Y)
    assert_equal([K.get_value(v) for v in own._made], before)


def test_another_thread_goes_on_as_ever_while_a_step_runs():
    aside = keras.Variable([0.0])
    inside, done = threading.Event(), threading.Event()

    class Slow(Optimizer):
        def get_updates(self, loss, params):
            inside.set()
            assert done.wait(60)
            gradients = self.get_gradients(loss, params)
            return [(p, p - 0.1 * g) for p, g in zip(params, gradients, strict=True)]

    def work():
        assert inside.wait(60)
        K.update(aside, [1.0])
        SGD(0.1).learning_rate = 0.5
        done.set()

    other = threading.Thread(target=work)
    other.start()
    try:
        (own, plain), _ = trained_twice(Slow(), SGD(0.1))
    finally:
        inside.set()
        other.join()
    assert_equal(own, plain)
    assert aside.numpy() == [1.0]


def test_a_step_that_fails_writes_nothing_and_leaves_k_as_it_was():
    class Failing(Optimizer):
        def get_updates(self, loss, params):
            K.update(params[0], 0 * params[0])
            raise ArithmeticError

    model = Sequential([Input((3,)), Dense(1)])
    model.compile(Failing(), "mse")
    before = model.get_weights()
    with pytest.raises(ArithmeticError):
        model.train_on_batch(X, Y)
    assert_equal(model.get_weights(), before)
    variable = keras.Variable([0.0])
    K.update(variable, [1.0])
    assert variable.numpy() == [1.0] and (2 * variable).requires_grad
