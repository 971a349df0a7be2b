'''Checkpoint weights when validation accuracy improves, then load the best.'''
import glob
import os
from keras.models import Sequential, load_model
from keras.layers import Dense
from keras.callbacks import ModelCheckpoint, CSVLogger, TerminateOnNaN
import numpy
try:
    import h5py
except ImportError:
    print('h5py is not installed')
    raise SystemExit(0)

numpy.random.seed(7)
X = numpy.random.rand(60, 8)
Y = (X[:, 1] > 0.5).astype(int)

def create():
    model = Sequential()
    model.add(Dense(12, input_dim=8, kernel_initializer='uniform', activation='relu'))
    model.add(Dense(1, kernel_initializer='uniform', activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model

model = create()
filepath = 'weights-improvement-{epoch:02d}-{val_acc:.2f}.hdf5'
callbacks_list = [
    ModelCheckpoint(filepath, monitor='val_acc', verbose=1, save_best_only=True, mode='max'),
    ModelCheckpoint('every_second_{epoch}.h5', save_weights_only=True, period=2),
    ModelCheckpoint('best_model.h5', monitor='val_loss', save_best_only=True, mode='min'),
    CSVLogger('training.log', separator=';', append=False),
    TerminateOnNaN(),
]
model.fit(X, Y, validation_split=0.33, epochs=6, batch_size=10, callbacks=callbacks_list,
          verbose=0)
assert glob.glob('weights-improvement-01-*.hdf5')
assert sorted(glob.glob('every_second_*')) == ['every_second_2.h5', 'every_second_4.h5',
                                               'every_second_6.h5']
with open('training.log') as f:
    lines = f.read().splitlines()
assert len(lines) == 7 and lines[0].split(';')[0] == 'epoch'

other = create()
other.load_weights('every_second_6.h5')
numpy.testing.assert_allclose(other.predict(X), model.predict(X), atol=1e-6)
best = load_model('best_model.h5')
scores = best.evaluate(X, Y, verbose=0)
print('%s: %.2f%%' % (best.metrics_names[1], scores[1] * 100))
