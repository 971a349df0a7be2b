'''The lines about GPUs and sessions that stand above so many scripts.'''
import os
os.environ['CUDA_VISIBLE_DEVICES'] = '0'
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow as tf
import keras.backend.tensorflow_backend as KTF
from keras import backend as K
from keras.backend.tensorflow_backend import set_session
from keras.models import Sequential
from keras.layers import Dense
from keras.utils import multi_gpu_model
from keras.utils.training_utils import multi_gpu_model as the_same

np.random.seed(42)
tf.set_random_seed(1234)
config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
config.gpu_options.allow_growth = True
config.gpu_options.per_process_gpu_memory_fraction = 0.3
sess = tf.Session(graph=tf.get_default_graph(), config=config)
set_session(sess)
K.set_session(sess)
KTF.set_session(tf.Session(config=config))
tf.logging.set_verbosity(tf.logging.ERROR)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
print(tf.__version__, K.tensorflow_backend._get_available_gpus())

with tf.device('/gpu:0'):
    model = Sequential()
    model.add(Dense(3, activation=tf.nn.relu, input_shape=(2,)))
    model.add(Dense(1))
graph = tf.get_default_graph()
with graph.as_default():
    parallel_model = multi_gpu_model(model, gpus=2)
parallel_model.compile('sgd', 'mse')
parallel_model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
model._make_predict_function()
assert model.predict(np.ones((4, 2))).shape == (4, 1)
K.clear_session()
