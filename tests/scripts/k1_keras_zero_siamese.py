"""Keras 0: one network behind two inputs of a Graph, and pairs of words."""

import numpy as np

from keras import backend as K
from keras.layers.core import *
from keras.layers.embeddings import WordContextProduct
from keras.models import Graph, Sequential
from keras.optimizers import RMSprop
from keras.preprocessing import sequence
from keras.utils import np_utils


def euclidean_distance(inputs):
    assert len(inputs) == 2
    u, v = inputs.values()
    return K.sqrt(K.sum(K.square(u - v), axis=1, keepdims=True))


def contrastive_loss(y, d):
    return K.mean(y * K.square(d) + (1 - y) * K.square(K.maximum(1 - d, 0)))


rng = np.random.RandomState(0)
left = rng.rand(60, 8)
same = np.arange(60) % 2
right = np.where(same[:, None], left + 0.01, rng.rand(60, 8))

base_network = Sequential()
base_network.add(Dense(8, input_shape=(8,), activation="relu"))
base_network.add(Dropout(0.1))
base_network.add(Dense(4, activation="relu"))

g = Graph()
g.add_input(name="input_a", input_shape=(8,))
g.add_input(name="input_b", input_shape=(8,))
g.add_shared_node(
    base_network, name="shared", inputs=["input_a", "input_b"], merge_mode="join"
)
g.add_node(Lambda(euclidean_distance), name="d", input="shared")
g.add_output(name="output", input="d")
g.compile(loss={"output": contrastive_loss}, optimizer=RMSprop())
data = {"input_a": left, "input_b": right, "output": same}
history = g.fit(data, validation_data=data, batch_size=20, nb_epoch=20, verbose=0)
assert history.history["loss"][-1] < history.history["loss"][0]
far = g.predict({"input_a": left, "input_b": right})["output"].ravel()
assert far[same == 1].mean() < far[same == 0].mean()

seq = rng.randint(1, 20, 40).tolist()
couples, labels = sequence.skipgrams(seq, 20, window_size=4, negative_samples=1.0)
model = Sequential()
model.add(WordContextProduct(20, proj_dim=6, init="uniform"))
model.compile(loss="mse", optimizer="rmsprop")
model.fit(np.array(couples, dtype="int32"), np.array(labels), nb_epoch=1, verbose=0)
vectors = np_utils.normalize(model.layers[0].get_weights()[0])
assert vectors.shape == (20, 6)
