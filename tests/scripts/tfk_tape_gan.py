"""A GAN with a train_step of its own, and one trained by a plain loop."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

latent_dim = 4
tf.random.set_seed(0)
real = np.random.RandomState(0).normal(2.0, 0.5, (64, 2)).astype("float32")


def make_generator():
    return keras.Sequential(
        [
            keras.Input(shape=(latent_dim,)),
            layers.Dense(8),
            layers.LeakyReLU(0.2),
            layers.Dense(2),
        ],
        name="generator",
    )


def make_critic():
    model = keras.Sequential(name="critic")
    model.add(layers.Dense(8, input_shape=(2,)))
    model.add(layers.LeakyReLU(alpha=0.2))
    model.add(layers.Dense(1))
    return model


class WGAN(keras.Model):
    def __init__(self, critic, generator, critic_steps=2, penalty=10.0):
        super().__init__()
        self.critic, self.generator = critic, generator
        self.critic_steps, self.penalty = critic_steps, penalty

    def compile(self, d_optimizer, g_optimizer):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

    def gradient_penalty(self, batch_size, real_points, fake_points):
        alpha = tf.random.uniform([batch_size, 1], 0.0, 1.0)
        between = real_points + alpha * (fake_points - real_points)
        with tf.GradientTape() as gp_tape:
            gp_tape.watch(between)
            score = self.critic(between, training=True)
        grads = gp_tape.gradient(score, [between])[0]
        norm = tf.sqrt(tf.reduce_sum(tf.square(grads), axis=[1]) + 1e-12)
        return tf.reduce_mean((norm - 1.0) ** 2)

    def train_step(self, real_points):
        if isinstance(real_points, tuple):
            real_points = real_points[0]
        batch_size = tf.shape(real_points)[0]
        for _ in range(self.critic_steps):
            noise = tf.random.normal(shape=(batch_size, latent_dim))
            with tf.GradientTape() as tape:
                fake = self.generator(noise, training=True)
                cost = tf.reduce_mean(self.critic(fake, training=True))
                cost -= tf.reduce_mean(self.critic(real_points, training=True))
                gp = self.gradient_penalty(batch_size, real_points, fake)
                d_loss = cost + gp * self.penalty
            d_gradient = tape.gradient(d_loss, self.critic.trainable_variables)
            self.d_optimizer.apply_gradients(
                zip(d_gradient, self.critic.trainable_variables)
            )
        noise = tf.random.normal(shape=(batch_size, latent_dim))
        with tf.GradientTape() as tape:
            g_loss = -tf.reduce_mean(self.critic(self.generator(noise, training=True)))
        gradient = tape.gradient(g_loss, self.generator.trainable_variables)
        self.g_optimizer.apply_gradients(
            zip(gradient, self.generator.trainable_variables)
        )
        return {"d_loss": d_loss, "g_loss": g_loss, "gp": gp}


wgan = WGAN(make_critic(), make_generator())
wgan.compile(keras.optimizers.Adam(0.005, beta_1=0.5), keras.optimizers.Adam(0.005))
history = wgan.fit(real, batch_size=16, epochs=15, verbose=0)
assert sorted(history.history) == ["d_loss", "g_loss", "gp"]
assert history.history["gp"][-1] < history.history["gp"][0]

# Two tapes in one block, and a step that is a function
cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
generator, discriminator = make_generator(), make_critic()
g_opt, d_opt = tf.keras.optimizers.Adam(1e-2), tf.keras.optimizers.Adam(1e-2)
seen = tf.Variable(0, trainable=False, dtype=tf.int64)


@tf.function
def step(points):
    noise = tf.random.normal([points.shape[0], latent_dim])
    with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
        fake = generator(noise, training=True)
        real_output = discriminator(points, training=True)
        fake_output = discriminator(fake, training=True)
        g_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
        d_loss = cross_entropy(tf.ones_like(real_output), real_output)
        d_loss += cross_entropy(tf.zeros_like(fake_output), fake_output)
    g_grads = g_tape.gradient(g_loss, generator.trainable_variables)
    d_grads = d_tape.gradient(d_loss, discriminator.trainable_variables)
    d_grads, _ = tf.clip_by_global_norm(d_grads, 1.0)
    g_opt.apply_gradients(zip(g_grads, generator.trainable_variables))
    d_opt.apply_gradients(zip(d_grads, discriminator.trainable_variables))
    seen.assign_add(points.shape[0])
    return g_loss, d_loss


before = float(tf.reduce_mean(generator(tf.ones([1, latent_dim]))))
for epoch in range(3):
    for start in range(0, 64, 16):
        g_loss, d_loss = step(real[start : start + 16])
print("losses: {:.3f} {:.3f}".format(g_loss, d_loss))
assert seen.numpy() == 192 and g_opt.iterations.numpy() == 12
assert float(tf.reduce_mean(generator(tf.ones([1, latent_dim])))) != before
