"""Imbalanced data: metrics as objects, class weights, an initial bias."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

METRICS = [
    keras.metrics.TruePositives(name='tp'),
    keras.metrics.FalsePositives(name='fp'),
    keras.metrics.TrueNegatives(name='tn'),
    keras.metrics.FalseNegatives(name='fn'),
    keras.metrics.BinaryAccuracy(name='accuracy'),
    keras.metrics.Precision(name='precision'),
    keras.metrics.Recall(name='recall'),
    keras.metrics.AUC(name='auc'),
    keras.metrics.AUC(name='prc', curve='PR'),
]


def make_model(metrics=METRICS, output_bias=None):
    if output_bias is not None:
        output_bias = tf.keras.initializers.Constant(output_bias)
    model = keras.Sequential([
        keras.layers.Dense(8, activation='relu', input_shape=(4,)),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(1, activation='sigmoid', bias_initializer=output_bias),
    ])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-2),
                  loss=keras.losses.BinaryCrossentropy(), metrics=metrics)
    return model


rng = np.random.RandomState(0)
X = rng.randn(120, 4)
y = (X[:, 0] > 1.2).astype(int)
neg, pos = np.bincount(y)
model = make_model(output_bias=np.log([pos / neg]))
results = model.evaluate(X, y, batch_size=64, verbose=0)
assert model.metrics_names[0] == 'loss' and len(results) == 10
class_weight = {0: (1 / neg) * 60, 1: (1 / pos) * 60}
early_stopping = tf.keras.callbacks.EarlyStopping(monitor='val_prc', verbose=1, patience=10,
                                                  mode='max', restore_best_weights=True)
h = model.fit(X, y, batch_size=32, epochs=5, callbacks=[early_stopping], verbose=0,
              validation_data=(X, y), class_weight=class_weight)
for name in ['tp', 'fp', 'tn', 'fn', 'accuracy', 'precision', 'recall', 'auc', 'prc']:
    assert 'val_' + name in h.history, name
last = {k: v[-1] for k, v in h.history.items()}
assert last['val_tp'] + last['val_fn'] == pos and last['val_tn'] + last['val_fp'] == neg

m = tf.keras.metrics.SparseCategoricalAccuracy()
m.update_state([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]])
assert float(m.result()) == 0.5
m.reset_state()
m2 = tf.keras.metrics.Mean(name='train_loss')
m2(3.)
m2(5.)
assert m2.result().numpy() == 4.0
iou = tf.keras.metrics.MeanIoU(num_classes=2)
iou.update_state([0, 0, 1, 1], [0, 1, 0, 1])
np.testing.assert_allclose(iou.result().numpy(), 1 / 3, rtol=1e-5)
k = tf.keras.metrics.TopKCategoricalAccuracy(k=1)
k.update_state([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
assert k.result().numpy() == 0.5
