import numpy as np

from keratorch.datasets import iris


def test_iris_has_keras_like_shapes_and_types():
    (x_train, y_train), (x_test, y_test) = iris.load_data()
    assert x_train.shape == (120, 4) and x_test.shape == (30, 4)
    assert y_train.shape == (120,) and y_test.shape == (30,)
    assert x_train.dtype == x_test.dtype == np.float32
    assert y_train.dtype == y_test.dtype == np.int64


def test_iris_has_fifty_of_each_species():
    (_, y), _ = iris.load_data(test_split=0)
    assert np.bincount(y).tolist() == [50, 50, 50]
    assert len(iris.CLASS_NAMES) == 3


def test_lengths_stand_in_the_order_of_their_names():
    (x, y), _ = iris.load_data(test_split=0)
    means = dict(zip(iris.FEATURE_NAMES, x.mean(axis=0), strict=True))
    np.testing.assert_allclose(means["sepal length"], 5.8433, atol=1e-4)
    np.testing.assert_allclose(means["petal length"], 3.7587, atol=1e-4)
    setosa = x[y == iris.CLASS_NAMES.index("setosa")]
    np.testing.assert_allclose(setosa.mean(axis=0), [5.006, 3.418, 1.464, 0.244], 1e-5)
