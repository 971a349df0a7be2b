'''Two inputs, two outputs, dictionaries everywhere, class and sample weights.'''
import numpy as np
import keras
from keras.layers import Input, Dense, Embedding, LSTM, concatenate, SpatialDropout1D
from keras.models import Model

np.random.seed(1)
words = Input(shape=(12,), dtype='int32', name='words')
numbers = Input(shape=(4,), name='numbers')
x = Embedding(input_dim=30, output_dim=6, input_length=12, mask_zero=True)(words)
x = SpatialDropout1D(0.1)(x)
x = LSTM(5)(x)
topic = Dense(3, activation='softmax', name='topic')(x)
x = keras.layers.concatenate([x, numbers])
price = Dense(1, name='price')(x)
model = Model(inputs=[words, numbers], outputs=[topic, price])
model.compile(optimizer=keras.optimizers.Adam(),
              loss={'topic': 'sparse_categorical_crossentropy', 'price': 'mse'},
              loss_weights={'topic': 1.0, 'price': 0.5},
              metrics={'topic': ['accuracy'], 'price': ['mae', 'mse']})
data = {'words': np.random.randint(0, 30, (48, 12)), 'numbers': np.random.rand(48, 4)}
targets = {'topic': np.random.randint(0, 3, (48,)), 'price': np.random.rand(48, 1)}
h = model.fit(data, targets, epochs=3, batch_size=16, verbose=0,
              validation_data=(data, targets),
              sample_weight={'topic': np.linspace(0, 1, 48), 'price': np.ones(48)})
for key in ['loss', 'topic_loss', 'price_loss', 'topic_acc', 'price_mean_absolute_error',
            'val_price_mean_squared_error', 'val_topic_loss']:
    assert len(h.history[key]) == 3, key
assert h.history['loss'][-1] < h.history['loss'][0]
assert model.input_shape == [(None, 12), (None, 4)]
assert model.output_shape == [(None, 3), (None, 1)]
assert [i.name.split(':')[0] for i in model.inputs] == ['words', 'numbers']
out = model.predict([data['words'], data['numbers']], batch_size=7)
assert [o.shape for o in out] == [(48, 3), (48, 1)]
loss = model.test_on_batch(data, targets)
assert len(loss) == len(model.metrics_names)

single = Model(words, topic)
single.compile('rmsprop', 'sparse_categorical_crossentropy', metrics=['acc'])
hist = single.fit(data['words'], targets['topic'], class_weight={0: 1., 1: 2., 2: 0.5},
                  epochs=1, verbose=0, validation_split=0.25)
assert 'val_acc' in hist.history
