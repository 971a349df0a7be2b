"""A Wasserstein GAN with a penalty: one optimizer, two models, flags at compile."""

from functools import partial

import keras.backend as K
import numpy as np
from keras.layers import Dense, Input
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.merge import _Merge
from keras.models import Model, Sequential
from keras.optimizers import RMSprop

BATCH = 16


class Between(_Merge):
    def _merge_function(self, inputs):
        share = K.random_uniform((BATCH, 1))
        return share * inputs[0] + (1 - share) * inputs[1]


class Toy:
    def __init__(self):
        optimizer = RMSprop(lr=0.001)
        self.generator = Sequential([Dense(8, activation='relu', input_dim=4),
                                     Dense(2)])
        self.critic = Sequential([Dense(16, input_dim=2), LeakyReLU(alpha=0.2),
                                  Dense(1)])

        self.generator.trainable = False
        real, noise = Input(shape=(2,)), Input(shape=(4,))
        fake = self.generator(noise)
        between = Between()([real, fake])
        penalty = partial(self.penalty, samples=between)
        penalty.__name__ = 'gradient_penalty'
        self.critic_model = Model(
            inputs=[real, noise],
            outputs=[self.critic(real), self.critic(fake), self.critic(between)])
        self.critic_model.compile(loss=[self.wasserstein, self.wasserstein, penalty],
                                  optimizer=optimizer, loss_weights=[1, 1, 10])

        self.critic.trainable = False
        self.generator.trainable = True
        noise = Input(shape=(4,))
        self.generator_model = Model(noise, self.critic(self.generator(noise)))
        self.generator_model.compile(loss=self.wasserstein, optimizer=optimizer)

    def wasserstein(self, y_true, y_pred):
        return K.mean(y_true * y_pred)

    def penalty(self, y_true, y_pred, samples):
        gradients = K.gradients(y_pred, samples)[0]
        axes = np.arange(1, len(gradients.shape))
        norm = K.sqrt(K.sum(K.square(gradients), axis=axes))
        return K.mean(K.square(1 - norm))


toy = Toy()
valid, fake, dummy = -np.ones((BATCH, 1)), np.ones((BATCH, 1)), np.zeros((BATCH, 1))
for step in range(3):
    generator = toy.generator.get_weights()[0].copy()
    critic = toy.critic.get_weights()[0].copy()
    noise = np.random.normal(0, 1, (BATCH, 4))
    real = np.random.normal(3, 1, (BATCH, 2))
    d_loss = toy.critic_model.train_on_batch([real, noise], [valid, fake, dummy])
    assert len(d_loss) == 4
    assert np.array_equal(generator, toy.generator.get_weights()[0])
    assert not np.array_equal(critic, toy.critic.get_weights()[0])
    critic = toy.critic.get_weights()[0].copy()
    g_loss = toy.generator_model.train_on_batch(noise, valid)
    assert not np.array_equal(generator, toy.generator.get_weights()[0])
    assert np.array_equal(critic, toy.critic.get_weights()[0])
    print("%d [D loss: %f] [G loss: %f]" % (step, d_loss[0], g_loss))
