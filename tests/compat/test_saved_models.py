"""Folders and checkpoints under a name without ending, as tf.keras 2 wrote them."""

import os
import shutil

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
X = np.linspace(0, 1, 12, dtype="float32").reshape(4, 3)


@pytest.fixture(autouse=True)
def of_tensorflow_2(tmp_path, monkeypatch):
    dialect.read("from tensorflow.keras.models import Model")
    monkeypatch.chdir(tmp_path)
    yield
    dialect.forget()


def small_model():
    model = keras.Sequential([keras.Input((3,), name="x"), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


def assert_equal(one, other):
    np.testing.assert_array_equal(
        one.predict(X, verbose=0), other.predict(X, verbose=0)
    )


def test_a_model_is_a_folder():
    model = small_model()
    model.save("models/1")
    model.save("models/1")  # once more
    shutil.make_archive("packed", "zip", "models/1")
    shutil.rmtree("models/1")
    shutil.unpack_archive("packed.zip", "again")
    assert_equal(keras.models.load_model("again"), model)


@pytest.mark.parametrize("name", ["m.h5", "m.hdf5", "m.keras"])
def test_an_ending_means_a_file(name):
    small_model().save(name)
    assert os.path.isfile(name)


def test_the_format_may_be_told():
    model = small_model()
    model.save("file", save_format="h5")
    assert os.path.isfile("file")
    dialect.read("from keras.models import Model")
    model.save("other")
    assert os.path.isfile("other")
    model.save("folder", save_format="tf")
    assert_equal(keras.models.load_model("folder"), model)


def test_checkpoints_of_models_are_folders():
    checkpoint = keras.callbacks.ModelCheckpoint("best", "loss", save_best_only=True)
    model = small_model()
    model.fit(X, X[:, :2], callbacks=[checkpoint], verbose=0)
    assert os.path.isdir("best")
    assert_equal(keras.models.load_model("best"), model)


def test_layers_of_ones_own_are_known_in_the_process_that_saved_them():
    class Twice(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    model = keras.Sequential([keras.Input((3,)), Twice()])
    model.save("own")
    assert_equal(keras.models.load_model("own"), model)
    shutil.copytree("own", "copy")
    with pytest.raises(ValueError, match="unknown layer 'Twice'"):
        keras.models.load_model("copy")


def test_functions_of_tensorflow_write_and_read_them():
    import tensorflow as tf

    model = small_model()
    tf.saved_model.save(model, "folder")
    assert tf.saved_model.contains_saved_model("folder")
    again = tf.saved_model.load("folder")
    expected = model.predict(X, verbose=0)
    np.testing.assert_allclose(again(X).numpy(), expected, rtol=1e-6)
    serve = again.signatures["serving_default"]
    (name,) = serve.structured_outputs
    for found in (serve(tf.constant(X)), serve(x=tf.constant(X))):
        np.testing.assert_allclose(found[name].numpy(), expected, rtol=1e-6)
    with pytest.raises(NotImplementedError, match="received a Module"):
        tf.saved_model.save(tf.Module(), "other")


def test_weights_are_a_checkpoint():
    import tensorflow as tf

    model, other = small_model(), small_model()
    model.save_weights("weights/cp.ckpt")
    assert sorted(os.listdir("weights")) == [
        *("checkpoint", "cp.ckpt.data-00000-of-00001", "cp.ckpt.index")
    ]
    assert tf.train.latest_checkpoint("weights") == "weights/cp.ckpt"
    other.load_weights("weights/cp.ckpt").expect_partial()
    assert_equal(other, model)


def test_scripts_ask_whether_there_is_a_checkpoint():
    checkpoint = keras.callbacks.ModelCheckpoint("cp/m.ckpt", save_weights_only=True)
    model = small_model()
    for first in (True, False):
        if os.path.exists("cp/m.ckpt.index"):
            model.load_weights("cp/m.ckpt")
            assert not first
        model.fit(X, X[:, :2], callbacks=[checkpoint], verbose=0)


def test_a_file_of_weights_of_the_name_is_written_and_read_as_before():
    model, other = small_model(), small_model()
    model.save_weights("weights.npz")
    os.rename("weights.npz", "weights")
    model.save_weights("other")
    other.load_weights("weights")
    assert_equal(other, model)


def test_an_exported_model_is_a_folder_in_scripts():
    model = small_model()
    with pytest.warns(UserWarning, match="KeraTorch's own format"):
        model.export("exported")
    assert_equal(keras.models.load_model("exported"), model)
    with pytest.raises(NotImplementedError, match="ONNX"):
        model.export("other", format="onnx")
    assert not os.path.exists("other")
