"""keras_core, as Keras 3 was called in the year before it came out."""

import subprocess
import sys

from keratorch.compat import dialect

SCRIPT = """
import keras_core as keras
from keras_core import Layer, ops
from keras_core.layers import Dense

class Norm(Layer):
    def call(self, inputs):
        return inputs * ops.rsqrt(ops.mean(ops.square(inputs), axis=-1, keepdims=True))

model = keras.Sequential([keras.Input((4,)), Norm(), Dense(2)])
print(model.output_shape, keras.backend.backend() is not None)
"""


def test_it_means_keratorch_in_a_script(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    run = [sys.executable, "-W", "ignore", "-m", "keratorch", "run", "script.py"]
    found = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert (found.stdout, found.stderr) == ("(None, 2) True\n", "")


def test_its_scripts_are_those_of_keras_3():
    dialect.read("from keras_core.layers import Dense")
    assert dialect._of_today == {"keras_core.layers"}
    dialect.forget()
