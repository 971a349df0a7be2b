'''Wider and deeper students start from the weights of their teacher.'''
import numpy as np
import keras
from keras.datasets import mnist
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.optimizers import SGD
from keras import metrics

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = [x[..., None].astype('float32') / 255 for x in (x_train, x_test)]
y_train, y_test = [keras.utils.to_categorical(y, 10) for y in (y_train, y_test)]

def make_teacher_model(epochs):
    model = Sequential()
    model.add(Conv2D(4, 3, input_shape=(28, 28, 1), padding='same', name='conv1'))
    model.add(MaxPooling2D(4, name='pool1'))
    model.add(Flatten(name='flatten'))
    model.add(Dense(16, activation='relu', name='fc1'))
    model.add(Dense(10, activation='softmax', name='fc2'))
    model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.05, momentum=0.9),
                  metrics=[metrics.categorical_accuracy])
    model.fit(x_train, y_train, epochs=epochs, verbose=0, validation_data=(x_test, y_test))
    return model

def wider(weights, new_width):
    w, b, following = weights
    extra = np.random.RandomState(0).randint(w.shape[1], size=new_width - w.shape[1])
    counts = 1. + np.bincount(extra, minlength=w.shape[1])
    index = np.concatenate([np.arange(w.shape[1]), extra])
    return w[:, index], b[index], (following / counts[:, None])[index]

teacher = make_teacher_model(3)
student = Sequential()
student.add(Conv2D(4, 3, input_shape=(28, 28, 1), padding='same', name='conv1'))
student.add(MaxPooling2D(4, name='pool1'))
student.add(Flatten(name='flatten'))
student.add(Dense(24, activation='relu', name='fc1'))
student.add(Dense(24, activation='relu', name='deeper', kernel_initializer='identity'))
student.add(Dense(10, activation='softmax', name='fc2'))
w, b = teacher.get_layer('fc1').get_weights()
w2, b2 = teacher.get_layer('fc2').get_weights()
new_w, new_b, new_w2 = wider((w, b, w2), 24)
student.get_layer('conv1').set_weights(teacher.get_layer('conv1').get_weights())
student.get_layer('fc1').set_weights([new_w, new_b])
student.get_layer('fc2').set_weights([new_w2, b2])
np.testing.assert_allclose(student.predict(x_test), teacher.predict(x_test), atol=1e-4)
student.compile('adadelta', 'categorical_crossentropy', metrics=['acc'])
before = student.evaluate(x_test, y_test, verbose=0)
assert before[1] == teacher.evaluate(x_test, y_test, verbose=0)[1]
assert [o.shape for o in student.outputs] == [(None, 10)]
