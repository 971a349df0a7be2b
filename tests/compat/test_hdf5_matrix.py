import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")
h5py = pytest.importorskip("h5py")

ROWS = np.arange(60.0).reshape(20, 3)


@pytest.fixture
def path(tmp_path):
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = ROWS, np.arange(20) % 2
    return str(tmp_path / "data.h5")


def test_it_is_a_range_of_rows_of_a_file(path):
    from keras.utils.io_utils import HDF5Matrix

    matrix = HDF5Matrix(path, "x", start=2, end=12)
    assert (matrix.shape, matrix.ndim, matrix.size) == ((10, 3), 2, 30)
    assert (len(matrix), matrix.dtype) == (10, np.float64)
    np.testing.assert_array_equal(matrix[1:4], ROWS[3:6])
    np.testing.assert_array_equal(matrix[-1], ROWS[11])
    np.testing.assert_array_equal(matrix[[5, 0, 5]], ROWS[[7, 2, 7]])
    np.testing.assert_array_equal(np.asarray(matrix), ROWS[2:12])


def test_a_normalizer_gets_the_rows_that_were_read(path):
    from keras.utils import HDF5Matrix

    matrix = HDF5Matrix(path, "x", normalizer=lambda x: x[..., :2].astype("float32"))
    assert (matrix.shape, matrix.dtype) == ((20, 2), np.float32)


def test_a_model_is_trained_on_it(path):
    from keras.utils import HDF5Matrix

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = HDF5Matrix(path, "x", 0, 15), HDF5Matrix(path, "y", 0, 15)
    history = model.fit(x, y, batch_size=5, shuffle="batch", verbose=0).history
    assert len(history["loss"]) == 1
