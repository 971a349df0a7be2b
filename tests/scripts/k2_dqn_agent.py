'''Deep Q-learning without a gym: an agent in a corridor.'''
import random
from collections import deque
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam

class DQNAgent:
    def __init__(self, state_size, action_size):
        self.state_size = state_size
        self.action_size = action_size
        self.memory = deque(maxlen=2000)
        self.gamma = 0.95
        self.epsilon = 1.0
        self.epsilon_decay = 0.9
        self.learning_rate = 0.01
        self.model = self._build_model()
        self.target_model = self._build_model()
        self.update_target_model()

    def _build_model(self):
        model = Sequential()
        model.add(Dense(12, input_dim=self.state_size, activation='relu'))
        model.add(Dense(self.action_size, activation='linear'))
        model.compile(loss='mse', optimizer=Adam(lr=self.learning_rate))
        return model

    def update_target_model(self):
        self.target_model.set_weights(self.model.get_weights())

    def act(self, state):
        if np.random.rand() <= self.epsilon:
            return random.randrange(self.action_size)
        return np.argmax(self.model.predict(state)[0])

    def replay(self, batch_size):
        for state, action, reward, next_state, done in random.sample(self.memory, batch_size):
            target = self.model.predict(state)
            if done:
                target[0][action] = reward
            else:
                t = self.target_model.predict(next_state)[0]
                target[0][action] = reward + self.gamma * np.amax(t)
            self.model.fit(state, target, epochs=1, verbose=0)
        self.epsilon *= self.epsilon_decay

random.seed(0)
np.random.seed(0)
agent = DQNAgent(state_size=4, action_size=2)
for e in range(3):
    position = 1
    for time in range(10):
        state = np.eye(4)[[position]]
        action = agent.act(state)
        position = min(3, max(0, position + (1 if action else -1)))
        done = position == 3
        agent.memory.append((state, action, float(done), np.eye(4)[[position]], done))
        if done:
            break
    agent.update_target_model()
    agent.replay(min(5, len(agent.memory)))
assert agent.epsilon < 1
differ = [np.abs(a - b).max() for a, b in zip(agent.model.get_weights(),
                                              agent.target_model.get_weights())]
assert max(differ) > 0
agent.model.save_weights('dqn.weights.npz')
agent.target_model.load_weights('dqn.weights.npz')
np.testing.assert_array_equal(agent.model.get_weights()[0], agent.target_model.get_weights()[0])
