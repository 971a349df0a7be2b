"""Models are finished in whatever order a script comes to need what finishes them."""

import subprocess
import sys

import pytest

OWN_LAYER = """
import keratorch.compat
keratorch.compat.install()
from keras.layers import Input, Layer

class Doubling(Layer):
    def call(self, inputs):
        return inputs * 2

assert Doubling()(Input((3,))).shape == (None, 3)
"""


@pytest.mark.parametrize(
    "begin", [OWN_LAYER, "import keratorch.compat.models.captured"]
)
def test_models_come_after_what_watches_them(begin):
    script = f"{begin}\nfrom keratorch import Sequential\nSequential([])"
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
