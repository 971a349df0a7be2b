"""Every callback, with a model that overfits on purpose."""
import os
import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import *
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense

rng = np.random.default_rng(0)
x, y = rng.random((40, 3)), rng.random(40)


def make():
    model = Sequential([Dense(6, activation="relu", input_shape=(3,)), Dense(1)])
    model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.05), loss="mse",
                  metrics=["mean_absolute_error"])
    return model


def scheduler(epoch, lr):
    return lr if epoch < 2 else lr * 0.5


class Recorder(tf.keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_begin(self, logs=None): self.calls.append("train_begin")
    def on_epoch_begin(self, epoch, logs=None): self.calls.append("epoch_begin")
    def on_train_batch_begin(self, batch, logs=None): self.calls.append("batch_begin")
    def on_train_batch_end(self, batch, logs=None): self.calls.append("batch_end")
    def on_test_batch_end(self, batch, logs=None): self.calls.append("test_batch_end")
    def on_test_end(self, logs=None): self.calls.append("test_end")
    def on_predict_batch_end(self, batch, logs=None): self.calls.append("predict_batch_end")
    def on_train_end(self, logs=None): self.calls.append("train_end")


model = make()
recorder = Recorder()
printed = []
history = model.fit(x, y, epochs=4, batch_size=20, validation_split=0.25, verbose=0, callbacks=[
    recorder,
    LearningRateScheduler(scheduler, verbose=0),
    ReduceLROnPlateau(monitor="val_loss", factor=0.2, patience=5, min_delta=0.001, min_lr=0.001),
    EarlyStopping(monitor="val_loss", min_delta=0, patience=10, restore_best_weights=True),
    ModelCheckpoint("best.keras", monitor="val_mean_absolute_error", save_best_only=True),
    TerminateOnNaN(),
    CSVLogger("log.csv", append=True),
    LambdaCallback(on_epoch_begin=lambda epoch, logs: printed.append(epoch)),
    ProgbarLogger(),
])
assert recorder.calls[0] == "train_begin" and recorder.calls[-1] == "train_end"
assert recorder.calls.count("epoch_begin") == 4 and "test_batch_end" in recorder.calls
assert printed == [0, 1, 2, 3]
np.testing.assert_allclose(history.history["lr"], [0.05, 0.05, 0.025, 0.0125], rtol=1e-5)
with open("log.csv") as log:
    assert len(log.readlines()) == 5
assert os.path.exists("best.keras")
assert history.epoch == [0, 1, 2, 3] and history.params["epochs"] == 4
assert history.model is model

stopped = make().fit(x, y, epochs=50, verbose=0,
                     callbacks=[EarlyStopping(monitor="loss", patience=0, min_delta=1.)])
assert len(stopped.epoch) < 50
resume = make()
resume.fit(x, y, epochs=2, verbose=0, callbacks=[BackupAndRestore("backup")])
h = make().fit(x, y, epochs=4, initial_epoch=2, verbose=0, validation_freq=2,
               validation_data=(x, y))
assert h.epoch == [2, 3] and len(h.history["val_loss"]) == 1
ema = make()
ema.compile(tf.keras.optimizers.Adam(use_ema=True, ema_momentum=0.9), "mse")
ema.fit(x, y, epochs=1, verbose=0, callbacks=[SwapEMAWeights(swap_on_epoch=True)])
