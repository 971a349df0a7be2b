'''The functional API guide of Keras 1: two inputs, two outputs, named data.'''
import numpy as np
from keras.layers import Input, Embedding, LSTM, Dense, merge
from keras.models import Model

np.random.seed(0)
main_input = Input(shape=(10,), dtype='int32', name='main_input')
x = Embedding(output_dim=8, input_dim=50, input_length=10)(main_input)
lstm_out = LSTM(6)(x)
auxiliary_loss = Dense(1, activation='sigmoid', name='aux_output')(lstm_out)
auxiliary_input = Input(shape=(5,), name='aux_input')
x = merge([lstm_out, auxiliary_input], mode='concat')
x = Dense(8, activation='relu')(x)
main_loss = Dense(1, activation='sigmoid', name='main_output')(x)
model = Model(input=[main_input, auxiliary_input], output=[main_loss, auxiliary_loss])

model.compile(optimizer='rmsprop',
              loss={'main_output': 'binary_crossentropy', 'aux_output': 'mse'},
              loss_weights={'main_output': 1., 'aux_output': 0.2},
              metrics=['accuracy'])
headlines = np.random.randint(1, 50, (40, 10))
extra = np.random.randn(40, 5)
labels = (extra[:, 0] > 0).astype('float32')
hist = model.fit({'main_input': headlines, 'aux_input': extra},
                 {'main_output': labels, 'aux_output': labels},
                 nb_epoch=6, batch_size=8, verbose=0, validation_split=0.2)
print(model.metrics_names)
assert hist.history['main_output_loss'][-1] < hist.history['main_output_loss'][0]
for key in ('loss', 'aux_output_loss', 'main_output_acc', 'val_main_output_acc'):
    assert key in hist.history, key
values = model.evaluate([headlines, extra], [labels, labels], verbose=0)
assert len(values) == len(model.metrics_names) == 5
main, aux = model.predict([headlines, extra])
assert main.shape == aux.shape == (40, 1)

# the layer can be shared, and asked for what it made
shared = LSTM(4)
a, b = Input(shape=(7, 3)), Input(shape=(7, 3))
encoded_a, encoded_b = shared(a), shared(b)
merged = merge([encoded_a, encoded_b], mode='concat', concat_axis=-1)
twins = Model(input=[a, b], output=Dense(1)(merged))
assert shared.get_output_at(0).shape == (None, 4)
assert twins.output_shape == (None, 1)
