"""Image layers of Keras 3: patches, augmentation and normalization layers."""
import keras
from keras import layers, ops
import numpy as np

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
images = rng.integers(0, 256, (8, 16, 16, 3)).astype("float32")
labels = np.arange(8) % 4
augment = [layers.RandomFlip("horizontal_and_vertical"), layers.RandomRotation(factor=0.05, fill_mode="nearest"),
           layers.RandomZoom(height_factor=0.1, width_factor=0.1), layers.RandomTranslation(0.1, 0.1),
           layers.RandomContrast(0.1), layers.RandomBrightness(0.1), layers.RandomShear(0.1, 0.1),
           layers.RandomSaturation(0.3), layers.RandomHue(0.1), layers.RandomGrayscale(0.5),
           layers.RandomSharpness(0.3), layers.RandomPosterization(4), layers.RandomErasing(0.5),
           layers.RandomGaussianBlur(1.0), layers.RandomInvert(0.2), layers.RandomColorJitter(brightness_factor=0.1),
           layers.AutoContrast(), layers.Equalization(), layers.Solarization(addition_factor=0.1),
           layers.AugMix(), layers.RandAugment(), layers.RandomPerspective(0.2)]
for layer in augment:
    changed = ops.convert_to_numpy(layer(images, training=True))
    assert changed.shape == images.shape and np.isfinite(changed).all(), layer.name
assert layers.RandomCrop(12, 12)(images, training=True).shape == (8, 12, 12, 3)
mixed = layers.MixUp(alpha=0.2)({"images": images, "labels": np.eye(4)[labels]}, training=True)
cut = layers.CutMix(0.5)({"images": images, "labels": np.eye(4)[labels]}, training=True)
assert mixed["images"].shape == cut["images"].shape == images.shape


class Patches(layers.Layer):
    def __init__(self, patch_size):
        super().__init__()
        self.patch_size = patch_size

    def call(self, images):
        patches = ops.image.extract_patches(images, size=self.patch_size)
        return ops.reshape(patches, (ops.shape(images)[0], -1, self.patch_size**2 * images.shape[-1]))


inputs = keras.Input((16, 16, 3))
x = layers.Pipeline([layers.Rescaling(1.0 / 255), layers.RandomFlip()])(inputs)
x = layers.Resizing(8, 8)(x)
x = Patches(4)(x)
x = layers.Dense(12)(x)
x = layers.GroupNormalization(groups=4)(x)
x = layers.RMSNormalization()(x)
x = layers.EinsumDense("abc,cd->abd", output_shape=(None, 8), bias_axes="d")(x)
x = layers.UnitNormalization()(x)
x = layers.Permute((2, 1))(x)
x = layers.Conv1DTranspose(4, 2, strides=2)(x)
x = layers.GlobalMaxPooling1D()(x)
x = layers.Identity()(x)
outputs = layers.Dense(4)(x)
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.AdamW(learning_rate=0.01, weight_decay=1e-4),
              keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
                       keras.metrics.SparseTopKCategoricalAccuracy(2, name="top-2-accuracy")])
h = model.fit(images, labels, epochs=4, batch_size=4, verbose=0)
assert h.history["loss"][-1] < h.history["loss"][0] and "top-2-accuracy" in h.history
spectral = layers.SpectralNormalization(layers.Dense(3))
assert spectral(np.ones((2, 4)), training=True).shape == (2, 3)
