'''Attention from Dense, Permute, RepeatVector, Lambda and multiply.'''
import numpy as np
from keras import backend as K
from keras.layers import (Input, LSTM, Dense, Flatten, Activation, RepeatVector, Permute,
                          Lambda, Bidirectional, Dot, Concatenate, Multiply, Reshape)
from keras.layers.merge import multiply, concatenate, dot
from keras.models import Model
from keras.optimizers import Adam

TIME_STEPS, INPUT_DIM, units = 8, 3, 6

def attention_3d_block(inputs, single=False):
    input_dim = int(inputs.shape[2])
    a = Permute((2, 1))(inputs)
    a = Reshape((input_dim, TIME_STEPS))(a)
    a = Dense(TIME_STEPS, activation='softmax')(a)
    if single:
        a = Lambda(lambda x: K.mean(x, axis=1), name='dim_reduction')(a)
        a = RepeatVector(input_dim)(a)
    a_probs = Permute((2, 1), name='attention_vec')(a)
    return multiply([inputs, a_probs])

inputs = Input(shape=(TIME_STEPS, INPUT_DIM,))
lstm_out = LSTM(units, return_sequences=True)(inputs)
attended = attention_3d_block(lstm_out, single=True)
output = Dense(1, activation='sigmoid')(Flatten()(attended))
model = Model(inputs=[inputs], outputs=output)
model.compile(Adam(lr=0.01), loss='binary_crossentropy', metrics=['accuracy'])
rng = np.random.RandomState(0)
x = rng.standard_normal((60, TIME_STEPS, INPUT_DIM))
y = rng.randint(0, 2, (60, 1))
x[:, 3, :] = np.tile(y[:], (1, INPUT_DIM))
h = model.fit(x, y, epochs=8, batch_size=10, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
attention = Model(model.input, model.get_layer('attention_vec').output)
weights = attention.predict(x)
np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-4)

# the word-level kind: tanh, a score for each step, a weighted sum
inp = Input((TIME_STEPS, INPUT_DIM))
activations = Bidirectional(LSTM(units, return_sequences=True))(inp)
score = Dense(1, activation='tanh')(activations)
score = Flatten()(score)
score = Activation('softmax')(score)
score = RepeatVector(2 * units)(score)
score = Permute([2, 1])(score)
sent = Multiply()([activations, score])
sent = Lambda(lambda xin: K.sum(xin, axis=-2), output_shape=(2 * units,))(sent)
# and the dot kind, with a query
query = Dense(2 * units)(sent)
alphas = Dot(axes=(2, 1))([activations, query])
context = dot([Activation('softmax')(alphas), activations], axes=1)
probabilities = Dense(3, activation='softmax')(concatenate([sent, context]))
model = Model(inp, probabilities)
model.compile('adam', 'sparse_categorical_crossentropy')
assert model.output_shape == (None, 3)
model.fit(x, y, epochs=1, verbose=0)
