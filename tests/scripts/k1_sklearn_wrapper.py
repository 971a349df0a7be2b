'''10-fold cross validation of Pima-like data with scikit-learn, if it is there.'''
import numpy
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier

def create_model(init='uniform'):
    model = Sequential()
    model.add(Dense(12, input_dim=8, init=init, activation='relu'))
    model.add(Dense(8, init=init, activation='relu'))
    model.add(Dense(1, init=init, activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model

seed = 7
numpy.random.seed(seed)
X = numpy.random.rand(60, 8)
Y = (X[:, 0] > 0.5).astype(int)
model = KerasClassifier(build_fn=create_model, nb_epoch=3, batch_size=10, verbose=0)
model.fit(X, Y)
assert model.predict(X).shape[0] == 60
assert model.predict_proba(X).shape == (60, 2)
assert 0 <= model.score(X, Y) <= 1

try:
    from sklearn.model_selection import StratifiedKFold, cross_val_score
except ImportError:
    print('scikit-learn is not installed')
else:
    kfold = StratifiedKFold(n_splits=3, shuffle=True, random_state=seed)
    results = cross_val_score(model, X, Y, cv=kfold)
    print(results.mean())
    assert results.shape == (3,)
