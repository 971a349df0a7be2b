'''Look inside a convnet: K.function, K.gradients, heat maps, set_value.'''
import numpy as np
from keras import backend as K
from keras.models import Sequential, Model
from keras.layers import Conv2D, Flatten, Dense, MaxPooling2D, Dropout

K.clear_session()
model = Sequential()
model.add(Conv2D(4, (3, 3), activation='relu', input_shape=(10, 10, 1), name='conv_a'))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(6, (3, 3), activation='relu', name='conv_b'))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(3, activation='softmax'))
img_tensor = np.random.RandomState(0).rand(1, 10, 10, 1)

layer_outputs = [layer.output for layer in model.layers[:3]]
activation_model = Model(inputs=model.input, outputs=layer_outputs)
activations = activation_model.predict(img_tensor)
assert [a.shape for a in activations] == [(1, 8, 8, 4), (1, 4, 4, 4), (1, 2, 2, 6)]
get_output = K.function([model.layers[0].input, K.learning_phase()],
                        [model.layers[2].output])
np.testing.assert_allclose(get_output([img_tensor, 0])[0], activations[2], atol=1e-5)

# gradient ascent in input space
layer_output = model.get_layer('conv_b').output
loss = K.mean(layer_output[:, :, :, 0])
grads = K.gradients(loss, model.input)[0]
grads /= (K.sqrt(K.mean(K.square(grads))) + 1e-5)
iterate = K.function([model.input], [loss, grads])
input_img_data = np.random.RandomState(1).rand(1, 10, 10, 1)
values = []
for i in range(5):
    loss_value, grads_value = iterate([input_img_data])
    input_img_data += grads_value * 0.1
    values.append(float(np.ravel(loss_value)[0]))
assert values[-1] >= values[0]

# class activation map
class_output = model.output[:, 1]
last_conv_layer = model.get_layer('conv_b')
grads = K.gradients(class_output, last_conv_layer.output)[0]
pooled_grads = K.mean(grads, axis=(0, 1, 2))
iterate = K.function([model.input], [pooled_grads, last_conv_layer.output[0]])
pooled_grads_value, conv_layer_output_value = iterate([img_tensor])
for i in range(6):
    conv_layer_output_value[:, :, i] *= pooled_grads_value[i]
heatmap = np.maximum(np.mean(conv_layer_output_value, axis=-1), 0)
assert heatmap.shape == (2, 2)

model.compile('rmsprop', 'mse')
K.set_value(model.optimizer.lr, 0.5)
assert K.get_value(model.optimizer.lr) == 0.5
