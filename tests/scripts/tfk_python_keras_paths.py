"""Imports that were never public, and that editors completed all the same."""
from tensorflow.python.keras.models import Sequential, Model
from tensorflow.python.keras.layers import Dense, Dropout, LSTM, Embedding
from tensorflow.python.keras.layers.core import Flatten
from tensorflow.python.keras.layers.convolutional import Conv2D, UpSampling2D
from tensorflow.python.keras.optimizers import Adam
from tensorflow.python.keras.callbacks import ModelCheckpoint
from tensorflow.python.keras import backend as K
from tensorflow.python.keras.utils import to_categorical
from tensorflow.python.keras.preprocessing.sequence import pad_sequences
from tensorflow.python.keras.preprocessing.text import Tokenizer
from tensorflow.python.keras.engine.base_layer import Layer
from tensorflow.keras.optimizers.legacy import SGD as LegacySGD
from tensorflow.compat.v1.keras.backend import set_session
from keras.engine.training import Model as EngineModel
from keras.engine.sequential import Sequential as EngineSequential
from keras.layers.rnn import GRU
from keras.optimizers.optimizer_v2.adam import Adam as SecondAdam
from keras.utils.data_utils import get_file, Sequence
from keras.utils.vis_utils import plot_model, model_to_dot
import keras.layers.experimental.preprocessing as preprocessing
import numpy as np

assert EngineModel is Model and EngineSequential is Sequential
assert SecondAdam is Adam and issubclass(Dense, Layer)
model = Sequential()
model.add(Embedding(20, 4, input_length=6))
model.add(LSTM(3))
model.add(Dense(2, activation='softmax'))
model.compile(LegacySGD(lr=0.1), 'categorical_crossentropy')
x = pad_sequences([[1, 2], [3, 4, 5]], maxlen=6)
assert model.train_on_batch(x, to_categorical([0, 1])) > 0
assert K.int_shape(model.output) == (None, 2)
scale = preprocessing.Rescaling(1. / 255)
assert float(np.array(scale(np.array([255.])))[0]) == 1
