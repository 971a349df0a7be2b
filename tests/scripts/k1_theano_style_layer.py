'''Layers of Keras 0.3 and 1.0: weights in lists, initializers called by hand.'''
import numpy as np
from keras import backend as K
from keras import initializations
from keras.engine.topology import Layer
from keras.layers import Input, LSTM, Dense, Lambda, Embedding
from keras.layers.pooling import GlobalAveragePooling1D, MaxPooling2D
from keras.layers.local import LocallyConnected1D
from keras.callbacks import History
from keras.models import Model, Sequential

class AttLayer(Layer):
    def __init__(self, **kwargs):
        self.init = initializations.get('normal')
        super(AttLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = K.variable(self.init((input_shape[-1],)))
        self.trainable_weights = [self.W]
        super(AttLayer, self).build(input_shape)

    def call(self, x, mask=None):
        eij = K.tanh(K.sum(x * self.W, axis=-1))
        ai = K.exp(eij)
        weights = ai / K.sum(ai, axis=1, keepdims=True)
        weighted_input = x * K.expand_dims(weights, -1)
        return K.sum(weighted_input, axis=1)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[-1])

review_input = Input(shape=(9,), dtype='int32')
x = Embedding(30, 6)(review_input)
x = LSTM(5, return_sequences=True)(x)
x = AttLayer()(x)
preds = Dense(2, activation='softmax')(x)
model = Model(review_input, preds)
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['acc'])
rng = np.random.RandomState(0)
words = rng.randint(0, 30, (40, 9))
labels = np.eye(2)[(words[:, 0] > 15).astype(int)]
hist = History()
model.fit(words, labels, nb_epoch=5, batch_size=10, verbose=0, callbacks=[hist])
assert hist.history['loss'][-1] < hist.history['loss'][0]
att = model.layers[3]
assert len(att.trainable_weights) == 1 and att.get_weights()[0].shape == (5,)
pooled = Sequential([GlobalAveragePooling1D(input_shape=(4, 3))])
assert pooled.predict(np.ones((2, 4, 3))).shape == (2, 3)
