'''Stateful and stateless LSTMs on a smoothed sequence; airline-like forecasting.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM

def create_dataset(dataset, look_back=1):
    dataX, dataY = [], []
    for i in range(len(dataset) - look_back - 1):
        a = dataset[i:(i + look_back), 0]
        dataX.append(a)
        dataY.append(dataset[i + look_back, 0])
    return np.array(dataX), np.array(dataY)

np.random.seed(7)
t = np.arange(124)
dataset = ((t * 2 + 100) * (1 + 0.2 * np.sin(t / 2.))).reshape(-1, 1).astype('float32')
dataset = (dataset - dataset.min()) / (dataset.max() - dataset.min())
train, test = dataset[0:84, :], dataset[84:, :]
look_back = 3
trainX, trainY = create_dataset(train, look_back)
testX, testY = create_dataset(test, look_back)
trainX = np.reshape(trainX, (trainX.shape[0], trainX.shape[1], 1))
testX = np.reshape(testX, (testX.shape[0], testX.shape[1], 1))

batch_size = 4
model = Sequential()
model.add(LSTM(4, batch_input_shape=(batch_size, look_back, 1), stateful=True,
               return_sequences=True))
model.add(LSTM(4, batch_input_shape=(batch_size, look_back, 1), stateful=True))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
first = model.evaluate(trainX, trainY, batch_size=batch_size, verbose=0)
for i in range(4):
    model.fit(trainX, trainY, epochs=1, batch_size=batch_size, verbose=0, shuffle=False)
    model.reset_states()
assert model.evaluate(trainX, trainY, batch_size=batch_size, verbose=0) < first
model.reset_states()
testPredict = model.predict(testX, batch_size=batch_size)
assert testPredict.shape == (36, 1) and np.isfinite(testPredict).all()

# the same weights in a model that forgets after each batch
stateless = Sequential([LSTM(4, input_shape=(None, 1), return_sequences=True), LSTM(4),
                        Dense(1)])
stateless.set_weights(model.get_weights())
model.reset_states()
np.testing.assert_allclose(stateless.predict(testX[:4]), model.predict(testX[:4]),
                           atol=1e-5)
