"""Reinforcement learning as written for Keras 2: get_updates and K.function."""

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras import layers
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from keras.optimizers import Adam

np.random.seed(3)


class Agent:
    def __init__(self):
        self.actor = Sequential()
        self.actor.add(Dense(16, input_dim=4, activation='relu',
                             kernel_initializer='he_uniform'))
        self.actor.add(Dense(2, activation='softmax'))
        self.actor._make_predict_function()
        state = Input(shape=(4,))
        first = layers.initializers.RandomUniform(minval=-0.01, maxval=0.01)
        value = Dense(1, kernel_initializer=first)(Dense(16, activation='relu')(state))
        self.critic = Model(inputs=state, outputs=value)
        self.train_actor, self.train_critic = self.actor_step(), self.critic_step()
        self.session = tf.InteractiveSession()
        K.set_session(self.session)
        self.session.run(tf.global_variables_initializer())

    def actor_step(self):
        action = K.placeholder(shape=[None, 2])
        advantage = K.placeholder(shape=[None, ])
        policy = self.actor.output
        chosen = K.sum(action * policy, axis=1)
        loss = -K.sum(K.log(chosen + 1e-10) * K.stop_gradient(advantage))
        entropy = K.sum(policy * K.log(policy + 1e-10), axis=1)
        updates = Adam(lr=0.01).get_updates(self.actor.trainable_weights, [],
                                            loss + 0.01 * entropy)
        return K.function([self.actor.input, action, advantage], [], updates=updates)

    def critic_step(self):
        target = K.placeholder(shape=(None, 1))
        loss = K.mean(K.square(target - self.critic.output))
        updates = Adam(lr=0.01).get_updates(params=self.critic.trainable_weights,
                                            loss=loss)
        return K.function([self.critic.input, target, K.learning_phase()], [loss],
                          updates=updates)


agent = Agent()
states = [np.random.normal(size=4) for _ in range(32)]
actions = [[1.0, 0.0]] * 32
losses = [agent.train_critic([np.array(states), np.ones((32, 1)), 1])[0]
          for _ in range(20)]
assert losses[-1] < losses[0]
for _ in range(20):
    agent.train_actor([states, actions, np.ones(32)])
assert agent.actor.predict(np.array(states))[:, 0].mean() > 0.6
