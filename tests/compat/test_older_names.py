import pytest

from keratorch import backend, layers, models
from keratorch.compat import dialect
from keratorch.compat.models import older_names

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture(autouse=True)
def numbered_anew():
    backend.clear_session()
    yield
    dialect.forget()
    older_names.forget()
    backend.clear_session()


def names(script):
    dialect.read(script)
    older_names.read(script)
    x = layers.Input((4, 4, 1))
    conv = layers.Conv2D(2, 2)
    y = layers.Flatten()(layers.MaxPooling2D(2)(conv(x)))
    model = models.Model(x, [layers.Dense(2)(y), layers.Dense(1)(y)])
    return [layer.name for layer in model.layers] + [model.name]


TODAY = ["input_layer", "conv2d", "max_pooling2d", "flatten"]
TODAY += ["dense", "dense_1", "functional"]
OF_TF_KERAS = ["input_1", *TODAY[1:-1], "model"]
FROM_ONE = ["input_1", "conv2d_1", "max_pooling2d_1", "flatten_1"]
FROM_ONE += ["dense_1", "dense_2", "model_1"]
OF_VERSION_1 = ["input_1", "convolution2d_1", "maxpooling2d_1", *FROM_ONE[3:]]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("m.get_layer('dense_2')", FROM_ONE),
        ("from keras import layers\nm.fit({'input_1': x}, y)", FROM_ONE),
        ("h.history['val_dense_1_loss']", FROM_ONE),
        ("m.fit(x, y, nb_epoch=3)", FROM_ONE),
        ("m.load_weights('old.h5', by_name=True)", FROM_ONE),
        ("m.get_layer('maxpooling2d_1')", OF_VERSION_1),
        ("m.get_layer('convolution2d_3')", OF_VERSION_1),
        ("import tensorflow.keras as k\nm.get_layer('dense_1')", OF_TF_KERAS),
        ("from tensorflow import keras\nx = {'input_1': 3}", OF_TF_KERAS),
        ("tf.keras.Input((3,))\nx = {'input_1': 3}", OF_TF_KERAS),
        ("Adam(learning_rate=0.1)\nm.get_layer('dense_1')", OF_TF_KERAS),
        ("m.get_layer('my_own_1')", TODAY),
        ("Dense(3, name='dense_1')\nm.get_layer('dense_1')", TODAY),
        ("from keras import ops\nm.get_layer('dense_1')", TODAY),
        ("print 'dense_1'", TODAY),
        ("", TODAY),
    ],
)
def test_layers_are_named_as_the_script_expects(script, found):
    assert names(script) == found


def test_all_count_from_one_together_and_anew_after_clear_session():
    dialect.read("m.get_layer('lstm_1')")
    older_names.read("m.get_layer('lstm_1')")
    assert [layers.Dense(1).name for _ in range(3)] == ["dense_1", "dense_2", "dense_3"]
    assert models.Sequential().name == "sequential_1"
    backend.clear_session()
    assert layers.Dense(1).name == "dense_1"
    assert layers.Dense(1, name="last").name == "last"
