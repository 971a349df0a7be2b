"""Small generated data in place of the datasets that Keras downloads.

Each class has a pattern of its own, so that a model can learn to tell them apart.
"""

import importlib

import numpy as np

from keratorch.compat import rooms


def _images(shape, classes, train, test, label_shape=()):
    random = np.random.default_rng(7)
    patterns = random.uniform(0, 200, (classes, *shape))

    def part(count):
        y = np.arange(count) % classes
        x = patterns[y] + random.uniform(0, 55, (count, *shape))
        return x.astype("uint8"), y.astype("uint8").reshape(count, *label_shape)

    return part(train), part(test)


def _texts(classes, num_words, maxlen, skip_top, start_char=1):
    random = np.random.default_rng(7)
    limit = min(num_words or 1000, 1000)

    def part(count):
        y = np.arange(count) % classes
        rows = np.empty(count, object)
        for row, label in enumerate(y):
            length = int(random.integers(20, 40))
            words = random.integers(max(4, skip_top), limit, length)
            words[::2] = 4 + label  # the words that tell the class
            rows[row] = [start_char, *words.tolist()]
        return rows, y

    return part(80), part(40)


def _table(columns, train, test):
    random = np.random.default_rng(7)
    weights = random.uniform(-1, 1, columns)

    def part(count):
        x = random.normal(size=(count, columns))
        return x, x @ weights + 20

    return part(train), part(test)


def mnist(path="mnist.npz"):
    return _images((28, 28), 10, 160, 60)


def fashion_mnist():
    return _images((28, 28), 10, 160, 60)


def cifar10():
    return _images((32, 32, 3), 10, 80, 40, (1,))


def cifar100(label_mode="fine"):
    return _images((32, 32, 3), {"fine": 100, "coarse": 20}[label_mode], 100, 40, (1,))


def imdb(path="imdb.npz", num_words=None, skip_top=0, maxlen=None, seed=113, **marks):
    return _texts(2, num_words, maxlen, skip_top)


def reuters(
    path="reuters.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    test_split=0.2,
    seed=113,
    **marks,
):
    return _texts(46, num_words, maxlen, skip_top)


def boston_housing(path="boston_housing.npz", test_split=0.2, seed=113):
    return _table(13, 80, 20)


def california_housing(version="large", path="", test_split=0.2, seed=113):
    return _table(8, 80, 20)


def word_index(path=""):
    return {f"word{rank}": rank for rank in range(1, 1000)}


DATASETS = [
    mnist,
    fashion_mnist,
    cifar10,
    cifar100,
    imdb,
    reuters,
    boston_housing,
    california_housing,
]


def stand_in(monkeypatch):
    """Let `load_data` of each downloaded dataset return generated data."""
    for function in DATASETS:
        module = importlib.import_module(f"keratorch.datasets.{function.__name__}")
        function.__module__ = module.__name__
        monkeypatch.setattr(module, "load_data", function)
        if hasattr(module, "get_word_index"):
            monkeypatch.setattr(module, "get_word_index", word_index)
        rooms.finish(module)  # older arguments: load_data(nb_words=...)
