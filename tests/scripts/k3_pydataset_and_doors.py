"""What fit takes: PyDataset with workers, generators, dicts, tuples, lists."""
import keras
from keras import layers
import numpy as np


class Squares(keras.utils.PyDataset):
    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n, self.epochs_ended = n, 0

    def __len__(self):
        return self.n

    def __getitem__(self, idx):
        x = np.full((4, 2), idx / self.n, "float32")
        return x, x.sum(axis=1, keepdims=True) ** 2

    def on_epoch_end(self):
        self.epochs_ended += 1


def make(**options):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", metrics="mae", **options)
    return model


data = Squares(6, workers=2, use_multiprocessing=False, max_queue_size=4)
model = make(run_eagerly=True, steps_per_execution=2)
h = model.fit(data, epochs=3, validation_data=Squares(2), verbose=0)
assert len(h.history["val_loss"]) == 3 and data.epochs_ended == 3
assert model.predict(data, verbose=0).shape == (24, 1)


def generator(weights=False):
    while True:
        x = np.random.random((4, 2))
        yield (x, x.sum(axis=1), np.ones(4)) if weights else (x, x.sum(axis=1))


h = make().fit(generator(), steps_per_epoch=3, epochs=2, validation_data=generator(), validation_steps=2, verbose=0)
assert len(h.history["val_mae"]) == 2
make().fit(generator(True), steps_per_epoch=2, verbose=0)
x = np.random.random((12, 2))
y = x.sum(axis=1)
make().fit([[0.1, 0.2], [0.3, 0.4]], [0.3, 0.7], verbose=0)        # plain lists
make().fit(x.tolist(), y.tolist(), batch_size=5, verbose=0, shuffle=False)
make().fit(x, y, validation_split=0.25, sample_weight=np.linspace(0, 1, 12), verbose=0)
make().fit(x, y, validation_data=(x, y, np.ones(12)), validation_batch_size=4, verbose=0)
a, b = keras.Input((2,), name="a"), keras.Input((1,), name="b")
out = {"sum": layers.Dense(1, name="sum")(a), "cls": layers.Dense(1, activation="sigmoid", name="cls")(b)}
model = keras.Model({"a": a, "b": b}, out)
model.compile("adam", {"sum": "mse", "cls": "binary_crossentropy"}, metrics={"cls": ["accuracy"]})
h = model.fit({"a": x, "b": y[:, None]}, {"sum": y, "cls": y > 1}, epochs=1, verbose=0)
predictions = model.predict({"a": x, "b": y[:, None]}, verbose=0)
assert set(predictions) == {"sum", "cls"}
two = keras.Model((a, b), layers.Add()([layers.Dense(1)(a), b]))
two.compile("sgd", "mse")
assert np.isfinite(two.fit((x, y[:, None]), y, verbose=0).history["loss"]).all()
loss = two.train_on_batch([x, y[:, None]], y, return_dict=True)
assert "loss" in loss and np.isfinite(two.test_on_batch([x, y[:, None]], y))
assert two.predict_on_batch([x, y[:, None]]).shape == (12, 1)
try:
    import pandas as pd
except ImportError:
    pass
else:
    frame = pd.DataFrame({"p": x[:, 0], "q": x[:, 1], "y": y})
    make().fit(frame[["p", "q"]], frame["y"], verbose=0)
    make().fit(frame[["p", "q"]], frame.pop("y"), verbose=0)
