'''Towers that come together in every way there is.'''
import numpy as np
import keras
from keras import layers
from keras.layers import (Input, Conv2D, MaxPooling2D, AveragePooling2D, GlobalMaxPooling2D,
                          GlobalAveragePooling2D, SeparableConv2D, DepthwiseConv2D, Dense,
                          SpatialDropout2D, add, subtract, multiply, average, maximum,
                          minimum, concatenate, dot)
from keras.layers import Add, Subtract, Multiply, Average, Maximum, Minimum
from keras.models import Model

input_img = Input(shape=(8, 8, 3))
tower_1 = Conv2D(4, (1, 1), padding='same', activation='relu')(input_img)
tower_1 = Conv2D(4, (3, 3), padding='same', activation='relu')(tower_1)
tower_2 = SeparableConv2D(4, (5, 5), padding='same', activation='relu')(input_img)
tower_3 = MaxPooling2D((3, 3), strides=(1, 1), padding='same')(input_img)
tower_3 = Conv2D(4, (1, 1), dilation_rate=(1, 1), padding='same')(tower_3)
tower_4 = DepthwiseConv2D((3, 3), padding='same', depth_multiplier=2)(input_img)
output = concatenate([tower_1, tower_2, tower_3, tower_4], axis=-1)
assert keras.backend.int_shape(output) == (None, 8, 8, 18)
mixed = add([tower_1, tower_2, tower_3])
mixed = Multiply()([mixed, Maximum()([tower_1, tower_2])])
mixed = Subtract()([mixed, Minimum()([tower_1, tower_3])])
mixed = Average()([mixed, Add()([tower_1, tower_2])])
mixed = SpatialDropout2D(0.1)(mixed)
a = GlobalMaxPooling2D()(mixed)
b = GlobalAveragePooling2D()(output)
c = layers.Flatten()(AveragePooling2D((4, 4))(mixed))
d = dot([a, a], axes=1, normalize=True)
joined = layers.Concatenate()([a, b, c, d])
predictions = Dense(2, activation='softmax')(joined)
model = Model(inputs=input_img, outputs=predictions)
model.compile(keras.optimizers.SGD(lr=0.05, momentum=0.9), 'categorical_crossentropy')
x = np.random.RandomState(0).rand(12, 8, 8, 3)
y = keras.utils.to_categorical(np.arange(12) % 2)
h = model.fit(x, y, epochs=3, batch_size=4, verbose=0)
assert np.isfinite(h.history['loss']).all()

p, q = Input((3,)), Input((3,))
f = Model([p, q], [subtract([p, q]), multiply([p, q]), average([p, q]), maximum([p, q]),
                   minimum([p, q])])
u, v = np.array([[1., 5., 3.]]), np.array([[4., 2., 6.]])
for result, expected in zip(f.predict([u, v]), [u - v, u * v, (u + v) / 2,
                                                np.maximum(u, v), np.minimum(u, v)]):
    np.testing.assert_allclose(result, expected)
