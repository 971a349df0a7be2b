'''Recording the loss history, saving the best weights, stopping early.'''
import glob
import os
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.callbacks import (Callback, ModelCheckpoint, EarlyStopping,
                             LearningRateScheduler, BaseLogger, History)

class LossHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))

    def on_epoch_end(self, epoch, logs={}):
        print(epoch, self.params['nb_epoch'] if 'nb_epoch' in self.params
              else self.params['epochs'], sorted(logs))

def scheduler(epoch):
    return 0.1 if epoch < 3 else 0.05

rng = np.random.RandomState(3)
X = rng.rand(80, 8)
Y = np.eye(2)[(X[:, 0] > 0.5).astype(int)]
model = Sequential()
model.add(Dense(10, input_dim=8, init='uniform', activation='relu'))
model.add(Dense(2, init='uniform', activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])

history = LossHistory()
filepath = 'weights.{epoch:02d}-{val_acc:.2f}.hdf5'
best = ModelCheckpoint('best.hdf5', monitor='val_acc', verbose=1, save_best_only=True,
                       mode='max')
try:
    import h5py
    files = [ModelCheckpoint(filepath, monitor='val_acc', save_weights_only=True), best]
except ImportError:
    files = []
log = model.fit(X, Y, batch_size=20, nb_epoch=5, verbose=0, validation_split=0.2,
                callbacks=[history, LearningRateScheduler(scheduler),
                           EarlyStopping(monitor='val_acc', patience=50)] + files)
assert len(history.losses) == 4 * 5
assert abs(float(model.optimizer.lr) - 0.05) < 1e-6
assert log.history['lr'][0] > log.history['lr'][-1]
if files:
    assert len(glob.glob('weights.*.hdf5')) == 5, os.listdir('.')
    model.load_weights(sorted(glob.glob('weights.*.hdf5'))[-1])
    assert os.path.exists('best.hdf5')
