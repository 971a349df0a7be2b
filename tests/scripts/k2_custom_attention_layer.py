'''An attention layer of one's own, as kernels on Kaggle had it.'''
import numpy as np
from keras import backend as K
from keras import initializers, regularizers, constraints
from keras.engine.topology import Layer
from keras.engine import InputSpec
from keras.layers import Input, Embedding, LSTM, Dense, Bidirectional
from keras.models import Model

class Attention(Layer):
    def __init__(self, step_dim, W_regularizer=None, b_regularizer=None, bias=True, **kwargs):
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')
        self.W_regularizer = regularizers.get(W_regularizer)
        self.b_regularizer = regularizers.get(b_regularizer)
        self.bias = bias
        self.step_dim = step_dim
        self.features_dim = 0
        super(Attention, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = self.add_weight(shape=(input_shape[-1],), initializer=self.init,
                                 name='{}_W'.format(self.name),
                                 regularizer=self.W_regularizer)
        self.features_dim = input_shape[-1]
        self.b = self.add_weight(shape=(input_shape[1],), initializer='zero',
                                 name='{}_b'.format(self.name))
        self.built = True

    def compute_mask(self, input, input_mask=None):
        return None

    def call(self, x, mask=None):
        eij = K.reshape(K.dot(K.reshape(x, (-1, self.features_dim)),
                              K.reshape(self.W, (self.features_dim, 1))), (-1, self.step_dim))
        if self.bias:
            eij += self.b
        eij = K.tanh(eij)
        a = K.exp(eij)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        a = K.expand_dims(a)
        return K.sum(x * a, axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.features_dim

    def get_config(self):
        config = {'step_dim': self.step_dim}
        base_config = super(Attention, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))

maxlen = 10
inp = Input(shape=(maxlen,))
x = Embedding(40, 8, mask_zero=True)(inp)
x = Bidirectional(LSTM(5, return_sequences=True, dropout=0.1, recurrent_dropout=0.1))(x)
x = Attention(maxlen, W_regularizer=regularizers.l2(0.001))(x)
x = Dense(1, activation='sigmoid')(x)
model = Model(inputs=inp, outputs=x)
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
rng = np.random.RandomState(0)
words = rng.randint(1, 40, (50, maxlen))
words[:, 7:] = 0
labels = (words[:, 0] > 20).astype(int)
h = model.fit(words, labels, epochs=6, batch_size=10, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
assert model.layers[3].output_shape == (None, 10)
copy = Model.from_config(model.get_config(), custom_objects={'Attention': Attention})
copy.set_weights(model.get_weights())
np.testing.assert_allclose(copy.predict(words), model.predict(words), atol=1e-6)
