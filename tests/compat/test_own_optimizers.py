import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input
from keratorch.models import Sequential
from keratorch.optimizers import SGD, Optimizer

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
