'''LSTM and dense autoencoders that find what does not fit.'''
import numpy as np
from keras import regularizers
from keras.callbacks import ModelCheckpoint, EarlyStopping
from keras.layers import Dense, Input, Dropout, LSTM, RepeatVector, TimeDistributed
from keras.models import Model, Sequential, load_model

rng = np.random.RandomState(42)
normal = rng.multivariate_normal(np.zeros(6), np.eye(6) * 0.2 + 0.8, 120)
odd = rng.randn(10, 6) * 3
input_dim, encoding_dim = normal.shape[1], 4
input_layer = Input(shape=(input_dim,))
encoder = Dense(encoding_dim, activation='tanh',
                activity_regularizer=regularizers.l1(1e-5))(input_layer)
encoder = Dense(int(encoding_dim / 2), activation='relu')(encoder)
decoder = Dense(int(encoding_dim / 2), activation='tanh')(encoder)
decoder = Dense(input_dim, activation='linear')(decoder)
autoencoder = Model(inputs=input_layer, outputs=decoder)
autoencoder.compile(optimizer='adam', loss='mean_squared_error', metrics=['accuracy'])
checkpointer = ModelCheckpoint(filepath='model.keras', verbose=0, save_best_only=True,
                               save_freq='epoch')
history = autoencoder.fit(normal, normal, epochs=20, batch_size=16, shuffle=True,
                          validation_data=(normal[:20], normal[:20]), verbose=0,
                          callbacks=[checkpointer, EarlyStopping(patience=5)]).history
assert history['val_loss'][-1] < history['val_loss'][0]
autoencoder = load_model('model.keras')
mse = lambda x: np.mean(np.power(x - autoencoder.predict(x), 2), axis=1)
assert mse(odd).mean() > mse(normal).mean()

timesteps = 5
sequences = normal[:100].reshape(20, timesteps, 6)
model = Sequential()
model.add(LSTM(8, activation='relu', input_shape=(timesteps, 6), return_sequences=True))
model.add(LSTM(4, activation='relu', return_sequences=False))
model.add(RepeatVector(timesteps))
model.add(LSTM(4, activation='relu', return_sequences=True))
model.add(TimeDistributed(Dense(6)))
model.compile(optimizer='adam', loss='mse')
losses = [model.fit(sequences, sequences, epochs=1, batch_size=5, verbose=0).history['loss'][0]
          for _ in range(4)]
assert losses[-1] < losses[0]
codes = Model(inputs=model.inputs, outputs=model.layers[1].output)
assert codes.predict(sequences).shape == (20, 4)
