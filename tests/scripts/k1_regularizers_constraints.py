'''Weight penalties and constraints as Keras 1 named them.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, ActivityRegularization, Embedding, Flatten
from keras.layers.normalization import BatchNormalization
from keras.regularizers import l1, l2, l1l2, activity_l1, activity_l2, WeightRegularizer
from keras.constraints import maxnorm, nonneg, unitnorm

model = Sequential()
model.add(Dense(8, input_dim=5, init='normal', activation='relu',
                W_regularizer=l2(0.01), b_regularizer=l1(l=0.01),
                activity_regularizer=activity_l2(0.001)))
model.add(BatchNormalization(mode=0, gamma_init='one', beta_init='zero', epsilon=1e-6))
model.add(Dense(6, W_regularizer=WeightRegularizer(l1=0.01, l2=0.02),
                W_constraint=maxnorm(m=1.), b_constraint=nonneg()))
model.add(ActivityRegularization(l1=0.001, l2=0.001))
model.add(Dense(4, init='one', W_regularizer=l1l2(l1=0.01, l2=0.01),
                W_constraint=unitnorm(), bias=False))
model.compile(loss='mean_squared_error', optimizer='sgd')

rng = np.random.RandomState(0)
X, y = rng.randn(32, 5), rng.rand(32, 4)
loss = model.train_on_batch(X, y)
for _ in range(20):
    last = model.train_on_batch(X, y)
assert last < loss
W, b = model.layers[2].get_weights()
assert np.sqrt((W ** 2).sum(axis=0)).max() <= 1 + 1e-5
assert b.min() >= 0
W, = model.layers[4].get_weights()
np.testing.assert_allclose(np.sqrt((W ** 2).sum(axis=0)), 1, rtol=1e-4)

words = Sequential()
words.add(Embedding(10, 4, input_length=3, init='uniform', W_regularizer=l2(0.1),
                    W_constraint='nonneg'))
words.add(Flatten())
words.add(Dense(1, input_dim=12))
words.compile('adagrad', 'mae')
words.fit(rng.randint(0, 10, (20, 3)), rng.rand(20), nb_epoch=1, verbose=0)
assert words.layers[0].get_weights()[0].min() >= 0
