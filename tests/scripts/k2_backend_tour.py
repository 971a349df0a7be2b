'''The functions of keras.backend that losses and Lambdas are written with.'''
import numpy as np
import keras
import keras.backend as K

x = K.variable(value=np.array([[1., 2., 3.], [4., 5., 6.]]), name='x')
y = K.constant([[1., 0., 1.], [0., 1., 0.]])
ev = K.eval
assert K.backend() in ('tensorflow', 'jax', 'torch', 'numpy', 'keratorch')
assert K.image_data_format() == 'channels_last' and K.floatx() == 'float32'
assert K.int_shape(x) == (2, 3) and K.ndim(x) == 2 and K.dtype(x) == 'float32'
assert tuple(np.array(ev(K.shape(x)))) == (2, 3) and K.count_params(x) == 6
assert ev(K.sum(x)) == 21 and ev(K.mean(x)) == 3.5 and ev(K.max(x)) == 6
assert ev(K.min(x, axis=1)).tolist() == [1, 4] and ev(K.prod(y)) == 0
np.testing.assert_allclose(ev(K.std(x)), np.std(ev(x)), rtol=1e-6)
np.testing.assert_allclose(ev(K.var(x)), np.var(ev(x)), rtol=1e-6)
np.testing.assert_allclose(ev(K.log(K.exp(x))), ev(x), rtol=1e-5)
np.testing.assert_allclose(ev(K.pow(x, 2)), ev(K.square(x)))
np.testing.assert_allclose(ev(K.sqrt(K.square(-x))), ev(K.abs(x)), rtol=1e-6)
assert ev(K.clip(x, 2, 5)).max() == 5 and ev(K.sign(-x)).max() == -1
assert ev(K.maximum(x, 3.)).min() == 3 and ev(K.minimum(x, 3.)).max() == 3
assert ev(K.equal(y, 1.)).sum() == 3 and ev(K.not_equal(y, 1.)).sum() == 3
assert ev(K.greater(x, 3.)).sum() == 3 and ev(K.less(x, 3.)).sum() == 2
assert ev(K.argmax(x, axis=-1)).tolist() == [2, 2] and ev(K.argmin(x)).tolist() == [0, 0]
assert ev(K.any(y > 2)) == False and ev(K.all(y >= 0)) == True
assert ev(K.cast(y, 'int32')).dtype == np.int32 and K.cast_to_floatx([1]).dtype == 'float32'
assert ev(K.dot(x, K.transpose(y))).shape == (2, 2)
assert ev(K.batch_dot(K.ones((4, 2, 3)), K.ones((4, 3, 5)))).shape == (4, 2, 5)
assert ev(K.concatenate([x, y], axis=0)).shape == (4, 3)
assert ev(K.stack([x, y], axis=1)).shape == (2, 2, 3) and ev(K.tile(x, (1, 2))).shape == (2, 6)
assert ev(K.reshape(x, (3, -1))).shape == (3, 2) and ev(K.flatten(x)).shape == (6,)
assert ev(K.batch_flatten(K.zeros((2, 3, 4)))).shape == (2, 12)
assert ev(K.permute_dimensions(K.ones((2, 3, 4)), (2, 0, 1))).shape == (4, 2, 3)
assert ev(K.expand_dims(x, 1)).shape == (2, 1, 3) and ev(K.squeeze(K.ones((2, 1)), 1)).shape == (2,)
assert ev(K.repeat(x, 4)).shape == (2, 4, 3) and ev(K.repeat_elements(x, 2, axis=1)).shape == (2, 6)
assert ev(K.gather(x, [1, 0])).tolist() == [[4, 5, 6], [1, 2, 3]]
assert ev(K.one_hot(K.constant([0, 2], dtype='int32'), 3)).tolist() == [[1, 0, 0], [0, 0, 1]]
np.testing.assert_allclose(ev(K.softmax(x)).sum(axis=-1), 1, rtol=1e-6)
assert ev(K.relu(x - 3)).min() == 0 and ev(K.relu(-x, alpha=0.1)).min() < 0
assert ev(K.sigmoid(x * 0))[0, 0] == 0.5 and abs(ev(K.tanh(x)).max() - 1) < 1e-3
assert ev(K.elu(-x)).min() > -1 and ev(K.softplus(x)).min() > 1 and ev(K.hard_sigmoid(x)).max() == 1
np.testing.assert_allclose(np.linalg.norm(ev(K.l2_normalize(x, axis=1)), axis=1), 1, rtol=1e-5)
assert ev(K.binary_crossentropy(y, y * 0 + 0.5)).shape == (2, 3)
assert ev(K.categorical_crossentropy(y, K.softmax(x))).shape == (2,)
assert ev(K.sparse_categorical_crossentropy(K.constant([0, 1]), K.softmax(x))).shape == (2,)
assert ev(K.in_train_phase(x, y)).shape == ev(K.switch(K.constant(True), x, y)).shape
for random in (K.random_normal, K.random_uniform, K.truncated_normal):
    assert ev(random((3, 2), seed=1)).shape == (3, 2)
assert ev(K.ones_like(x)).sum() == 6 and ev(K.zeros_like(x)).sum() == 0 and ev(K.eye(3)).sum() == 3
assert ev(K.arange(4)).tolist() == [0, 1, 2, 3] and ev(K.cumsum(x, axis=1))[0, -1] == 6
assert ev(K.conv2d(K.ones((1, 5, 5, 1)), K.ones((3, 3, 1, 1)))).shape == (1, 3, 3, 1)
assert ev(K.pool2d(K.ones((1, 4, 4, 1)), (2, 2), (2, 2))).shape == (1, 2, 2, 1)
assert ev(K.resize_images(K.ones((1, 2, 2, 1)), 2, 2, 'channels_last')).shape == (1, 4, 4, 1)
assert ev(K.map_fn(lambda row: K.sum(row), x)).tolist() == [6, 15]
K.set_value(x, np.zeros((2, 3)))
K.update_add(x, K.ones((2, 3)))
assert K.get_value(x).sum() == 6 and K.batch_get_value([x])[0].shape == (2, 3)
K.set_epsilon(1e-6)
assert K.epsilon() == 1e-6 and K.is_keras_tensor(keras.layers.Input((2,)))
K.set_image_data_format('channels_first')
assert keras.layers.Conv2D(2, 3).data_format == 'channels_first'
K.set_image_data_format('channels_last')
old = K.learning_phase()
K.set_learning_phase(0)
