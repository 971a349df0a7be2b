import subprocess
import sys
from pathlib import Path

import pytest

from keratorch.__main__ import main
from keratorch.compat.run import run

ROOT = Path(__file__).parents[2]

SCRIPT = """
import sys
from helper import rows
from keras.layers.core import Dense
from keras.models import Sequential
from keras.utils import np_utils
import tensorflow as tf

model = Sequential()
model.add(Dense(output_dim=2, input_dim=3, activation=tf.nn.softmax))
model.compile(tf.keras.optimizers.SGD(lr=0.1), "categorical_crossentropy", ["accuracy"])
y = np_utils.to_categorical([0, 1] * 4, nb_classes=2)
history = model.fit(rows(8), y, nb_epoch=2, verbose=0)
print(__name__, sys.argv[1:], len(history.history["acc"]))
"""


def test_a_script_runs_unchanged(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text(
        "import numpy as np\ndef rows(n):\n    return np.ones((n, 3))\n"
    )
    command = [sys.executable, "-m", "keratorch", "run"]
    done = subprocess.run(
        [*command, str(tmp_path / "script.py"), "--fast", "3"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0] == "__main__ ['--fast', '3'] 2"
    assert "Dense(output_dim=...) is an older spelling" in done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere.py", "there is no script"), ("book.ipynb", "is a notebook; run takes")],
)
def test_what_is_no_script_is_an_error_of_the_command(name, message, tmp_path, capsys):
    (tmp_path / "book.ipynb").write_text("{}")
    with pytest.raises(SystemExit) as ended:
        main(["run", str(tmp_path / name)])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    with pytest.raises((FileNotFoundError, ValueError), match=message):
        run(str(tmp_path / name))


def test_without_a_command_the_usage_is_told(capsys):
    assert main([]) == 2
    assert "run" in capsys.readouterr().out
