'''mnist_siamese: contrastive loss over a Lambda of two shared towers.'''
import random
import numpy as np
from keras.datasets import mnist
from keras.models import Model
from keras.layers import Input, Flatten, Dense, Dropout, Lambda
from keras.optimizers import RMSprop
from keras import backend as K

def euclidean_distance(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))

def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)

def contrastive_loss(y_true, y_pred):
    margin = 1
    square_pred = K.square(y_pred)
    margin_square = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * square_pred + (1 - y_true) * margin_square)

def create_pairs(x, y):
    pairs, labels = [], []
    digit_indices = [np.where(y == i)[0] for i in range(10)]
    n = min(len(d) for d in digit_indices) - 1
    for d in range(10):
        for i in range(n):
            pairs += [[x[digit_indices[d][i]], x[digit_indices[d][i + 1]]]]
            dn = (d + random.randrange(1, 10)) % 10
            pairs += [[x[digit_indices[d][i]], x[digit_indices[dn][i]]]]
            labels += [1, 0]
    return np.array(pairs), np.array(labels).astype('float32')

def accuracy(y_true, y_pred):
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))

random.seed(0)
(x_train, y_train), _ = mnist.load_data()
tr_pairs, tr_y = create_pairs(x_train.astype('float32') / 255, y_train)
input_shape = x_train.shape[1:]
base = Input(shape=input_shape)
x = Flatten()(base)
x = Dense(32, activation='relu')(x)
x = Dropout(0.1)(x)
base_network = Model(base, Dense(16, activation='relu')(x))
input_a, input_b = Input(shape=input_shape), Input(shape=input_shape)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)(
    [base_network(input_a), base_network(input_b)])
model = Model([input_a, input_b], distance)
model.compile(loss=contrastive_loss, optimizer=RMSprop(), metrics=[accuracy])
h = model.fit([tr_pairs[:, 0], tr_pairs[:, 1]], tr_y, batch_size=30, epochs=5)
assert h.history['loss'][-1] < h.history['loss'][0]
y_pred = model.predict([tr_pairs[:, 0], tr_pairs[:, 1]])
pred = y_pred.ravel() < 0.5
assert np.mean(pred == tr_y) > 0.7
assert 'acc' in h.history
