'''Every optimizer and objective of Keras 1, by class, name and lower-case function.'''
import numpy as np
from keras import objectives, optimizers
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam
from keras.objectives import mean_squared_error, categorical_crossentropy

rng = np.random.RandomState(0)
X = rng.rand(24, 3)
y = X.dot([[0.2], [0.3], [0.4]]) + 0.05

def network():
    model = Sequential()
    model.add(Dense(4, input_dim=3, activation='sigmoid'))
    model.add(Dense(output_dim=1, activation='sigmoid'))
    return model

all_optimizers = [
    SGD(lr=0.1, momentum=0.9, decay=1e-3, nesterov=True, clipnorm=1.),
    RMSprop(lr=0.01, rho=0.9, epsilon=1e-08, decay=0.0),
    Adagrad(lr=0.05, epsilon=1e-08),
    Adadelta(lr=1.0, rho=0.95, epsilon=1e-08),
    Adam(lr=0.01, beta_1=0.9, beta_2=0.999, epsilon=None, clipvalue=0.5),
    Adamax(lr=0.02),
    Nadam(lr=0.01, schedule_decay=0.004),
    optimizers.adam(lr=0.02), optimizers.sgd(lr=0.2), 'rmsprop', 'nadam',
]
for optimizer in all_optimizers:
    model = network()
    model.compile(loss='mse', optimizer=optimizer)
    first = model.evaluate(X, y, verbose=0)
    model.fit(X, y, nb_epoch=8, batch_size=6, verbose=0)
    assert model.evaluate(X, y, verbose=0) < first, optimizer

for loss in ['mean_squared_error', 'mse', 'mean_absolute_error', 'mae', 'mape',
             'mean_absolute_percentage_error', 'msle', 'squared_hinge', 'hinge',
             'mean_squared_logarithmic_error', 'binary_crossentropy', 'poisson',
             'kullback_leibler_divergence', 'kld', 'cosine_proximity',
             objectives.mean_squared_error, mean_squared_error,
             lambda y_true, y_pred: abs(y_true - y_pred)]:
    model = network()
    model.compile(optimizer='adagrad', loss=loss, metrics=['mse', 'mae'])
    values = model.train_on_batch(X, y)
    assert len(values) == 3 and np.isfinite(values).all(), loss
