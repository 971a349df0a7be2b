'''Watch the training in TensorBoard.'''
import os
from time import time
import numpy as np
import keras
from keras.callbacks import TensorBoard
from keras.models import Sequential
from keras.layers import Dense

model = Sequential()
model.add(Dense(8, activation='relu', input_shape=(4,)))
model.add(Dense(1))
model.compile('sgd', 'mse', metrics=['mae'])
log_dir = os.path.join('logs', '{}'.format(int(time())))
try:
    tensorboard = keras.callbacks.TensorBoard(log_dir=log_dir, histogram_freq=1,
                                              write_graph=True, write_grads=False,
                                              write_images=False, batch_size=32)
    x, y = np.random.rand(24, 4), np.random.rand(24)
    model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), callbacks=[tensorboard])
except ImportError as error:
    assert 'tensorboard' in str(error)
else:
    files = [f for _, _, names in os.walk(log_dir) for f in names]
    assert any('tfevents' in f for f in files), files
