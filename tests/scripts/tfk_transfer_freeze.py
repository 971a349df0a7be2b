"""Feature extraction and fine tuning without weights from the internet."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, optimizers
from tensorflow.keras.models import Model, clone_model, Sequential


def backbone():
    inputs = layers.Input(shape=(16, 16, 3))
    x = layers.Conv2D(4, 3, padding='same', activation='relu', name='block1_conv1')(inputs)
    x = layers.MaxPooling2D(2, name='block1_pool')(x)
    x = layers.Conv2D(8, 3, padding='same', name='block2_conv1')(x)
    x = layers.BatchNormalization(name='block2_bn')(x)
    x = layers.Activation('relu')(x)
    return Model(inputs, x, name='backbone')


base_model = backbone()
base_model.trainable = True
for layer in base_model.layers[:-3]:
    layer.trainable = False
for i, layer in enumerate(base_model.layers):
    print(i, layer.name, layer.trainable)
conv_base = clone_model(base_model)
conv_base.trainable = False
inputs = tf.keras.Input(shape=(16, 16, 3))
x = conv_base(inputs, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(1)(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer=optimizers.Adam(1e-2),
              loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0)])
assert len(model.trainable_variables) == 2
rng = np.random.RandomState(0)
images, labels = rng.rand(16, 16, 16, 3), np.arange(16) % 2
frozen = [w.copy() for w in conv_base.get_weights()]
model.fit(images, labels, epochs=2, verbose=0)
for a, b in zip(frozen, conv_base.get_weights()):
    np.testing.assert_array_equal(a, b)

conv_base.trainable = True
model.compile(optimizer=optimizers.RMSprop(learning_rate=1e-4), loss='mse')
assert len(model.trainable_variables) == 8
model.fit(images, labels, epochs=1, verbose=0)

features = Model(inputs=base_model.input, outputs=base_model.get_layer('block1_pool').output)
assert features.predict(images).shape == (16, 8, 8, 4)
extractor = Model(base_model.inputs, [layer.output for layer in base_model.layers])
assert len(extractor(images)) == 6
assert base_model.get_layer(index=1).name == 'block1_conv1'
top = Sequential([base_model, layers.Flatten(), layers.Dense(2, activation='softmax')])
assert top.predict(images).shape == (16, 2)
