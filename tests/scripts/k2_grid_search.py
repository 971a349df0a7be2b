'''How to grid search hyperparameters for deep learning models in Python.'''
import numpy
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.optimizers import SGD
from keras.constraints import maxnorm
from keras.wrappers.scikit_learn import KerasClassifier, KerasRegressor

numpy.random.seed(7)
X = numpy.random.rand(40, 4)
Y = (X[:, 0] > 0.5).astype(int)

def create_model(learn_rate=0.1, momentum=0.0, neurons=4, dropout_rate=0.0):
    model = Sequential()
    model.add(Dense(neurons, input_dim=4, kernel_initializer='uniform',
                    activation='linear', kernel_constraint=maxnorm(4)))
    model.add(Dropout(dropout_rate))
    model.add(Dense(1, kernel_initializer='uniform', activation='sigmoid'))
    optimizer = SGD(lr=learn_rate, momentum=momentum)
    model.compile(loss='binary_crossentropy', optimizer=optimizer, metrics=['accuracy'])
    return model

def baseline_model():
    model = Sequential()
    model.add(Dense(6, input_dim=4, kernel_initializer='normal', activation='relu'))
    model.add(Dense(1, kernel_initializer='normal'))
    model.compile(loss='mean_squared_error', optimizer='adam')
    return model

estimator = KerasRegressor(build_fn=baseline_model, epochs=3, batch_size=5, verbose=0)
estimator.fit(X, X.sum(axis=1))
assert estimator.predict(X).shape == (40,)

try:
    from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError:
    print('scikit-learn is not installed')
else:
    model = KerasClassifier(build_fn=create_model, epochs=2, batch_size=10, verbose=0)
    param_grid = dict(learn_rate=[0.01, 0.1], neurons=[2, 4])
    grid = GridSearchCV(estimator=model, param_grid=param_grid, n_jobs=1, cv=2)
    grid_result = grid.fit(X, Y)
    print('Best: %f using %s' % (grid_result.best_score_, grid_result.best_params_))
    assert set(grid_result.best_params_) == {'learn_rate', 'neurons'}
    estimators = [('standardize', StandardScaler()),
                  ('mlp', KerasRegressor(build_fn=baseline_model, epochs=2, verbose=0))]
    pipeline = Pipeline(estimators)
    results = cross_val_score(pipeline, X, X.sum(axis=1), cv=KFold(n_splits=2))
    assert results.shape == (2,)
