"""Schedules, optimizers with all their options, and what they did to the rate."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.optimizers import (SGD, RMSprop, Adam, Adadelta, Adagrad, Adamax, Nadam,
                                         Ftrl, AdamW)
from tensorflow.keras.optimizers.schedules import (ExponentialDecay, PiecewiseConstantDecay,
                                                   PolynomialDecay, InverseTimeDecay, CosineDecay,
                                                   CosineDecayRestarts, LearningRateSchedule)

exponential = ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5, staircase=True)
assert abs(float(exponential(10)) - 0.05) < 1e-7
assert abs(float(PiecewiseConstantDecay([5, 8], [1.0, 0.5, 0.1])(6)) - 0.5) < 1e-7
assert abs(float(PolynomialDecay(0.1, 10, 0.01)(10)) - 0.01) < 1e-7
assert abs(float(InverseTimeDecay(0.1, 1, 0.5)(2)) - 0.05) < 1e-7
assert abs(float(CosineDecay(0.1, 10)(10))) < 1e-7
assert abs(float(CosineDecayRestarts(0.1, 10)(0)) - 0.1) < 1e-7


class WarmUp(LearningRateSchedule):
    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        return self.peak * tf.keras.backend.minimum(1., (step + 1.) / self.steps)

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps}


optimizers = [SGD(exponential, momentum=0.9, nesterov=True),
              RMSprop(learning_rate=0.01, rho=0.9, centered=True),
              Adam(learning_rate=WarmUp(0.01, 5), amsgrad=True, clipnorm=1.0),
              Adadelta(learning_rate=1.0), Adagrad(learning_rate=0.1),
              Adamax(learning_rate=0.01), Nadam(learning_rate=0.01, clipvalue=0.5),
              Ftrl(learning_rate=0.1), AdamW(learning_rate=0.01, weight_decay=0.004),
              Adam(0.01, global_clipnorm=1.0), tf.keras.optimizers.Lion(0.001),
              tf.keras.optimizers.get('adam')]
x = np.random.RandomState(0).rand(32, 4)
y = x.sum(axis=1)
for optimizer in optimizers:
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(4,))])
    model.compile(optimizer=optimizer, loss='mse')
    h = model.fit(x, y, epochs=5, batch_size=8, verbose=0)
    assert h.history['loss'][-1] < h.history['loss'][0], optimizer
    assert model.optimizer.get_config()['name']
adam = Adam(lr=0.001, decay=1e-2)
adam.learning_rate = 0.01
assert abs(float(adam.learning_rate) - 0.01) < 1e-8 and abs(float(adam.lr) - 0.01) < 1e-8
assert int(optimizers[0].iterations) == 20
