"""For which age a script was written, as far as it shows."""

import pytest

from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
ASKED = "m.compile('sgd', 'mse', metrics=['accuracy'])\n"


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


@pytest.mark.parametrize(
    "line",
    [
        "m.fit(x, nb_epoch=2)",
        "Convolution2D(8, 3, 3, dim_ordering='th')",
        "LSTM(4, inner_activation='sigmoid')",
        "Dense(4, W_regularizer='l2')",
        "Dense(output_dim=4)",
        "layers.Conv2D(24, 5, 5, subsample=(2, 2))",
        "from keras.engine.topology import Layer",
        "from keras.backend.tensorflow_backend import set_session",
        "from keras.backend import tensorflow_backend as K",
        "from keras.layers.cudnn_recurrent import CuDNNLSTM",
        "from keras.engine.saving import model_from_json",
        "import tensorflow as tf\nsession = tf.Session()",
        "import tensorflow as tf\ntf.set_random_seed(1)",
        "from tensorflow import set_random_seed",
        "import tensorflow as tf\ntf.train.AdamOptimizer(1e-3)",
        "m.fit_generator(g, samples_per_epoch=80, epochs=1)",
        ASKED + "plot(h.history['acc'])",
        ASKED + "plot(h.history['val_acc'])",
        ASKED + "EarlyStopping(monitor='val_acc')",
        ASKED + "EarlyStopping('val_acc')",
        ASKED + "if logs.get('acc') > 0.9: pass",
    ],
)
def test_it_is_for_keras_before_2_4(line):
    dialect.read("from keras.layers import Dense\n" + line)
    assert dialect.is_keras_before_2_4()
    assert dialect.is_before_2_9()
    assert dialect.is_before_3()
    dialect.read("from tensorflow.keras.layers import Dense\n" + line)
    assert dialect.is_before_2_4()
    assert not dialect.is_keras_before_2_4()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "m.fit_generator(g)",
        "Embedding(input_dim=4, output_dim=4)",
        "KMeans(4, init='random'); Boosting(subsample=0.5)",
        "import tensorflow as tf\ntf.random.set_seed(1)",
        "import tensorflow.compat.v1 as tf\ntf.Session()",
        "import tensorflow as tf\ntf.compat.v1.Session()\ntf.logging",
        "import tensorflow as tf\ntry: tf.set_random_seed(1)\n"
        "except AttributeError: tf.random.set_seed(1)",
        "from keras.losses import Loss; plot(h.history['acc'])",
        ASKED + "plot(h.history['accuracy'])",
        ASKED + "plot(h.history['acc'] if old else h.history['accuracy'])",
        ASKED + "print('acc')",
    ],
)
def test_it_may_be_for_a_later_one(line):
    dialect.read("from keras.layers import Dense\n" + line)
    assert not dialect.is_before_2_4()


@pytest.mark.parametrize(
    ("line", "older"),
    [
        ("from keras.layers.core import Dense", True),
        ("from tensorflow.keras.layers.experimental import preprocessing", True),
        ("from tensorflow.python.keras.layers import Dense", True),
        ("from tensorflow.python.keras import layers", True),
        ("from keras.preprocessing.text import Tokenizer", True),
        ("from tensorflow.keras.optimizers import Adam; Adam(lr=1)", True),
        ("from keras.utils import np_utils", True),
        ("m.fit(x, workers=1, use_multiprocessing=False)", True),
        ("m.predict(x, max_queue_size=10)", True),
        ("m.fit(Data(x, workers=2))", False),
        ("from tensorflow.keras.layers import Dense", False),
        ("from keras.preprocessing import image", False),
        ("from keras.optimizers import Adam", False),
        ("from keras.optimizers.legacy import Adam", False),
        ("import keras.backend as K", False),
        ("import keras\nkeras.layers.Dense(1)", False),
    ],
)
def test_it_is_for_keras_before_3(line, older):
    dialect.read(line)
    assert dialect.is_before_3() is older


@pytest.mark.parametrize(
    ("line", "had"),
    [("m.fit(x, nb_epoch=2)", True), (ASKED + "plot(h.history['acc'])", False)],
)
def test_only_keras_1_gave_sizes_one_by_one(line, had):
    dialect.read("from keras.layers import Conv2D\n" + line)
    assert dialect.has_keras_1() is had


@pytest.mark.parametrize(
    ("call", "older"),
    [
        ("m.fit_generator(g, samples_per_epoch=80, nb_epoch=1)", True),
        ("m.fit_generator(g, samples_per_epoch=80, epochs=1)", False),
        ("m.fit_generator(g, samples_per_epoch=80, epochs=1); m.fit(nb_epoch=1)", True),
    ],
)
def test_epochs_is_a_word_of_keras_2(call, older):
    dialect.read("import keras\n" + call)
    assert dialect.is_before_2() is older
    assert dialect.has_keras_1() is older
    assert dialect.is_before_2_4()
