"""Every loss of Keras 3: by class and by name, alone and in fit."""
import keras
from keras.losses import *
import numpy as np

rng = np.random.default_rng(0)
x = rng.random((16, 4))
one_hot = np.eye(3)[np.arange(16) % 3]
positive = rng.random((16, 3)) * 0.8 + 0.1
signs = np.sign(one_hot - 0.5)
classes = [
    (BinaryCrossentropy(), one_hot), (BinaryFocalCrossentropy(), one_hot),
    (CategoricalCrossentropy(label_smoothing=0.1), one_hot),
    (CategoricalFocalCrossentropy(), one_hot), (CategoricalHinge(), one_hot),
    (CategoricalGeneralizedCrossEntropy(), np.arange(16) % 3), (CosineSimilarity(), positive), (Dice(), one_hot), (Hinge(), signs),
    (Huber(delta=0.5), positive), (KLDivergence(), positive), (LogCosh(), positive),
    (MeanAbsoluteError(), positive), (MeanAbsolutePercentageError(), positive),
    (MeanSquaredError(reduction="sum"), positive), (MeanSquaredLogarithmicError(), positive),
    (Poisson(), positive), (SparseCategoricalCrossentropy(), np.arange(16) % 3),
    (SquaredHinge(), signs), (Tversky(), one_hot), (Circle(), np.arange(16) % 3),
]
names = ["binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy",
         "categorical_focal_crossentropy", "categorical_hinge", "cosine_similarity", "dice", "hinge",
         "huber", "kl_divergence", "kld", "log_cosh", "logcosh", "mean_absolute_error", "mae",
         "mean_absolute_percentage_error", "mape", "mean_squared_error", "mse", "squared_hinge",
         "mean_squared_logarithmic_error", "msle", "poisson", "tversky", "bce"]
targets = {"binary_crossentropy": one_hot, "bce": one_hot, "hinge": signs, "squared_hinge": signs}


def train(loss, y):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss=loss)
    return model.fit(x, y, epochs=6, batch_size=8, verbose=0, shuffle=False).history["loss"]


for loss, y in classes:
    history = train(loss, y)
    assert history[-1] < history[0], loss.name
    copy = keras.losses.deserialize(keras.losses.serialize(loss))
    assert copy.get_config() == loss.get_config()
for name in names:
    y = targets.get(name, one_hot if "categorical" in name or name in ("dice", "tversky") else positive)
    history = train(name, y)
    assert history[-1] < history[0], name
assert float(CTC()(np.array([[1, 2]]), rng.random((1, 5, 4)))) > 0
y_true, y_pred = np.array([[0.0, 1.0]]), np.array([[0.4, 0.6]])
each = MeanSquaredError(reduction="none")(np.repeat(y_true, 3, 0), np.repeat(y_pred, 3, 0))
assert each.shape == (3,)
assert float(MeanSquaredError()(y_true, y_pred, sample_weight=[2.0])) > 0
assert abs(float(BinaryCrossentropy(from_logits=True)(y_true, y_pred)) - float(
    keras.ops.mean(keras.losses.binary_crossentropy(y_true, y_pred, from_logits=True)))) < 1e-6
