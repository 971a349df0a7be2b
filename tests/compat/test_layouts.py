import subprocess
import sys

import pytest

from keratorch.compat.layouts import channels_come_first

CONVOLUTION = "Convolution2D(32, 3, 3, border_mode='same')"


@pytest.mark.parametrize(
    "script",
    [
        "m.add(Convolution2D(32, 3, 3, input_shape=(1, 28, 28)))",
        "Convolution2D(8, 3, 3, batch_input_shape=(None, 3, rows, columns))",
        f"x = {CONVOLUTION}(Input((1, rows, columns)))",
        f"x = {CONVOLUTION}(Input(shape=[3, 40, 40]))",
        f"c, r = 3, 32\n{CONVOLUTION}\nZeroPadding2D((1, 1), input_shape=(c, r, r))",
        f"self.c = 1\n{CONVOLUTION}\nm.add(Dropout(0, input_shape=(self.c, 9, 9)))",
        f"{CONVOLUTION}\nx = x.reshape(x.shape[0], 1, rows, columns)",
        f"{CONVOLUTION}\nx = numpy.reshape(x, (len(x), 3, 32, 32))",
        f"graph.add_input(name='i', input_shape=(3, 9, 9))\ng.add_node({CONVOLUTION})",
        "Convolution2D(nb_filter=8, nb_row=3, nb_col=3, input_shape=(1, 9, 9))",
        "Convolution3D(8, 3, 3, 3, input_shape=(1, 16, 16, 16))",
        f"shape = (3, 40, 40)\n{CONVOLUTION}\nInput(shape)",
        f"c = 1\nself.shape = [c, 28, 28]\nf({CONVOLUTION}, input_shape=self.shape)",
        f"{CONVOLUTION}\nx = np.zeros((len(files), 3, 224, 224), dtype='float32')",
        f"{CONVOLUTION}\nx = numpy.random.rand(n, 1, 28, 28)",
        f"TimeDistributed({CONVOLUTION}, input_shape=(10, 1, 28, 28))",
        f"TimeDistributed({CONVOLUTION}, batch_input_shape=(8, 10, 1, 28, 28))",
        "m.add(Convolution2D(32, 1, 3, 3, border_mode='full'))",
        "n = 3\nm.add(Convolution2D(32, n, n, n))",
        "Convolution2D(300, 4, 19, input_shape=(1, 4, 2000))",
        f"{CONVOLUTION}\nm.fit(x, y, show_accuracy=True)",
    ],
)
def test_shapes_of_keras_1_tell_that_channels_come_first(script):
    assert channels_come_first(script)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "print 'Python 2', Convolution2D(8, 3, 3, input_shape=(1, 28, 28))",
        "Convolution2D(8, 3, 3, input_shape=(28, 28, 1))",
        "Convolution2D(8, 3, 3, input_shape=x.shape[1:])",
        "Convolution2D(8, (3, 3), input_shape=(1, 28, 28))",
        "Convolution2D(8, 3, 3, init)",
        "Conv2D(8, (3, 3), input_shape=(1, 60, 150))",
        "Convolution2D(8, 3, 3, input_shape=(1, 28, 28), dim_ordering='th')",
        "K.set_image_dim_ordering('tf')\nConvolution2D(8, 3, 3, input_shape=(1, 9, 9))",
        f"{CONVOLUTION}\nInput((3, 40, 40))\nx.reshape(-1, 40, 40, 3)",
        f"{CONVOLUTION}\nInput((1, 28, 1))",
        f"{CONVOLUTION}\nInput((1, 28))",
        "Convolution1D(8, 3, input_shape=(1, 28, 28))",
        "Convolution2D(8, 4, 19, input_shape=(4, 2000, 1))",
        "Convolution2D(8, 2, 2, input_shape=(2, 4, 4))\nInput((4, 4, 1))",
        "Convolution2D(8, 4, 19, input_shape=(1, 4, 2000), border_mode='same')",
        "Dense(8)\nm.fit(x, y, show_accuracy=True)",
        f"shape = (3, 40, 40)\nshape = (40, 40, 3)\n{CONVOLUTION}\nInput(shape)",
        f"{CONVOLUTION}\nx = np.zeros((3, 40, 40))",
        f"{CONVOLUTION}\nx = np.random.rand(n, 28, 28, 1)",
        f"{CONVOLUTION}\nweights = np.zeros((3, 3, 1, 32))",
    ],
)
def test_nothing_is_guessed_from_shapes_that_say_less(script):
    assert not channels_come_first(script)


def test_script_of_keras_1_with_channels_first_runs(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np\n"
        "from keras.layers import Convolution2D, Input, MaxPooling2D, merge\n"
        "from keras.models import Model\n"
        "x = Input((1, 16, 20))\n"
        "y = MaxPooling2D((2, 2))(Convolution2D(4, 3, 3, border_mode='same')(x))\n"
        "y = merge([y, y], mode='concat', concat_axis=1)\n"
        "print(Model(input=x, output=y).predict(np.ones((2, 1, 16, 20))).shape)\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "keratorch", "run", str(script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("(2, 8, 8, 10)\n")
    assert "UserWarning" in run.stderr
    assert "channels first" in run.stderr
