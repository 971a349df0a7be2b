"""keras.random, SeedGenerator and reproducible runs."""
import keras
from keras import layers, random
import numpy as np

n = keras.ops.convert_to_numpy
for draw in (random.normal, random.uniform, random.truncated_normal):
    a, b = n(draw((3, 4), seed=7)), n(draw((3, 4), seed=7))
    np.testing.assert_array_equal(a, b)
generator = random.SeedGenerator(seed=42)
assert not np.array_equal(n(random.normal((5,), seed=generator)), n(random.normal((5,), seed=generator)))
again = keras.random.SeedGenerator(seed=42)
first = n(random.normal((5,), seed=again))
generator = random.SeedGenerator(42)
np.testing.assert_array_equal(n(random.normal((5,), seed=generator)), first)
assert n(random.randint((50,), 2, 5, seed=1)).min() >= 2
assert sorted(n(random.shuffle(np.arange(6), seed=1)).tolist()) == list(range(6))
assert n(random.categorical(np.log([[0.5, 0.5]]), 4, seed=1)).shape == (1, 4)
assert n(random.dropout(np.ones((10,)), 0.5, seed=1)).max() == 2
assert n(random.gamma((4,), 2.0, seed=1)).min() > 0
assert n(random.beta((4,), 2.0, 3.0, seed=1)).max() < 1
assert n(random.binomial((4,), 10.0, 0.5, seed=1)).max() <= 10


def run():
    keras.utils.set_random_seed(812)
    model = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    x = np.random.random((20, 3))
    return model.fit(x, x.sum(axis=1), epochs=2, batch_size=5, verbose=0).history["loss"]


assert run() == run()
keras.config.enable_interactive_logging()
assert keras.config.floatx() == keras.backend.floatx() == "float32"
assert keras.config.image_data_format() == "channels_last" and keras.config.epsilon() == 1e-7
keras.config.set_floatx("float64")
assert keras.config.floatx() == "float64" and random.normal((2,)).dtype == "float64"
keras.config.set_floatx("float32")
