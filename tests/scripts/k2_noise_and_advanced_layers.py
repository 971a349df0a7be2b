'''GaussianNoise and its kin, and activations that are layers.'''
import numpy as np
from keras import backend as K
from keras.layers.noise import GaussianNoise, GaussianDropout, AlphaDropout
from keras.layers.advanced_activations import (LeakyReLU, PReLU, ELU, ThresholdedReLU, Softmax,
                                               ReLU)
from keras.layers import ActivityRegularization, Dense, Input, Flatten, Reshape
from keras.models import Sequential, Model
from keras.activations import relu, softmax

model = Sequential()
model.add(Dense(8, input_shape=(6,), kernel_initializer='lecun_normal', activation='selu'))
model.add(GaussianNoise(0.1))
model.add(AlphaDropout(0.1))
model.add(Dense(8, activation=relu))
model.add(GaussianDropout(0.1))
model.add(ActivityRegularization(l2=0.01))
model.add(PReLU(alpha_initializer='zeros'))
model.add(Dense(3))
model.add(Softmax(axis=-1))
model.compile('nadam', 'sparse_categorical_crossentropy', ['sparse_categorical_accuracy'])
rng = np.random.RandomState(0)
x = rng.randn(60, 6)
y = (x[:, 0] > 0).astype(int)
h = model.fit(x, y, epochs=5, batch_size=10, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]

values = np.array([[-2., -0.5, 0.5, 3.]])
for layer, expected in [(LeakyReLU(alpha=0.3), [-0.6, -0.15, 0.5, 3.]),
                        (ELU(alpha=1.0), [np.exp(-2) - 1, np.exp(-0.5) - 1, 0.5, 3.]),
                        (ThresholdedReLU(theta=1.0), [0, 0, 0, 3.]),
                        (ReLU(max_value=2.), [0, 0, 0.5, 2.])]:
    inp = Input((4,))
    np.testing.assert_allclose(Model(inp, layer(inp)).predict(values)[0], expected, atol=1e-6)
# in the training phase noise is added, otherwise not
noisy = Sequential([GaussianNoise(1., input_shape=(4,))])
np.testing.assert_array_equal(noisy.predict(values), values.astype('float32'))
