import json
import subprocess
import sys

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.layers import Dense, Lambda

pytestmark = pytest.mark.usefixtures("installed")


def unit_length(x):
    return x / keras.backend.sqrt(keras.backend.sum(x * x, axis=-1, keepdims=True))


def model_with(function, **kwargs):
    return keras.Sequential(
        [keras.Input((3,)), Dense(2, name="dense"), Lambda(function, **kwargs)]
    )


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "folder/"])
@pytest.mark.parametrize("function", [unit_length, lambda x: 2 * x])
def test_a_model_is_loaded_in_the_process_that_saved_it(tmp_path, name, function):
    model = model_with(function)
    x = np.ones((4, 3), "float32")
    expected = model.predict(x, verbose=0)
    path = f"{tmp_path}/{name}"
    model.save(path)
    del model
    again = keras.models.load_model(path)
    np.testing.assert_allclose(again.predict(x, verbose=0), expected, rtol=1e-6)


def test_a_model_is_made_again_from_json():
    model = model_with(lambda x: 3 * x, output_shape=lambda shape: shape)
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    x = np.ones((4, 3), "float32")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_a_function_that_is_passed_goes_before_the_remembered_one():
    text = model_with(unit_length, name="unit").to_json()
    again = keras.models.model_from_json(
        text, custom_objects={"unit_length": lambda x: 0 * x}
    )
    assert not again.predict(np.ones((4, 3))).any()


def test_another_process_does_not_know_the_function(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(model_with(lambda x: 2 * x).to_json())
    code = (
        "import sys; from keratorch import compat, models; compat.install()\n"
        "models.model_from_json(open(sys.argv[1]).read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True
    )
    assert done.returncode
    assert "runs no code from files" in done.stderr


def test_without_scripts_for_keras_nothing_is_remembered():
    compat.uninstall()
    text = model_with(lambda x: 2 * x).to_json()
    assert "in_process" not in json.dumps(text)
    with pytest.raises(ValueError, match="runs no code from files"):
        keras.models.model_from_json(text)
