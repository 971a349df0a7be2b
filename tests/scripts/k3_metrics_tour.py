"""Every metric of Keras 3, streamed over batches and reset."""
import keras
from keras.metrics import *
import numpy as np

rng = np.random.default_rng(0)
binary, scores = rng.integers(0, 2, (20, 1)).astype("float32"), rng.random((20, 1)).astype("float32")
one_hot, sparse = np.eye(4, dtype="float32")[np.arange(20) % 4], np.arange(20) % 4
probabilities = rng.random((20, 4)).astype("float32")
probabilities /= probabilities.sum(axis=1, keepdims=True)
real = rng.random((20, 3)).astype("float32") + 0.1
groups = {
    (AUC, BinaryAccuracy, BinaryCrossentropy, FalseNegatives, FalsePositives, TrueNegatives,
     TruePositives, Precision, Recall): (binary, scores),
    (CategoricalAccuracy, CategoricalCrossentropy, CategoricalHinge, TopKCategoricalAccuracy,
     F1Score, KLDivergence, OneHotMeanish := None): (one_hot, probabilities),
    (SparseCategoricalAccuracy, SparseCategoricalCrossentropy,
     SparseTopKCategoricalAccuracy): (sparse, probabilities),
    (MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError, Poisson, CosineSimilarity,
     MeanSquaredLogarithmicError, RootMeanSquaredError, LogCoshError, R2Score, Accuracy,
     PearsonCorrelation, ConcordanceCorrelation): (real, real[::-1].copy()),
    (Hinge, SquaredHinge): (binary * 2 - 1, scores),
}
for kinds, (y_true, y_pred) in groups.items():
    for kind in kinds:
        if kind is None:
            continue
        metric = kind()
        metric.update_state(y_true[:12], y_pred[:12])
        metric.update_state(y_true[12:], y_pred[12:])
        streamed = np.array(metric.result())
        metric.reset_state()
        whole = np.array(metric(y_true, y_pred))
        np.testing.assert_allclose(streamed, whole, rtol=1e-4, err_msg=metric.name)
        assert kind.from_config(metric.get_config()).name == metric.name
special = [PrecisionAtRecall(0.5), RecallAtPrecision(0.5), SensitivityAtSpecificity(0.5),
           SpecificityAtSensitivity(0.5), BinaryIoU(), FBetaScore(beta=2.0, threshold=0.5)]
for metric in special:
    assert 0 <= float(np.mean(metric(binary, scores))) <= 1, metric.name
for metric in (IoU(4, [0, 1]), MeanIoU(4)):
    assert 0 <= float(metric(sparse, probabilities.argmax(axis=1))) <= 1
for metric in (OneHotIoU(4, [0]), OneHotMeanIoU(4)):
    assert 0 <= float(metric(one_hot, probabilities)) <= 1
assert float(Sum()([1.0, 2.0])) == 3 and float(Mean()([1.0, 2.0])) == 1.5
wrapped = MeanMetricWrapper(lambda y, p: keras.ops.mean(keras.ops.abs(y - p), axis=-1), name="wrapped")

model = keras.Sequential([keras.layers.Dense(4, activation="softmax")])
model.compile("adam", "categorical_crossentropy",
              metrics=["accuracy", "mae", "mse", "mape", "msle", "auc", "precision", "recall",
                       "categorical_accuracy", "top_k_categorical_accuracy", wrapped],
              weighted_metrics=[CategoricalAccuracy(name="weighted")])
h = model.fit(real, one_hot, sample_weight=np.linspace(0.5, 1, 20), epochs=2, verbose=0,
              validation_data=(real, one_hot))
for name in ("accuracy", "mae", "val_mse", "auc", "precision", "val_recall", "wrapped", "weighted"):
    assert name in h.history, (name, sorted(h.history))
results = model.evaluate(real, one_hot, verbose=0, return_dict=True)
assert set(results) == {name for name in h.history if not name.startswith("val_")}
