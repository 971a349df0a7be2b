"""Basic classification: the TensorFlow 2 beginner tutorial."""
import tensorflow as tf
from tensorflow import keras
import numpy as np

print(tf.__version__)
fashion_mnist = tf.keras.datasets.fashion_mnist
(train_images, train_labels), (test_images, test_labels) = fashion_mnist.load_data()
class_names = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat',
               'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot']
train_images = train_images / 255.0
test_images = test_images / 255.0

tf.keras.backend.clear_session()
tf.random.set_seed(42)
np.random.seed(42)
model = tf.keras.models.Sequential([
    tf.keras.layers.Flatten(input_shape=(28, 28)),
    tf.keras.layers.Dense(32, activation=tf.nn.relu),
    tf.keras.layers.Dropout(0.2),
    tf.keras.layers.Dense(10)
])
predictions = model(train_images[:1]).numpy()
assert predictions.shape == (1, 10)
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
start = loss_fn(train_labels[:1], predictions).numpy()
assert start > 0
model.compile(optimizer='adam', loss=loss_fn, metrics=['accuracy'])


class myCallback(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs={}):
        if logs.get('accuracy') > 0.99:
            print("\nReached 99% accuracy so cancelling training!")
            self.model.stop_training = True


history = model.fit(train_images, train_labels, epochs=8, callbacks=[myCallback()])
test_loss, test_acc = model.evaluate(test_images, test_labels, verbose=2)
assert test_acc > 0.8 and len(history.history['accuracy']) <= 8
probability_model = tf.keras.Sequential([model, tf.keras.layers.Softmax()])
predictions = probability_model.predict(test_images)
np.testing.assert_allclose(predictions.sum(axis=1), 1, rtol=1e-5)
assert class_names[np.argmax(predictions[0])] in class_names
img = (np.expand_dims(test_images[0], 0))
assert probability_model(img).shape == (1, 10)
