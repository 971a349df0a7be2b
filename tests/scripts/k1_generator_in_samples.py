'''fit_generator counted samples in Keras 1, not batches.'''
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation

def generate_arrays(batch_size=10):
    rng = np.random.RandomState(4)
    while 1:
        x = rng.uniform(-1, 1, (batch_size, 3))
        yield x, x.sum(axis=1, keepdims=True)

model = Sequential([
    Dense(12, input_dim=3, init='lecun_uniform'),
    Activation('tanh'),
    Dense(1),
])
model.compile(loss='mse', optimizer='adam')
history = model.fit_generator(generate_arrays(), samples_per_epoch=100, nb_epoch=5,
                              validation_data=generate_arrays(), nb_val_samples=20,
                              verbose=0, max_q_size=10, nb_worker=1,
                              pickle_safe=False)
assert len(history.history['loss']) == 5
assert history.history['val_loss'][-1] < history.history['val_loss'][0]
score = model.evaluate_generator(generate_arrays(), val_samples=50)
print('score', score)
assert np.isscalar(score) and score < 1
predictions = model.predict_generator(generate_arrays(), val_samples=30)
assert predictions.shape == (30, 1)
