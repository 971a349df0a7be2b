import importlib

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("installed")


def data(**arguments):
    np.random.seed(3)  # noqa: NPY002 - as scripts do
    room = importlib.import_module("keras.utils.test_utils")
    return room.get_test_data(**arguments)


def test_classes_and_samples_are_drawn_in_turn():
    (x, y), (x_test, y_test) = data(nb_train=5, nb_test=2, nb_class=3, input_shape=(4,))
    assert x.shape == (5, 4) and y_test.shape == (2,)
    np.random.seed(3)  # noqa: NPY002
    classes = np.random.randint(0, 3, size=(7,))  # noqa: NPY002
    np.testing.assert_array_equal([*y, *y_test], classes)
    for row, label in zip([*x, *x_test], classes, strict=True):
        drawn = np.random.normal(label, 0.7, (4,))  # noqa: NPY002
        np.testing.assert_allclose(row, drawn, rtol=1e-6)


def test_targets_are_arrays_around_the_same_numbers():
    (x, y), _ = data(num_train=3, num_test=1, output_shape=(2, 2), classification=False)
    np.random.seed(3)  # noqa: NPY002
    centres = np.random.random(4)  # noqa: NPY002
    for found, target, centre in zip(x, y, centres, strict=False):
        drawn = np.random.normal(centre, 0.7, (10,))  # noqa: NPY002
        np.testing.assert_allclose(found, drawn, rtol=1e-6)
        drawn = np.random.normal(centre, 0.7, (2, 2))  # noqa: NPY002
        np.testing.assert_allclose(target, drawn, rtol=1e-6)
