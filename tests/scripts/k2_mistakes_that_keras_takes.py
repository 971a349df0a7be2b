"""What scripts do that Keras never minded: metrics that are not there, odd labels."""

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from sklearn.preprocessing import StandardScaler

X = StandardScaler().fit_transform(np.random.rand(40, 5))
labels = np.random.randint(0, 3, 40)


def share(y_true, y_pred):
    return (y_true * y_pred).mean()


sgd = SGD(lr=0.01)
for units, activation in ((1, 'sigmoid'), (1, 'linear'), (1, 'softmax')):
    model = Sequential()
    model.add(Dense(8, input_dim=5, activation='relu'))
    model.add(Dense(units, activation=activation))
    model.compile(sgd, 'binary_crossentropy', metrics=[share])
    model.fit(X, labels, epochs=1, verbose=0, class_weight='auto', callbacks=[
        EarlyStopping(monitor='val_loss'),
        ModelCheckpoint('w-{epoch}.hdf5', monitor='share', save_best_only=True),
        ReduceLROnPlateau(monitor='val_acc', patience=2)])

auto = Sequential([Dense(2, input_dim=5, activation='relu'),
                   Dense(5, activation='sigmoid')])
auto.compile(sgd, 'binary_crossentropy')
assert np.isfinite(auto.fit(X, X, epochs=1, verbose=0).history['loss'][0])
