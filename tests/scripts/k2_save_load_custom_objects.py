'''m.h5 and back, with a custom loss, metric, activation and layer.'''
import os
import numpy as np
import keras
from keras import backend as K
from keras.layers import Dense, Layer, Input, Activation
from keras.models import Model, Sequential, load_model, save_model
from keras.utils.generic_utils import get_custom_objects, CustomObjectScope

def swish_one(x):
    return x * K.sigmoid(x)

def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))

class Scale(Layer):
    def __init__(self, factor=2., **kwargs):
        super(Scale, self).__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.gain = self.add_weight(name='gain', shape=(input_shape[-1],),
                                    initializer='ones', trainable=True)
        super(Scale, self).build(input_shape)

    def call(self, inputs):
        return inputs * self.gain * self.factor

    def get_config(self):
        config = super(Scale, self).get_config()
        config.update({'factor': self.factor})
        return config

get_custom_objects().update({'swish_one': swish_one})
model = Sequential()
model.add(Dense(6, input_shape=(4,)))
model.add(Activation('swish_one', name='swish_one'))
model.add(Scale(3.))
model.add(Dense(1))
model.compile(loss=rmse, optimizer='adam', metrics=[rmse, 'mae'])
X, y = np.random.RandomState(0).rand(30, 4), np.random.RandomState(1).rand(30, 1)
model.fit(X, y, epochs=2, verbose=0)

extension = '.h5'
try:
    import h5py
except ImportError:
    extension = '.keras'
name = 'my_model' + extension
model.save(name)
assert os.path.isfile(name)
custom = {'rmse': rmse, 'Scale': Scale, 'swish_one': swish_one}
loaded = load_model(name, custom_objects=custom)
np.testing.assert_allclose(loaded.predict(X), model.predict(X), atol=1e-6)
np.testing.assert_allclose(loaded.evaluate(X, y, verbose=0),
                           model.evaluate(X, y, verbose=0), rtol=1e-5)
loaded.fit(X, y, epochs=1, verbose=0)     # the optimizer goes on

with CustomObjectScope(custom):
    again = load_model(name)
inference = load_model(name, custom_objects=custom, compile=False)
save_model(inference, 'copy' + extension, overwrite=True, include_optimizer=False)
assert os.path.exists('copy' + extension)
del model
assert again.layers[2].factor == 3.
