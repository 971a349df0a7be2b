"""Learn to read handwritten digits in a few seconds.

The data come with KeraTorch: 1,797 real digits of 8x8 pixels, a fifth of them kept for
the test.

    python quickstart.py
"""

import argparse

import keratorch as keras
from keratorch import layers

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--quick", action="store_true", help="train for half as long")
options = parser.parse_args()

keras.utils.set_random_seed(1)

# 1. The data: pixels from 0 (paper) to 16 (ink), and the digit that was written.
(x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
x_train, x_test = x_train / 16, x_test / 16

# 2. The model: pixels in, one probability for each of the ten digits out.
model = keras.Sequential(
    [
        keras.Input(shape=(8, 8)),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
model.summary()

# 3. The training: 30 times through all digits.
model.fit(x_train, y_train, epochs=15 if options.quick else 30)

# 4. The test, on digits that the model has never seen.
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test accuracy: {accuracy:.3f}")
