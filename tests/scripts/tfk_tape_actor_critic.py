"""An agent on a line: policy gradient, arrays that grow, checkpoints, summaries."""

import os
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from typing import List, Tuple

seed = 42
tf.random.set_seed(seed)
np.random.seed(seed)
eps = np.finfo(np.float32).eps.item()


class Line:
    """The agent is to go right, five steps."""

    def reset(self):
        self.place, self.time = 0, 0
        return np.array([self.place, 1.0])

    def step(self, action):
        self.place += 1 if action == 1 else -1
        self.time += 1
        return np.array([self.place, 1.0]), self.place, self.time == 5


env = Line()


class ActorCritic(tf.keras.Model):
    def __init__(self, num_actions: int, num_hidden_units: int):
        super().__init__()
        self.common = layers.Dense(num_hidden_units, activation="tanh")
        self.actor = layers.Dense(num_actions)
        self.critic = layers.Dense(1)

    def call(self, inputs: tf.Tensor) -> Tuple[tf.Tensor, tf.Tensor]:
        x = self.common(inputs)
        return self.actor(x), self.critic(x)


def env_step(action: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    state, reward, done = env.step(action)
    return (
        state.astype(np.float32),
        np.array(reward, np.int32),
        np.array(done, np.int32),
    )


def tf_env_step(action: tf.Tensor) -> List[tf.Tensor]:
    return tf.numpy_function(env_step, [action], [tf.float32, tf.int32, tf.int32])


def run_episode(initial_state, model, max_steps):
    action_probs = tf.TensorArray(dtype=tf.float32, size=0, dynamic_size=True)
    values = tf.TensorArray(dtype=tf.float32, size=0, dynamic_size=True)
    rewards = tf.TensorArray(dtype=tf.int32, size=0, dynamic_size=True)
    state = initial_state
    for t in tf.range(max_steps):
        state = tf.expand_dims(state, 0)
        logits, value = model(state)
        action = tf.random.categorical(logits, 1)[0, 0]
        action_probs = action_probs.write(t, tf.nn.softmax(logits)[0, action])
        values = values.write(t, tf.squeeze(value))
        state, reward, done = tf_env_step(action)
        state.set_shape(initial_state.shape)
        rewards = rewards.write(t, reward)
        if tf.cast(done, tf.bool):
            break
    return action_probs.stack(), values.stack(), rewards.stack()


def expected_return(rewards, gamma):
    rewards = tf.cast(rewards[::-1], dtype=tf.float32)
    returns = tf.scan(lambda total, r: r + gamma * total, rewards)[::-1]
    return (returns - tf.math.reduce_mean(returns)) / (
        tf.math.reduce_std(returns) + eps
    )


model = ActorCritic(2, 8)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.05)
huber_loss = tf.keras.losses.Huber(reduction=tf.keras.losses.Reduction.SUM)
step = tf.Variable(0, dtype=tf.int64, trainable=False)
checkpoint = tf.train.Checkpoint(step=step, optimizer=optimizer, model=model)
manager = tf.train.CheckpointManager(checkpoint, "./ckpts", max_to_keep=2)
checkpoint.restore(manager.latest_checkpoint)


@tf.function
def train_step(initial_state):
    with tf.GradientTape() as tape:
        probs, values, rewards = run_episode(initial_state, model, 10)
        returns = expected_return(rewards, 0.9)
        advantage = returns - values
        actor_loss = -tf.math.reduce_sum(
            tf.math.log(probs) * tf.stop_gradient(advantage)
        )
        loss = actor_loss + huber_loss(values, returns)
    grads = tape.gradient(loss, model.trainable_variables)
    grads, norm = tf.clip_by_global_norm(grads, 5.0)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return tf.math.reduce_sum(rewards)


for episode in range(60):
    reward = int(train_step(tf.constant(env.reset(), dtype=tf.float32)))
    step.assign_add(1)
    if int(step) % 20 == 0:
        path = manager.save()
        print(f"episode {int(step):3d}: reward {reward}, saved {path}")

tf.debugging.assert_equal(len(manager.checkpoints), 2)
assert os.path.exists(path + ".index")
assert manager.latest_checkpoint == tf.train.latest_checkpoint("./ckpts") == path

# The agent goes on, in a program begun anew
again = ActorCritic(2, 8)
fresh = tf.train.Checkpoint(step=tf.Variable(0, dtype=tf.int64), model=again)
fresh.restore(path).expect_partial()
x = tf.constant([[2.0, 1.0]])
np.testing.assert_allclose(again(x)[0].numpy(), model(x)[0].numpy())
assert int(fresh.step) == 60
assert tf.nn.softmax(model(x)[0])[0, 1] > 0.6, "it has learned to go right"
try:
    checkpoint.restore("./ckpts/ckpt-999")
except tf.errors.NotFoundError as error:
    print("as it should be:", type(error).__name__)
