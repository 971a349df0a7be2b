"""tf names that touch no data."""
import os
import numpy as np
import tensorflow as tf
from tensorflow.keras import mixed_precision

physical_devices = tf.config.list_physical_devices('GPU')
print("Num GPUs Available: ", len(tf.config.experimental.list_physical_devices('GPU')))
gpus = tf.config.experimental.list_physical_devices('GPU')
if gpus:
    try:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError as e:
        print(e)
tf.get_logger().setLevel('ERROR')
tf.autograph.set_verbosity(0)
tf.random.set_seed(1)
tf.compat.v1.disable_eager_execution
tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
tf.config.run_functions_eagerly(True)
assert tf.__version__.startswith('2') and tf.executing_eagerly()
print(tf.test.is_gpu_available(), tf.test.gpu_device_name(), tf.test.is_built_with_cuda())
strategy = tf.distribute.MirroredStrategy()
print('Number of devices: {}'.format(strategy.num_replicas_in_sync))
config = tf.compat.v1.ConfigProto()
config.gpu_options.allow_growth = True
tf.compat.v1.keras.backend.set_session(tf.compat.v1.Session(config=config))

with strategy.scope():
    with tf.device('/CPU:0'):
        inputs = tf.keras.Input((3,), dtype=tf.float32)
        model = tf.keras.Model(inputs, tf.keras.layers.Dense(2, activation=tf.nn.softmax)(inputs))
        model.compile(tf.optimizers.Adam(), tf.losses.CategoricalCrossentropy(),
                      run_eagerly=True, steps_per_execution=1)


@tf.function
def twice(x):
    return x * 2


assert twice(np.float32(2)) == 4
x = np.eye(3)
model.fit(x, x[:, :2], verbose=0)
with tf.keras.backend.name_scope('scope'):
    assert model.predict(x).shape == (3, 2)
