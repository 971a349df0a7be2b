'''CGAN and ACGAN in small: labels by Embedding, two outputs of the discriminator.'''
import numpy as np
from keras.layers import (Input, Dense, Reshape, Flatten, Dropout, multiply, Embedding,
                          BatchNormalization, Activation, ZeroPadding2D)
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.convolutional import UpSampling2D, Conv2D
from keras.models import Sequential, Model
from keras.optimizers import Adam

latent_dim, num_classes, img_shape = 6, 3, (8, 8, 1)
optimizer = Adam(0.0002, 0.5)

model = Sequential()
model.add(Conv2D(4, kernel_size=3, strides=2, input_shape=img_shape, padding='same'))
model.add(LeakyReLU(alpha=0.2))
model.add(Dropout(0.25))
model.add(ZeroPadding2D(padding=((0, 1), (0, 1))))
model.add(Conv2D(8, kernel_size=3, strides=2, padding='same'))
model.add(BatchNormalization(momentum=0.8))
model.add(Flatten())
img = Input(shape=img_shape)
features = model(img)
validity = Dense(1, activation='sigmoid')(features)
label = Dense(num_classes + 1, activation='softmax')(features)
discriminator = Model(img, [validity, label])
losses = ['binary_crossentropy', 'sparse_categorical_crossentropy']
discriminator.compile(loss=losses, optimizer=optimizer, metrics=['accuracy'])

model = Sequential()
model.add(Dense(4 * 2 * 2, activation='relu', input_dim=latent_dim))
model.add(Reshape((2, 2, 4)))
model.add(BatchNormalization(momentum=0.8))
model.add(UpSampling2D())
model.add(Conv2D(4, kernel_size=3, padding='same'))
model.add(Activation('relu'))
model.add(UpSampling2D())
model.add(Conv2D(1, kernel_size=3, padding='same'))
model.add(Activation('tanh'))
noise = Input(shape=(latent_dim,))
label = Input(shape=(1,), dtype='int32')
label_embedding = Flatten()(Embedding(num_classes, latent_dim)(label))
generator = Model([noise, label], model(multiply([noise, label_embedding])))

noise, label = Input(shape=(latent_dim,)), Input(shape=(1,))
img = generator([noise, label])
discriminator.trainable = False
valid, target_label = discriminator(img)
combined = Model([noise, label], [valid, target_label])
combined.compile(loss=losses, optimizer=Adam(0.0002, 0.5))

rng = np.random.RandomState(0)
X, y = rng.uniform(-1, 1, (32, 8, 8, 1)), rng.randint(0, num_classes, (32, 1))
batch, half = 8, 4
for epoch in range(3):
    idx = rng.randint(0, 32, batch)
    z, sampled = rng.normal(0, 1, (batch, latent_dim)), rng.randint(0, num_classes, (batch, 1))
    gen_imgs = generator.predict([z, sampled])
    first = discriminator.get_weights()[0].copy()
    d_real = discriminator.train_on_batch(X[idx], [np.ones((batch, 1)), y[idx]])
    d_fake = discriminator.train_on_batch(gen_imgs, [np.zeros((batch, 1)), np.full((batch, 1), 3)])
    d_loss = 0.5 * np.add(d_real, d_fake)
    g_loss = combined.train_on_batch([z, sampled], [np.ones((batch, 1)), sampled])
    assert (discriminator.get_weights()[0] != first).any()
    print('%d [D loss: %f, acc.: %.2f%%, op_acc: %.2f%%] [G loss: %f]'
          % (epoch, d_loss[0], 100 * d_loss[3], 100 * d_loss[4], g_loss[0]))
assert len(d_loss) == 5 and len(g_loss) == 3
