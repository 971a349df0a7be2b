"""add_weight with the name first, add_variable, and dense layers by hand."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K


class MyDenseLayer(tf.keras.layers.Layer):
    def __init__(self, num_outputs):
        super(MyDenseLayer, self).__init__()
        self.num_outputs = num_outputs

    def build(self, input_shape):
        self.kernel = self.add_weight("kernel", shape=[int(input_shape[-1]), self.num_outputs])
        self.bias = self.add_variable("bias", shape=(self.num_outputs,),
                                      initializer=tf.zeros_initializer())
        self.gain = self.add_weight(name="gain", shape=(), dtype=tf.float32, trainable=True,
                                    initializer=tf.constant_initializer(1.), use_resource=True)

    def call(self, input):
        return (K.dot(input, self.kernel) + self.bias) * self.gain


class ResnetIdentityBlock(tf.keras.Model):
    def __init__(self, kernel_size, filters):
        super(ResnetIdentityBlock, self).__init__(name='')
        filters1, filters2, filters3 = filters
        self.conv2a = tf.keras.layers.Conv2D(filters1, (1, 1))
        self.bn2a = tf.keras.layers.BatchNormalization()
        self.conv2b = tf.keras.layers.Conv2D(filters2, kernel_size, padding='same')
        self.bn2b = tf.keras.layers.BatchNormalization()
        self.conv2c = tf.keras.layers.Conv2D(filters3, (1, 1))

    def call(self, input_tensor, training=False):
        x = self.conv2a(input_tensor)
        x = self.bn2a(x, training=training)
        x = tf.nn.relu(x)
        x = self.conv2b(x)
        x = self.bn2b(x, training=training)
        x = tf.nn.relu(x)
        x = self.conv2c(x)
        x += input_tensor
        return tf.nn.relu(x)


layer = MyDenseLayer(10)
_ = layer(np.zeros([10, 5], 'float32'))
assert [var.shape for var in layer.trainable_variables] == [(5, 10), (10,), ()]
block = ResnetIdentityBlock(1, [1, 2, 3])
assert block(np.zeros([1, 2, 3, 3], 'float32')).shape == (1, 2, 3, 3)
assert len(block.layers) == 5 and len(block.variables) == 14
block.summary()
my_seq = tf.keras.Sequential([tf.keras.layers.Conv2D(1, (1, 1), input_shape=(None, None, 3)),
                              tf.keras.layers.BatchNormalization(),
                              tf.keras.layers.Conv2D(2, 1, padding='same')])
assert my_seq(np.zeros([1, 2, 3, 3], 'float32')).shape == (1, 2, 3, 2)
model = tf.keras.Sequential([MyDenseLayer(4), tf.keras.layers.Dense(1)])
model.compile('adam', 'mse')
x = np.random.RandomState(0).rand(20, 3)
h = model.fit(x, x.sum(axis=1), epochs=4, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
