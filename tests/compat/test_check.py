import json

import pytest

from keratorch.compat.check import check, problems_of


def found(text):
    return problems_of(text)


def test_older_and_modern_names_are_known():
    text = """
import tensorflow as tf
from keras.layers.core import Dense, Dropout
from keras.utils import np_utils
import keras.backend.tensorflow_backend
Dense(output_dim=3, init="normal", input_dim=2, name="d")
model = tf.keras.Sequential([Dropout(p=0.5)])
model.fit(1, 2, nb_epoch=3)
model.compile(tf.keras.optimizers.Adam(lr=0.1, decay=0.1))
"""
    assert found(text) == []


def test_names_of_tensorflows_eager_api_are_known():
    text = """
import tensorflow as tf
with tf.GradientTape() as tape:
    tf.debugging.assert_equal(tf.linalg.inv(tf.eye(2)), tf.nn.relu(tf.eye(2)))
x: tf.Tensor = tf.Variable(tf.random.normal([2]), dtype=tf.float32)
tf.train.CheckpointManager(tf.train.Checkpoint(x=x), "d", max_to_keep=3)
tf.TensorArray(tf.float32, size=0, dynamic_size=True)
with tf.summary.create_file_writer("logs").as_default():
    tf.summary.scalar("x", 1.0, step=1)
"""
    assert found(text) == []
    ((_, problem),) = found("import tensorflow as tf\ntf.GradientTape(persist=1)")
    assert "argument persist" in problem


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("from keras.layers import Dens", "keras.layers has no Dens"),
        ("import keras.nowhere", "keras.nowhere"),
        ("import keras\nkeras.layers.Dens(2)", "keras.layers.Dens does not exist"),
        ("from keras.layers import Dense\nDense(2, unit=3)", "argument unit"),
        ("import tensorflow as tf\ntf.placeholder(float)", "keras.Input"),
        ("from keras.layers import JZS1", "Keras dropped it"),
        (
            "from keras import Model\nModel(inputs=1, outputs=2, name=3, nam=4)",
            "argument nam",
        ),
        (
            "from keras import Sequential\nm = Sequential()\nm.fit(epoch=2)",
            "argument epoch",
        ),
    ],
)
def test_a_name_that_keratorch_lacks_is_told_with_its_line(line, problem):
    ((number, message),) = found(line)
    assert number == len(line.splitlines())
    assert problem in message


def test_names_of_other_libraries_are_none_of_our_business():
    assert found("import numpy as np\nnp.nonsense()\nfrom os import nothing") == []


def test_the_script_is_not_run(tmp_path, capsys):
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit\nfrom keras.layers import Dense, Dens")
    assert check([str(script)]) == 1
    assert "script.py:2: keras.layers has no Dens" in capsys.readouterr().out


def test_notebooks_are_read_cell_by_cell(tmp_path, capsys):
    notebook = tmp_path / "lesson.ipynb"
    cells = [
        {"cell_type": "markdown", "source": ["from keras.layers import Nothing"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import keras\n"]},
        {"cell_type": "code", "source": ["keras.layers.Dens(3)"]},
    ]
    notebook.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert check([str(notebook)]) == 1
    assert ":3: keras.layers.Dens does not exist" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_checked(
    tmp_path, capsys
):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("import keras\n", encoding="utf-8")
    bad.write_text("print 'Python 2'\n", encoding="utf-8")
    assert check([str(tmp_path / "missing.py"), str(bad), str(good)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("cannot be read as Python 3") == 2
    assert "good.py: every name is known" in printed


def test_names_of_pipelines_are_known():
    program = """
import tensorflow as tf
ds = tf.data.Dataset.list_files("*.jpg").map(tf.io.read_file)
ds = ds.map(tf.image.decode_jpeg).batch(2, drop_remainder=True).window(3)
lines = tf.data.TextLineDataset("a.txt").map(tf.strings.lower)
table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(1, 2), 3)
column = tf.feature_column.numeric_column("a", normalizer_fn=None)
tf.data.experimental.make_csv_dataset("a.csv", 3, num_epochs=1)
import tensorflow_datasets as tfds
tfds.load("mnist", split="train[:10%]", as_supervised=True)
"""
    assert found(program) == []
    assert "no_such" in found("import tensorflow as tf\ntf.strings.no_such(1)")[0][1]
    ((_, told),) = found("import tensorflow as tf\ntf.io.decode_csv('1', [0], sep=';')")
    assert "argument sep" in told
