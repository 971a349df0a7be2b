'''Writing your own Keras layers (1.2 documentation).'''
from keras import backend as K
from keras.engine.topology import Layer
from keras import initializations, activations, regularizers
from keras.models import Sequential
import numpy as np

class MyLayer(Layer):
    def __init__(self, output_dim, init='glorot_uniform', activation='linear', **kwargs):
        self.output_dim = output_dim
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        super(MyLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[1], self.output_dim),
                                 initializer=self.init, trainable=True,
                                 name='{}_W'.format(self.name))
        self.b = self.add_weight((self.output_dim,), initializer='zero', name='b')
        super(MyLayer, self).build(input_shape)

    def call(self, x, mask=None):
        return self.activation(K.dot(x, self.W) + self.b)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)

model = Sequential()
model.add(MyLayer(6, input_shape=(4,), activation='tanh'))
model.add(MyLayer(1, init='normal'))
model.compile(loss='mse', optimizer='adam')
rng = np.random.RandomState(0)
X = rng.randn(50, 4)
y = X[:, :1] - X[:, 1:2]
history = model.fit(X, y, nb_epoch=10, batch_size=10, verbose=0)
assert history.history['loss'][-1] < history.history['loss'][0]
assert model.output_shape == (None, 1)
assert model.count_params() == 4 * 6 + 6 + 6 + 1
assert len(model.trainable_weights) == 4 and model.layers[0].name.startswith('my_layer')
