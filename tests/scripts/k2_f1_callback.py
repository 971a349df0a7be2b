'''Metrics that Keras 2 dropped: K functions and a callback over validation data.'''
import numpy as np
from keras import backend as K
from keras.callbacks import Callback, LambdaCallback, EarlyStopping
from keras.models import Sequential
from keras.layers import Dense
from keras.metrics import binary_accuracy, categorical_accuracy, top_k_categorical_accuracy

def recall_m(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    possible_positives = K.sum(K.round(K.clip(y_true, 0, 1)))
    return true_positives / (possible_positives + K.epsilon())

def precision_m(y_true, y_pred):
    true_positives = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    predicted_positives = K.sum(K.round(K.clip(y_pred, 0, 1)))
    return true_positives / (predicted_positives + K.epsilon())

def f1_m(y_true, y_pred):
    precision = precision_m(y_true, y_pred)
    recall = recall_m(y_true, y_pred)
    return 2 * ((precision * recall) / (precision + recall + K.epsilon()))

class Metrics(Callback):
    def on_train_begin(self, logs={}):
        self.val_f1s = []

    def on_epoch_end(self, epoch, logs={}):
        val_predict = (np.asarray(self.model.predict(self.validation_data[0]))).round()
        val_targ = np.asarray(self.validation_data[1]).reshape(-1, 1)
        tp = (val_predict * val_targ).sum()
        self.val_f1s.append(2 * tp / max(1., val_predict.sum() + val_targ.sum()))
        return

class EarlyStoppingByLossVal(Callback):
    def __init__(self, monitor='val_loss', value=0.00001, verbose=0):
        super(Callback, self).__init__()
        self.monitor, self.value, self.verbose = monitor, value, verbose

    def on_epoch_end(self, epoch, logs={}):
        current = logs.get(self.monitor)
        if current < self.value:
            self.model.stop_training = True

rng = np.random.RandomState(0)
X = rng.rand(60, 5)
y = (X[:, 0] > 0.4).astype('float32')
model = Sequential([Dense(8, activation='relu', input_dim=5), Dense(1, activation='sigmoid')])
model.compile('adam', 'binary_crossentropy', metrics=['acc', f1_m, precision_m, recall_m])
metrics = Metrics()
lines = []
log = LambdaCallback(on_epoch_end=lambda epoch, logs: lines.append(logs['loss']))
h = model.fit(X[:40], y[:40], validation_data=(X[40:], y[40:]), epochs=5, verbose=0,
              callbacks=[metrics, log, EarlyStoppingByLossVal(value=-1.)])
assert len(metrics.val_f1s) == len(lines) == 5
assert set(h.history) >= {'f1_m', 'val_precision_m', 'val_recall_m', 'accuracy'} - {'accuracy'}
assert h.history['loss'][-1] < h.history['loss'][0]
loss, accuracy, f1_score, precision, recall = model.evaluate(X, y, verbose=0)
assert 0 <= f1_score <= 1
