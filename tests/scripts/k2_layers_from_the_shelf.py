"""Layers that were copied from site to site: capsules, shuffled pixels, own places."""

from keras import activations
from keras.engine.base_layer import InputSpec, Layer
from keras.layers import *
from keras.legacy import interfaces
from keras.models import Model
from keras.utils import conv_utils


class Capsules(Layer):
    def __init__(self, count, size, routings=3, **kwargs):
        super(Capsules, self).__init__(**kwargs)
        self.count, self.size, self.routings = count, size, routings
        self.activation = activations.get("relu")

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            initializer="glorot_uniform",
            shape=(1, input_shape[-1], self.count * self.size),
        )

    def call(self, inputs):
        hats = K.conv1d(inputs, self.kernel)
        batch, places = K.shape(inputs)[0], K.shape(inputs)[1]
        hats = K.reshape(hats, (batch, places, self.count, self.size))
        hats = K.permute_dimensions(hats, (0, 2, 1, 3))
        votes = K.zeros_like(hats[:, :, :, 0])
        for turn in range(self.routings):
            share = K.softmax(votes, 1)
            found = self.activation(K.batch_dot(share, hats, [2, 2]))
            if turn < self.routings - 1:
                votes = K.batch_dot(found, hats, [2, 3])
                if K.backend() == "theano":
                    votes = K.sum(votes, axis=1)
        return found

    def compute_output_shape(self, input_shape):
        return (None, self.count, self.size)


class Shuffle(Layer):
    @interfaces.legacy_upsampling2d_support
    def __init__(self, size=(2, 2), data_format=None, **kwargs):
        super(Shuffle, self).__init__(**kwargs)
        self.data_format = conv_utils.normalize_data_format(data_format)
        assert self.data_format == K.normalize_data_format(data_format)
        self.size = conv_utils.normalize_tuple(size, 2, "size")
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs):
        batch, height, width, channels = K.int_shape(inputs)
        rows, columns = self.size
        kept = channels // (rows * columns)
        out = K.reshape(inputs, (-1, height, width, rows, columns, kept))
        out = K.permute_dimensions(out, (0, 1, 3, 2, 4, 5))
        return K.reshape(out, (-1, height * rows, width * columns, kept))

    def compute_output_shape(self, input_shape):
        length = conv_utils.conv_output_length(input_shape[1], 1, "same", 1)
        return (
            input_shape[0],
            length * self.size[0],
            input_shape[2] * self.size[1],
            input_shape[3] // 4,
        )


image = Input(shape=(8, 8, 4))
x = Shuffle()(image)
x = LocallyConnected2D(2, (3, 3), strides=(2, 2), activation="relu")(x)
x = Reshape((-1, 2))(x)
x = LocallyConnected1D(4, 2, kernel_initializer="he_normal")(x)
caps = Capsules(3, 5)(x)
output = Lambda(lambda z: K.sqrt(K.sum(K.square(z), 2) + K.epsilon()))(caps)
model = Model(inputs=image, outputs=output)
model.compile("adam", "mse", metrics=["accuracy"])
data = np.random.rand(12, 8, 8, 4)
history = model.fit(data, np.eye(3)[np.arange(12) % 3], epochs=2, verbose=0)
assert list(dict(history.history)) == ["loss", "acc"]
assert model.predict(data).shape == (12, 3)
