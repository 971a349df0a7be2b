'''Content, style and variation losses, minimized in the image by hand.'''
import numpy as np
from keras import backend as K
from keras.layers import Input, Conv2D, AveragePooling2D
from keras.models import Model

def gram_matrix(x):
    features = K.batch_flatten(K.permute_dimensions(x, (2, 0, 1)))
    return K.dot(features, K.transpose(features))

def style_loss(style, combination, size):
    S, C = gram_matrix(style), gram_matrix(combination)
    return K.sum(K.square(S - C)) / (4. * (3 ** 2) * (size ** 2))

def content_loss(base, combination):
    return K.sum(K.square(combination - base))

def total_variation_loss(x, n):
    a = K.square(x[:, :n - 1, :n - 1, :] - x[:, 1:, :n - 1, :])
    b = K.square(x[:, :n - 1, :n - 1, :] - x[:, :n - 1, 1:, :])
    return K.sum(K.pow(a + b, 1.25))

size = 10
rng = np.random.RandomState(0)
base_image, style_image = rng.rand(2, 1, size, size, 3).astype('float32')
image = Input((size, size, 3))
x = Conv2D(4, (3, 3), activation='relu', padding='same', name='block1_conv1')(image)
x = AveragePooling2D((2, 2))(x)
x = Conv2D(6, (3, 3), activation='relu', padding='same', name='block2_conv1')(x)
model = Model(image, x)
outputs_dict = dict([(layer.name, layer.output) for layer in model.layers])
features = Model(image, [outputs_dict['block1_conv1'], outputs_dict['block2_conv1']])
style_features = [K.constant(f[0]) for f in features.predict(style_image)]
content_features = K.constant(features.predict(base_image)[1])

loss = 0.025 * content_loss(content_features, outputs_dict['block2_conv1'])
for name, style in zip(['block1_conv1', 'block2_conv1'], style_features):
    loss = loss + 1. * style_loss(style, outputs_dict[name][0], size ** 2)
loss = loss + 0.001 * total_variation_loss(image, size)
grads = K.gradients(loss, image)[0]
fetch_loss_and_grads = K.function([image], [loss, grads])

class Evaluator(object):
    def loss_and_grads(self, x):
        outs = fetch_loss_and_grads([x])
        return float(outs[0]), outs[1].astype('float64')

evaluator = Evaluator()
x = base_image.copy()
first, _ = evaluator.loss_and_grads(x)
for i in range(6):
    value, g = evaluator.loss_and_grads(x)
    x = x - (0.01 * g / (np.abs(g).max() + 1e-8)).astype('float32')
assert evaluator.loss_and_grads(x)[0] < first
assert x.shape == (1, size, size, 3)
