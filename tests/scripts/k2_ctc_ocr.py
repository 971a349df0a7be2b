'''image_ocr in small: a recurrent net with the CTC loss in a Lambda layer.'''
import numpy as np
from keras import backend as K
from keras.layers import Input, Dense, Activation, Reshape, Lambda
from keras.layers.merge import add, concatenate
from keras.layers.recurrent import GRU
from keras.models import Model
from keras.optimizers import SGD

def ctc_lambda_func(args):
    y_pred, labels, input_length, label_length = args
    y_pred = y_pred[:, 2:, :]
    return K.ctc_batch_cost(labels, y_pred, input_length, label_length)

absolute_max_string_len, steps, classes = 4, 12, 6
input_data = Input(name='the_input', shape=(24, 4), dtype='float32')
inner = Reshape(target_shape=(steps, 8), name='reshape')(input_data)
inner = Dense(12, activation='relu', name='dense1')(inner)
gru_1 = GRU(8, return_sequences=True, kernel_initializer='he_normal', name='gru1')(inner)
gru_1b = GRU(8, return_sequences=True, go_backwards=True, name='gru1_b')(inner)
gru1_merged = add([gru_1, gru_1b])
inner = Dense(classes, kernel_initializer='he_normal', name='dense2')(gru1_merged)
y_pred = Activation('softmax', name='softmax')(inner)

labels = Input(name='the_labels', shape=[absolute_max_string_len], dtype='float32')
input_length = Input(name='input_length', shape=[1], dtype='int64')
label_length = Input(name='label_length', shape=[1], dtype='int64')
loss_out = Lambda(ctc_lambda_func, output_shape=(1,), name='ctc')(
    [y_pred, labels, input_length, label_length])
sgd = SGD(lr=0.02, decay=1e-6, momentum=0.9, nesterov=True, clipnorm=5)
model = Model(inputs=[input_data, labels, input_length, label_length], outputs=loss_out)
model.compile(loss={'ctc': lambda y_true, y_pred: y_pred}, optimizer=sgd)

rng = np.random.RandomState(0)
n = 12
inputs = {'the_input': rng.rand(n, 24, 4), 'the_labels': rng.randint(0, 5, (n, 4)),
          'input_length': np.full((n, 1), steps - 2), 'label_length': np.full((n, 1), 3)}
outputs = {'ctc': np.zeros([n])}
h = model.fit(inputs, outputs, epochs=4, batch_size=4, verbose=0)
assert h.history['loss'][-1] < h.history['loss'][0]
test_func = K.function([input_data], [y_pred])
out = test_func([inputs['the_input']])[0]
assert out.shape == (n, steps, classes)
decoded, scores = K.ctc_decode(out, np.full(n, steps), greedy=True)
assert K.get_value(decoded[0]).shape[0] == n
