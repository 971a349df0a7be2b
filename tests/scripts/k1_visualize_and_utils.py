'''keras.utils of 2016: a picture of a model, a bar, labels.'''
import os
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense
from keras.utils.visualize_util import plot
from keras.utils.generic_utils import Progbar
from keras.utils.np_utils import to_categorical, normalize
from keras.utils.layer_utils import print_summary

model = Sequential()
model.add(Dense(4, input_dim=2, name='hidden'))
model.add(Dense(1, name='output'))
print_summary(model)
plot(model, to_file='model.svg', show_shapes=True)
assert os.path.getsize('model.svg') > 200

bar = Progbar(target=10)
for i in range(10):
    bar.update(i + 1, values=[('loss', 1. / (i + 1))])
labels = to_categorical(np.array([0, 2, 1]), 3)
np.testing.assert_array_equal(labels, np.eye(3)[[0, 2, 1]])
rows = normalize(np.array([[3., 4.], [6., 8.]]))
np.testing.assert_allclose(rows, [[0.6, 0.8], [0.6, 0.8]])
