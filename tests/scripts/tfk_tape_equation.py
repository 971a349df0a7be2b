"""Solve u' = -u, u(0) = 1 by a network, its derivative taken by a tape."""

import numpy as np
import tensorflow as tf

tf.keras.backend.set_floatx("float64")
tf.random.set_seed(1)


class Solution(tf.Module):
    def __init__(self, width, name=None):
        super().__init__(name=name)
        spread = tf.sqrt(tf.constant(1.0 / width, dtype=tf.float64))
        self.w1 = tf.Variable(tf.random.normal([1, width], dtype=tf.float64), name="w1")
        self.b1 = tf.Variable(tf.zeros([width], tf.float64), name="b1")
        self.w2 = tf.Variable(
            tf.random.normal([width, 1], stddev=spread, dtype=tf.float64), name="w2"
        )

    @tf.function
    def __call__(self, t):
        return tf.matmul(tf.nn.tanh(tf.matmul(t, self.w1) + self.b1), self.w2) + 1.0


def residual(u, t):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(t)
        value = 1.0 + t * (u(t) - 1.0)  # which begins at 1
    return tape.gradient(value, t) + value


u = Solution(8, name="u")
t = tf.reshape(tf.linspace(tf.constant(0.0, tf.float64), 1.0, 16), (-1, 1))
optimizer = tf.keras.optimizers.Adam(learning_rate=0.05)
losses = []
for _ in range(150):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(residual(u, t)))
    grads = tape.gradient(loss, u.trainable_variables)
    optimizer.apply_gradients(zip(grads, u.trainable_variables))
    losses.append(loss.numpy())
tf.print("loss", losses[-1])
found = 1.0 + t * (u(t) - 1.0)
np.testing.assert_allclose(found.numpy(), np.exp(-t.numpy()), atol=0.03)
assert found.dtype == tf.float64 and len(u.variables) == 3

# The curvature of a loss, and Newton's step by it
x = tf.Variable([1.5, 0.5], dtype=tf.float64)
for _ in range(6):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_sum((x - [1.0, 2.0]) ** 4) + tf.reduce_prod(x) ** 2
        g = inner.gradient(y, x)
    h = outer.jacobian(g, x)
    x.assign_sub(tf.squeeze(tf.linalg.solve(h, g[:, tf.newaxis]), 1))
with tf.GradientTape() as tape:
    y = tf.reduce_sum((x - [1.0, 2.0]) ** 4) + tf.reduce_prod(x) ** 2
assert float(tf.norm(tape.gradient(y, x))) < 1e-2


@tf.custom_gradient
def straight_through(z):
    return tf.round(z), lambda upstream: upstream


with tf.GradientTape() as tape:
    y = straight_through(x * 1.3)
np.testing.assert_allclose(tape.gradient(y, x).numpy(), [1.3, 1.3])
