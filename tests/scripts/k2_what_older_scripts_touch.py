"""Shapes, attributes and arguments that scripts of Keras 1 and 2 counted on."""
from __future__ import division
import numpy as np
from keras import backend as K
from keras.applications.imagenet_utils import _obtain_input_shape
from keras.callbacks import BaseLogger, Callback
from keras.engine.topology import get_source_inputs
from keras.layers import *
from keras.models import Model, Sequential
from tensorflow.python.client import device_lib

print([device.name for device in device_lib.list_local_devices()])


class TrainingMonitor(BaseLogger):
    def on_train_begin(self, logs={}):
        self.names = [name for name in self.params['metrics'] if 'val' not in name]
        self.seen = {}

    def on_epoch_end(self, epoch, logs={}):
        for (name, value) in logs.items():
            self.seen.setdefault(name, []).append(value)


class HeldOut(Callback):
    def on_epoch_end(self, epoch, logs=None):
        y_pred = self.model.predict(self.validation_data[0])
        self.error = np.abs(y_pred - self.validation_data[1]).mean()


def squeeze_excite(x, ratio=2):
    channels = x._keras_shape[-1]
    s = GlobalAveragePooling2D()(x)
    s = Dense(channels / ratio, activation='relu')(s)
    s = Dense(x.get_shape().as_list()[-1], activation='sigmoid')(s)
    return multiply([x, Reshape((1, 1, x.shape[3].value))(s)])


shape = _obtain_input_shape((16, 16, 3), 224, 8, 'channels_last', False)
image = Input(shape)
x = squeeze_excite(Conv2D(16 / 2, (3, 3), activation='relu')(image))
x = AveragePooling2D()(x)
x = SeparableConv2D(8, (3, 3), kernel_regularizer='l2')(x)
features = Flatten()(x)
model = Model(get_source_inputs(features), Dense(3, activation='softmax')(features))
model.add_metric(K.mean(features), name='level', aggregation='mean')


def hits(y_true, y_pred):
    assert K.ndim(y_true) == K.ndim(y_pred) == 2
    return K.mean(K.equal(y_true[:, 0], K.cast(K.argmax(y_pred), K.floatx())))


model.compile('adam', 'sparse_categorical_crossentropy', metrics=[hits])
X, y = np.random.rand(40, 16, 16, 3), np.arange(40) % 3
monitor, held_out = TrainingMonitor(), HeldOut()
model.fit(X, y, batch_size=8, epochs=2, steps_per_epoch=len(X) / 16, verbose=0,
          validation_split=0.2, callbacks=[[monitor, held_out]])
assert monitor.names == ['loss', 'hits', 'level'], monitor.names
assert len(monitor.seen['val_level']) == 2
assert held_out.error >= 0
print(np.asarray(model(X[:2])), model.optimizer.get_weights()[0])
model.train_on_batch(X[:8], y[:8], reset_metrics=False)

net = Sequential()
net.add(Dense(8, input_dim=4, activation='relu', name='first'))
net.add(Dense(3, activation='softmax', name='last'))
net.layers.pop()
net.outputs = [net.layers[-1].output]
net.layers[-1].outbound_nodes = []
net.add(Dense(2, activation='softmax'))
net.layers[0]._name = 'kept'
assert net.get_layer('kept').updates == []
assert net.output_shape == (None, 2)
