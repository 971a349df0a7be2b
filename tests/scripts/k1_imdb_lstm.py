"""Train a LSTM on the IMDB sentiment classification task (Keras 1.0)."""

from __future__ import print_function
import numpy as np

np.random.seed(1337)

from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Embedding
from keras.layers.recurrent import LSTM, SimpleRNN, GRU
from keras.datasets import imdb

max_features = 300
maxlen = 20

print("Loading data...")
(X_train, y_train), (X_test, y_test) = imdb.load_data(nb_words=max_features)
X_train = sequence.pad_sequences(X_train, maxlen=maxlen)
X_test = sequence.pad_sequences(X_test, maxlen=maxlen)
print("X_train shape:", X_train.shape)

model = Sequential()
model.add(Embedding(max_features, 16, input_length=maxlen, dropout=0.2))
model.add(
    LSTM(
        8,
        dropout_W=0.1,
        dropout_U=0.1,
        inner_init="orthogonal",
        forget_bias_init="one",
        inner_activation="hard_sigmoid",
        return_sequences=True,
        consume_less="gpu",
    )
)
model.add(GRU(output_dim=6, init="glorot_uniform", return_sequences=True))
model.add(SimpleRNN(6, U_regularizer="l2"))
model.add(Dense(1))
model.add(Activation("sigmoid"))
model.compile(
    loss="binary_crossentropy",
    optimizer="adam",
    metrics=["accuracy"],
    class_mode="binary",
)

history = model.fit(
    X_train,
    y_train,
    batch_size=16,
    nb_epoch=4,
    validation_data=(X_test, y_test),
    show_accuracy=True,
)
score, acc = model.evaluate(X_test, y_test, batch_size=32)
print("Test accuracy:", acc)
assert history.history["loss"][-1] < history.history["loss"][0]
assert 0 <= acc <= 1
lstm = model.layers[1]
assert "hard_sigmoid" in lstm.get_config()["recurrent_activation"]
assert [w.shape for w in lstm.get_weights()] == [(16, 32), (8, 32), (32,)]
