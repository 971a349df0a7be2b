'''Wasserstein GAN: a critic whose weights are clipped after each step.'''
import numpy as np
import keras.backend as K
from keras.layers import Input, Dense
from keras.layers import LeakyReLU
from keras.models import Sequential, Model
from keras.optimizers import RMSprop
from keras.constraints import Constraint
from keras.initializers import RandomNormal

class ClipConstraint(Constraint):
    def __init__(self, clip_value):
        self.clip_value = clip_value

    def __call__(self, weights):
        return K.clip(weights, -self.clip_value, self.clip_value)

    def get_config(self):
        return {'clip_value': self.clip_value}

def wasserstein_loss(y_true, y_pred):
    return K.mean(y_true * y_pred)

def make_trainable(net, val):
    net.trainable = val
    for l in net.layers:
        l.trainable = val

critic = Sequential()
critic.add(Dense(16, input_shape=(2,), kernel_initializer=RandomNormal(stddev=0.02)))
critic.add(LeakyReLU(0.2))
critic.add(Dense(1, kernel_constraint=ClipConstraint(0.05)))
critic.compile(loss=wasserstein_loss, optimizer=RMSprop(lr=0.0005), metrics=['accuracy'])
generator = Sequential([Dense(8, input_dim=3, activation='relu'), Dense(2)])
make_trainable(critic, False)
z = Input(shape=(3,))
combined = Model(z, critic(generator(z)))
combined.compile(loss=wasserstein_loss, optimizer=RMSprop(lr=0.0005))
assert len(combined.trainable_weights) == 4

rng = np.random.RandomState(0)
real = rng.randn(64, 2) * 0.1 + 2
for step in range(3):
    make_trainable(critic, True)
    for _ in range(2):
        noise = rng.normal(0, 1, (16, 3))
        critic.train_on_batch(real[:16], -np.ones((16, 1)))
        d_loss = critic.train_on_batch(generator.predict(noise), np.ones((16, 1)))
        for l in critic.layers:
            weights = [np.clip(w, -0.01, 0.01) for w in l.get_weights()]
            l.set_weights(weights)
    make_trainable(critic, False)
    before = generator.get_weights()
    g_loss = combined.train_on_batch(noise, -np.ones((16, 1)))
    assert any((a != b).any() for a, b in zip(before, generator.get_weights()))
assert max(np.abs(w).max() for w in critic.get_weights()) <= 0.01
assert np.isfinite(g_loss)
