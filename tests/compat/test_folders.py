import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")


@pytest.mark.parametrize("by", ["method", "function"])
def test_a_model_is_saved_into_a_folder_that_is_there(tmp_path, by):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    for _ in range(2):  # the second overwrites the first
        if by == "method":
            model.save(tmp_path)
        else:
            keras.models.save_model(model, str(tmp_path))
    again = keras.models.load_model(tmp_path)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])
    assert [path.name for path in tmp_path.iterdir()] == ["saved_model.keras"]
