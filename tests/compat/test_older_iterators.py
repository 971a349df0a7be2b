import itertools

import numpy as np
import pytest
from PIL import Image

from keratorch.compat import dialect
from keratorch.layers import Dense, Flatten
from keratorch.models import Sequential
from keratorch.preprocessing.image import (
    DirectoryIterator,
    ImageDataGenerator,
    Iterator,
    NumpyArrayIterator,
)

pytestmark = pytest.mark.usefixtures("quiet")
X = np.arange(10 * 4, dtype="float32").reshape(10, 2, 2, 1)


class Keras1(Iterator):
    def next(self):
        with self.lock:
            index_array, current_index, current_batch_size = next(self.index_generator)
        assert current_batch_size == len(index_array)
        return X[index_array], index_array + 0.0 * current_index


class Keras2(Iterator):
    def next(self):
        with self.lock:
            index_array = next(self.index_generator)
        return X[index_array], index_array.astype("float32")


@pytest.mark.parametrize("kind", [Keras1, Keras2])
def test_own_iterators_draw_places_themselves(kind):
    batches = kind(10, 4, shuffle=False, seed=None)
    assert batches.N == 10
    drawn = [next(batches)[1].tolist() for _ in range(4)]
    assert drawn == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [0, 1, 2, 3]]
    model = Sequential([Flatten(), Dense(1)])
    model.compile("sgd", "mse")
    batches.reset()
    history = model.fit_generator(batches, samples_per_epoch=10, nb_epoch=2, verbose=0)
    assert len(history.history["loss"]) == 2


class Brighter:
    """A generator of one's own."""

    def random_transform(self, x):
        return x[None] + 1  # one image of a batch of one

    def standardize(self, x):
        return 2 * x


def test_any_generator_changes_images():
    batches = NumpyArrayIterator(
        X, None, Brighter(), batch_size=3, shuffle=False, dim_ordering="tf"
    )
    np.testing.assert_array_equal(next(batches), 2 * (X[:3] + 1))
    assert batches.image_data_generator.standardize(1) == 2


def test_any_generator_changes_images_of_files(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        Image.new("RGB", (3, 3), (5, 5, 5)).save(tmp_path / name / "1.png")
    batches = DirectoryIterator(
        tmp_path, Brighter(), (3, 3), shuffle=False, dim_ordering="tf"
    )
    assert (batches.nb_sample, batches.nb_class) == (2, 2)
    assert np.unique(next(batches)[0]).tolist() == [12]


LOOP = """
for X_batch, Y_batch in datagen.flow(X_train, Y_train):
    loss = model.train_on_batch(X_batch, Y_batch)
    progbar.add(X_batch.shape[0], values=[("train loss", loss)])
"""


@pytest.mark.parametrize(
    ("loop", "ends"),
    [
        (LOOP, True),
        (f"{LOOP}    batches += 1\n    if batches > 3:\n        break\n", False),
        (f"{LOOP}    if loss < 1:\n        sys.exit()\n", False),
        (f"{LOOP}    yield X_batch\n", False),
        ("model.fit_generator(datagen.flow(X_train, Y_train), 32, 1)", False),
    ],
)
def test_batches_end_in_scripts_that_would_never_leave_them(loop, ends, installed):
    dialect.read(loop)
    flow = ImageDataGenerator().flow(X, np.arange(10), batch_size=4)
    drawn = [len(x) for x, _ in itertools.islice(flow, 5)]
    assert drawn == ([4, 4, 2] if ends else [4, 4, 2, 4, 4])
    again = [len(x) for x, _ in itertools.islice(flow, 3)]
    assert sum(again) == 10 or not ends
    assert len(next(flow)) == 2
    dialect.forget()
