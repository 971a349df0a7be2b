'''Face embeddings: a triplet loss over one concatenated output.'''
import numpy as np
import keras
from keras import backend as K
from keras.layers import Input, Dense, Lambda, concatenate, Conv2D, Flatten
from keras.models import Model, Sequential

alpha, dims = 1.9, 4

def triplet_loss(y_true, y_pred):
    anchor = y_pred[:, 0:dims]
    positive = y_pred[:, dims:2 * dims]
    negative = y_pred[:, 2 * dims:3 * dims]
    pos_dist = K.sum(K.square(anchor - positive), axis=1)
    neg_dist = K.sum(K.square(anchor - negative), axis=1)
    return K.mean(K.maximum(pos_dist - neg_dist + K.constant(alpha), 0.))

base = Sequential()
base.add(Conv2D(4, (3, 3), activation='relu', input_shape=(6, 6, 1)))
base.add(Flatten())
base.add(Dense(dims))
base.add(Lambda(lambda x: K.l2_normalize(x, axis=1)))
anchor_input = Input((6, 6, 1), name='anchor_input')
positive_input = Input((6, 6, 1), name='positive_input')
negative_input = Input((6, 6, 1), name='negative_input')
merged = concatenate([base(anchor_input), base(positive_input), base(negative_input)], axis=-1)
model = Model(inputs=[anchor_input, positive_input, negative_input], outputs=merged)
model.compile(loss=triplet_loss, optimizer=keras.optimizers.Adam(lr=0.01))
rng = np.random.RandomState(0)
kinds = rng.rand(2, 6, 6, 1)
a = kinds[0] + 0.1 * rng.rand(24, 6, 6, 1)
p = kinds[0] + 0.1 * rng.rand(24, 6, 6, 1)
n = kinds[1] + 0.1 * rng.rand(24, 6, 6, 1)
h = model.fit([a, p, n], np.zeros((24, 1)), batch_size=8, epochs=8, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
norms = np.linalg.norm(base.predict(a), axis=1)
np.testing.assert_allclose(norms, 1, rtol=1e-4)
