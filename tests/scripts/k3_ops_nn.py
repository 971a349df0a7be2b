"""keras.ops: nn, linalg, core and image, inside and outside a model."""
import numpy as np
import keras
from keras import ops

rng = np.random.default_rng(0)
x = rng.normal(size=(4, 5)).astype("float32")
n = ops.convert_to_numpy
np.testing.assert_allclose(n(ops.softmax(x)).sum(-1), 1, rtol=1e-5)
np.testing.assert_allclose(n(ops.log_softmax(x)), np.log(n(ops.softmax(x))), atol=1e-5)
for f in (ops.relu, ops.relu6, ops.sigmoid, ops.softplus, ops.softsign, ops.silu, ops.elu,
          ops.selu, ops.gelu, ops.leaky_relu, ops.hard_sigmoid, ops.log_sigmoid):
    assert n(f(x)).shape == (4, 5)
assert n(ops.one_hot(np.array([0, 2]), 3)).tolist() == [[1, 0, 0], [0, 0, 1]]
assert n(ops.multi_hot(np.array([[0, 2]]), 4)).tolist() == [[1, 0, 1, 0]]
target, probabilities = np.eye(5)[:4], n(ops.softmax(x))
assert n(ops.categorical_crossentropy(target, probabilities)).shape == (4,)
assert n(ops.sparse_categorical_crossentropy(np.arange(4), x, from_logits=True)).shape == (4,)
assert n(ops.binary_crossentropy(target, probabilities)).shape == (4, 5)
image = rng.random((2, 8, 8, 3)).astype("float32")
assert n(ops.conv(image, np.ones((3, 3, 3, 4), "float32"))).shape == (2, 6, 6, 4)
assert n(ops.depthwise_conv(image, np.ones((3, 3, 3, 1), "float32"))).shape == (2, 6, 6, 3)
assert n(ops.conv_transpose(image, np.ones((2, 2, 4, 3), "float32"), 2)).shape == (2, 16, 16, 4)
assert n(ops.max_pool(image, 2)).shape == n(ops.average_pool(image, 2, 2)).shape == (2, 4, 4, 3)
mean, variance = ops.moments(x, axes=[0])
assert n(ops.batch_normalization(x, mean, variance, axis=-1)).shape == (4, 5)
np.testing.assert_allclose(np.linalg.norm(n(ops.normalize(x, axis=-1)), axis=-1), 1, rtol=1e-5)
assert n(ops.image.resize(image, (4, 6))).shape == (2, 4, 6, 3)
assert n(ops.image.pad_images(image, 1, 1, target_height=10, target_width=10)).shape == (2, 10, 10, 3)
a = x[:, :4] @ x[:, :4].T + 4 * np.eye(4, dtype="float32")
np.testing.assert_allclose(n(ops.linalg.inv(a)) @ a, np.eye(4), atol=1e-4)
np.testing.assert_allclose(n(ops.matmul(a, ops.solve(a, np.ones((4, 1), "float32")))), 1, atol=1e-3)
assert n(ops.linalg.norm(x)) > 0 and n(ops.cholesky(a)).shape == (4, 4) and n(ops.det(a)) > 0
q, r = ops.qr(a)
u, s, v = ops.svd(a)
np.testing.assert_allclose(n(q) @ n(r), a, atol=1e-4)
assert n(ops.norm(s)) > 0 and n(ops.top_k(x, 2)[0]).shape == (4, 2)
assert n(ops.segment_sum(np.ones(4, "float32"), np.array([0, 0, 1, 1]))).tolist() == [2, 2]
assert n(ops.in_top_k(np.array([0]), np.array([[0.9, 0.1]]), k=1)).tolist() == [True]
assert n(ops.logsumexp(x)) > 0 and n(ops.rsqrt(np.array([4.0]))) == 0.5 and n(ops.erf(0.0)) == 0
assert ops.shape(x) == (4, 5) and n(ops.cast(x, "int32")).dtype == np.int32
assert n(ops.convert_to_tensor([1.0, 2.0])).tolist() == [1, 2] and ops.is_tensor(ops.convert_to_tensor(x))
assert n(ops.scatter(np.array([[1], [3]]), np.array([5.0, 6.0]), (5,))).tolist() == [0, 5, 0, 6, 0]
assert n(ops.slice(x, (0, 1), (2, 2))).shape == (2, 2)
assert n(ops.slice_update(x, (0, 0), np.zeros((1, 5), "float32")))[0].sum() == 0
assert n(ops.cond(True, lambda: 1, lambda: 2)) == 1 and len(ops.unstack(x)) == 4
assert int(n(ops.while_loop(lambda i: i < 5, lambda i: (i + 1,), (0,))[0])) == 5
assert n(ops.fori_loop(0, 3, lambda i, total: total + i, 0)) == 3
assert n(ops.vectorized_map(lambda row: ops.sum(row), x)).shape == (4,)
carry, sums = ops.scan(lambda c, v: (c + v, c + v), np.float32(0), np.arange(4, dtype="float32"))
assert n(carry) == 6 and n(ops.stop_gradient(x)).shape == (4, 5)

inputs = keras.Input((5,))
y = ops.concatenate([ops.relu(inputs), ops.sin(inputs) + 1, ops.expand_dims(ops.mean(inputs, axis=-1), -1)],
                    axis=-1)
model = keras.Model(inputs, keras.layers.Dense(1)(y))
assert y.shape == (None, 11) and model.predict(x, verbose=0).shape == (4, 1)
