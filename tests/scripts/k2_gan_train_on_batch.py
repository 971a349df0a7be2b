'''A vanilla GAN in a class, as in the Keras-GAN collection of 2017.'''
import numpy as np
from keras.layers import Input, Dense, Reshape, Flatten, Dropout
from keras.layers import BatchNormalization
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Sequential, Model
from keras.optimizers import Adam

class GAN():
    def __init__(self):
        self.img_shape = (8, 8, 1)
        self.latent_dim = 10
        optimizer = Adam(0.0002, 0.5)
        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss='binary_crossentropy', optimizer=optimizer,
                                   metrics=['accuracy'])
        self.generator = self.build_generator()
        z = Input(shape=(self.latent_dim,))
        img = self.generator(z)
        # For the combined model we will only train the generator
        self.discriminator.trainable = False
        validity = self.discriminator(img)
        self.combined = Model(z, validity)
        self.combined.compile(loss='binary_crossentropy', optimizer=Adam(0.0002, 0.5))

    def build_generator(self):
        model = Sequential()
        model.add(Dense(32, input_dim=self.latent_dim))
        model.add(LeakyReLU(alpha=0.2))
        model.add(BatchNormalization(momentum=0.8))
        model.add(Dense(np.prod(self.img_shape), activation='tanh'))
        model.add(Reshape(self.img_shape))
        model.summary()
        noise = Input(shape=(self.latent_dim,))
        return Model(noise, model(noise))

    def build_discriminator(self):
        model = Sequential()
        model.add(Flatten(input_shape=self.img_shape))
        model.add(Dense(16))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dense(1, activation='sigmoid'))
        img = Input(shape=self.img_shape)
        return Model(img, model(img))

    def train(self, X_train, epochs, batch_size=16):
        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))
        for epoch in range(epochs):
            idx = np.random.randint(0, X_train.shape[0], batch_size)
            noise = np.random.normal(0, 1, (batch_size, self.latent_dim))
            gen_imgs = self.generator.predict(noise)
            d_loss_real = self.discriminator.train_on_batch(X_train[idx], valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)
            before = self.discriminator.get_weights()
            g_loss = self.combined.train_on_batch(noise, valid)
            for a, b in zip(before, self.discriminator.get_weights()):
                assert (a == b).all()      # frozen in the combined model
            print('%d [D loss: %f, acc.: %.2f%%] [G loss: %f]'
                  % (epoch, d_loss[0], 100 * d_loss[1], g_loss))
        return d_loss, g_loss

np.random.seed(0)
images = np.tanh(np.random.rand(50, 8, 8, 1) * 2 - 1)
gan = GAN()
start = [w.copy() for w in gan.discriminator.get_weights()]
d_loss, g_loss = gan.train(images, epochs=4)
assert len(d_loss) == 2 and np.isfinite(g_loss)
assert any((a != b).any() for a, b in zip(start, gan.discriminator.get_weights()))
