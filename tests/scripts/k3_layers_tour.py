"""The rest of the layers of Keras 3, each in a model of its own."""
import keras
from keras import layers
import numpy as np

image, line, cube = (8, 8, 3), (12, 3), (6, 6, 6, 2)
cases = [
    (layers.Conv1D(4, 3, strides=2, padding="same", groups=1), line, (6, 4)),
    (layers.Conv1D(4, 3, padding="causal", dilation_rate=2), line, (12, 4)),
    (layers.SeparableConv1D(4, 3), line, (10, 4)), (layers.DepthwiseConv1D(3), line, (10, 3)),
    (layers.Conv2D(4, 3, data_format="channels_last", dilation_rate=2), image, (4, 4, 4)),
    (layers.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1), image, (16, 16, 4)),
    (layers.Conv3D(2, 2), cube, (5, 5, 5, 2)), (layers.Conv3DTranspose(2, 2, strides=2), cube, (12, 12, 12, 2)),
    (layers.MaxPooling1D(2), line, (6, 3)), (layers.AveragePooling1D(3, strides=1), line, (10, 3)),
    (layers.MaxPooling3D(2), cube, (3, 3, 3, 2)), (layers.AveragePooling3D(3), cube, (2, 2, 2, 2)),
    (layers.GlobalAveragePooling1D(keepdims=True), line, (1, 3)), (layers.GlobalMaxPooling3D(), cube, (2,)),
    (layers.GlobalAveragePooling3D(), cube, (2,)), (layers.GlobalMaxPooling2D(), image, (3,)),
    (layers.UpSampling1D(2), line, (24, 3)), (layers.UpSampling2D(2, interpolation="bilinear"), image, (16, 16, 3)),
    (layers.UpSampling3D(2), cube, (12, 12, 12, 2)), (layers.ZeroPadding1D((1, 2)), line, (15, 3)),
    (layers.ZeroPadding2D(((1, 0), (0, 2))), image, (9, 10, 3)), (layers.ZeroPadding3D(1), cube, (8, 8, 8, 2)),
    (layers.Cropping1D((1, 2)), line, (9, 3)), (layers.Cropping2D(1), image, (6, 6, 3)),
    (layers.Cropping3D(1), cube, (4, 4, 4, 2)), (layers.CenterCrop(4, 6), image, (4, 6, 3)),
    (layers.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.0), line, line), (layers.ELU(0.5), line, line),
    (layers.LeakyReLU(negative_slope=0.2), line, line), (layers.PReLU(shared_axes=[1]), line, line),
    (layers.Softmax(axis=-1), line, line), (layers.Activation("gelu"), line, line),
    (layers.SpatialDropout1D(0.2), line, line), (layers.SpatialDropout2D(0.2), image, image),
    (layers.SpatialDropout3D(0.2), cube, cube), (layers.GaussianNoise(0.1), line, line),
    (layers.GaussianDropout(0.1), line, line), (layers.AlphaDropout(0.1), line, line),
    (layers.Dropout(0.3, noise_shape=(None, 1, 3), seed=1), line, line), (layers.BatchNormalization(), image, image),
    (layers.LayerNormalization(axis=-1), line, line), (layers.UnitNormalization(), line, line),
    (layers.Reshape((3, -1)), line, (3, 12)), (layers.Permute((2, 1)), line, (3, 12)), (layers.Flatten(), image, (192,)),
    (layers.RepeatVector(4), (5,), (4, 5)), (layers.Masking(0.0), line, line),
    (layers.Lambda(lambda t: t * 2), line, line), (layers.ActivityRegularization(l1=0.1), line, line),
    (layers.LSTM(4, return_sequences=True, dropout=0.1, recurrent_dropout=0.1), line, (12, 4)),
    (layers.GRU(4, go_backwards=True, reset_after=True), line, (4,)), (layers.SimpleRNN(4, unroll=False), line, (4,)),
    (layers.Bidirectional(layers.LSTM(3), merge_mode="sum", backward_layer=layers.LSTM(3, go_backwards=True)), line, (3,)),
    (layers.TimeDistributed(layers.Dense(2)), line, (12, 2)), (layers.RNN(layers.GRUCell(4)), line, (4,)),
    (layers.RNN(layers.StackedRNNCells([layers.LSTMCell(3), layers.SimpleRNNCell(2)])), line, (2,)),
    (layers.ConvLSTM1D(2, 3, padding="same"), (4, 8, 3), (8, 2)), (layers.ConvLSTM2D(2, 3), (3, 6, 6, 1), (4, 4, 2)),
    (layers.Rescaling(1 / 255.0, offset=-0.5), image, image), (layers.Resizing(4, 5), image, (4, 5, 3)),
    (layers.Normalization(mean=1.0, variance=2.0), line, line), (layers.SeparableConv2D(4, 3), image, (6, 6, 4)),
    (layers.DepthwiseConv2D(3, depth_multiplier=2), image, (6, 6, 6)), (layers.AveragePooling2D(2), image, (4, 4, 3)),
    (layers.GlobalAveragePooling2D(data_format="channels_last"), image, (3,)), (layers.MaxPooling2D((2, 4)), image, (4, 2, 3)),
    (layers.Embedding(10, 4, mask_zero=True), (7,), (7, 4)), (layers.EinsumDense("abc,cd->abd", (None, 5)), line, (12, 5)),
]
for layer, shape, expected in cases:
    model = keras.Sequential([keras.Input(shape), layer])
    assert model.output_shape == (None, *expected), (layer.name, model.output_shape)
    assert model.predict(np.ones((2, *shape)), verbose=0).shape == (2, *expected), layer.name
    config = layer.get_config()
    assert config["name"] == layer.name
for merge in (layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum,
              layers.Concatenate):
    a, b = keras.Input((4,)), keras.Input((4,))
    assert keras.Model([a, b], merge()([a, b])).predict([np.ones((2, 4))] * 2, verbose=0).shape[0] == 2
