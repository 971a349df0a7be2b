"""Keras 0: data as X=, show_accuracy, branches that are written down as JSON."""

import numpy as np

np.random.seed(1337)

from keras.datasets.data_utils import get_file
from keras.layers import recurrent
from keras.layers.core import Activation, Dense, Dropout, Merge
from keras.models import Sequential, model_from_json
from keras.optimizers import SGD
from keras.utils.generic_utils import Progbar

X = np.random.normal(size=(120, 6))
y = np.zeros((120, 2))
y[np.arange(120), (X[:, 0] > 0).astype(int)] = 1

model = Sequential()
model.add(Dense(input_dim=6, output_dim=16, init='uniform'))
model.add(Activation('tanh'))
model.add(Dropout(0.1))
model.add(Dense(input_dim=16, output_dim=2, init='uniform'))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', class_mode='categorical',
              optimizer=SGD(lr=0.3, decay=0., momentum=0.9, nesterov=True))
history = model.fit(X=X, y=y, nb_epoch=8, batch_size=20, show_accuracy=True,
                    validation_split=0.2, verbose=0)
assert len(history.history['val_acc']) == 8
loss, acc = model.evaluate(X=X, y=y, show_accuracy=True, verbose=0)
assert acc > 0.8

bar = Progbar(40)
for start in range(0, 40, 20):
    loss, acc = model.train_on_batch(X[start:start + 20], y[start:start + 20],
                                     accuracy=True)
    bar.update(start, values=[('loss', loss), ('acc', acc)], force=True)
print(bar.sum_values['loss'])

steps = Sequential()
steps.add(recurrent.GRU(4, input_shape=(5, 3)))
table = Sequential()
table.add(Dense(4, input_dim=6))
both = Sequential()
both.add(Merge([steps, table], mode='concat'))
both.add(Dense(2, activation='softmax'))
both.compile(loss='categorical_crossentropy', optimizer='rmsprop')
inputs = [np.random.normal(size=(120, 5, 3)), X]
both.fit(inputs, y, nb_epoch=1, show_accuracy=True, verbose=2)
with open('both.json', 'w') as file:
    file.write(both.to_json())
both.save_weights('both.h5', overwrite=True)
with open('both.json') as file:
    again = model_from_json(file.read())
again.load_weights('both.h5')
assert np.allclose(again.predict(inputs), both.predict(inputs), atol=1e-5)
