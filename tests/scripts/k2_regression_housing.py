'''Boston housing with k folds, and a frame when pandas is installed.'''
from keras.datasets import boston_housing
from keras import models
from keras import layers
import numpy as np

(train_data, train_targets), (test_data, test_targets) = boston_housing.load_data()
mean = train_data.mean(axis=0)
train_data -= mean
std = train_data.std(axis=0)
train_data /= std
test_data -= mean
test_data /= std

def build_model():
    model = models.Sequential()
    model.add(layers.Dense(16, activation='relu', input_shape=(train_data.shape[1],)))
    model.add(layers.Dense(16, activation='relu'))
    model.add(layers.Dense(1))
    model.compile(optimizer='rmsprop', loss='mse', metrics=['mae'])
    return model

k = 2
num_val_samples = len(train_data) // k
all_mae_histories = []
for i in range(k):
    print('processing fold #', i)
    val_data = train_data[i * num_val_samples: (i + 1) * num_val_samples]
    val_targets = train_targets[i * num_val_samples: (i + 1) * num_val_samples]
    partial_train_data = np.concatenate([train_data[:i * num_val_samples],
                                         train_data[(i + 1) * num_val_samples:]], axis=0)
    partial_train_targets = np.concatenate([train_targets[:i * num_val_samples],
                                            train_targets[(i + 1) * num_val_samples:]], axis=0)
    model = build_model()
    history = model.fit(partial_train_data, partial_train_targets, epochs=8, batch_size=1,
                        validation_data=(val_data, val_targets), verbose=0)
    all_mae_histories.append(history.history['val_mean_absolute_error'])
average = [np.mean([x[i] for x in all_mae_histories]) for i in range(8)]
assert average[-1] < average[0]
test_mse_score, test_mae_score = model.evaluate(test_data, test_targets)
assert test_mae_score > 0

# lists of lists are data as well
rows = train_data.tolist()
model.fit(np.array(rows[:10]), train_targets[:10].tolist(), epochs=1, verbose=0)

try:
    import pandas as pd
except ImportError:
    print('pandas is not installed')
else:
    frame = pd.DataFrame(train_data, columns=['c%d' % i for i in range(13)])
    frame['price'] = train_targets
    X, y = frame.drop('price', axis=1), frame['price']
    model = build_model()
    h = model.fit(X, y, epochs=2, validation_split=0.2, verbose=0)
    assert 'val_mae' in h.history
    assert model.predict(X).shape == (80, 1)
    print(pd.DataFrame(h.history).tail())
