"""One model, all the file names people used."""
import os
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import load_model, save_model, model_from_json


def create_model():
    model = tf.keras.models.Sequential([
        tf.keras.layers.Dense(8, activation='relu', input_shape=(6,)),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(3, activation='softmax')])
    model.compile(optimizer='adam', loss='sparse_categorical_crossentropy',
                  metrics=['accuracy'])
    return model


rng = np.random.RandomState(0)
x, y = rng.rand(30, 6), rng.randint(0, 3, 30)
model = create_model()
model.fit(x, y, epochs=2, verbose=0)
expected = model.predict(x)
names = ['model.keras']
try:
    import h5py
    names += ['model.h5', 'model.hdf5']
except ImportError:
    pass
for name in names:
    model.save(name)
    new_model = load_model(name)
    np.testing.assert_allclose(new_model.predict(x), expected, atol=1e-6)
    np.testing.assert_allclose(new_model.evaluate(x, y, verbose=0),
                               model.evaluate(x, y, verbose=0), rtol=1e-5)
    assert new_model.optimizer.get_config()['name'].lower().startswith('adam')
tf.keras.models.save_model(model, 'again.keras', overwrite=True)
assert os.path.exists('again.keras')

checkpoint_path = "training_1/cp.ckpt"
checkpoint_dir = os.path.dirname(checkpoint_path)
os.makedirs(checkpoint_dir, exist_ok=True)
if len(names) > 1:
    model.save_weights('./checkpoints_my')
    model.save_weights('model.weights.h5')
    callback = tf.keras.callbacks.ModelCheckpoint(filepath=checkpoint_path,
                                                  save_weights_only=True, verbose=1)
    fresh = create_model()
    fresh.fit(x, y, epochs=1, verbose=0, callbacks=[callback])
    fresh.load_weights('model.weights.h5')
    np.testing.assert_allclose(fresh.predict(x), expected, atol=1e-6)
    fresh.load_weights('./checkpoints_my')
    np.testing.assert_allclose(fresh.predict(x), expected, atol=1e-6)
    fresh.load_weights(checkpoint_path)
clone = tf.keras.models.clone_model(model)
clone.set_weights(model.get_weights())
np.testing.assert_allclose(clone.predict(x), expected, atol=1e-6)
json_config = model.to_json()
rebuilt = model_from_json(json_config)
assert rebuilt.count_params() == model.count_params()
