"""keras.ops.numpy, the functions that models use most."""
import numpy as np
from keras import ops

x = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]], "float32")
n = ops.convert_to_numpy
np.testing.assert_allclose(n(ops.abs(x)), np.abs(x))
np.testing.assert_allclose(n(ops.add(x, 1)), x + 1)
np.testing.assert_allclose(n(ops.subtract(x, 1)), x - 1)
np.testing.assert_allclose(n(ops.multiply(x, 2)), x * 2)
np.testing.assert_allclose(n(ops.divide(x, 2)), x / 2)
np.testing.assert_allclose(n(ops.matmul(x, ops.transpose(x))), x @ x.T)
np.testing.assert_allclose(n(ops.dot(x, x.T)), x @ x.T)
np.testing.assert_allclose(n(ops.einsum("ij,kj->ik", x, x)), x @ x.T)
np.testing.assert_allclose(n(ops.tensordot(x, x, axes=[[0], [0]])), x.T @ x)
assert n(ops.argmax(x, axis=1)).tolist() == [2, 1] and n(ops.argmin(x, axis=1)).tolist() == [1, 2]
assert n(ops.argsort(x, axis=1)).shape == (2, 3) and n(ops.sort(x, axis=1))[0, 0] == -2
assert n(ops.sum(x)) == 5 and n(ops.prod(x[:, :1])) == 4 and n(ops.max(x)) == 5 and n(ops.min(x)) == -6
np.testing.assert_allclose(n(ops.mean(x, axis=0)), x.mean(axis=0))
np.testing.assert_allclose([n(ops.std(x)), n(ops.var(x))], [x.std(), x.var()], rtol=1e-6)
np.testing.assert_allclose(n(ops.exp(x)), np.exp(x), rtol=1e-6)
np.testing.assert_allclose(n(ops.log(ops.abs(x))), np.log(np.abs(x)), rtol=1e-6)
np.testing.assert_allclose(n(ops.sqrt(ops.square(x))), np.abs(x), rtol=1e-6)
np.testing.assert_allclose(n(ops.power(x, 2)), x**2)
np.testing.assert_allclose(n(ops.sin(x) ** 2 + ops.cos(x) ** 2), 1, rtol=1e-5)
np.testing.assert_allclose(n(ops.tanh(x)), np.tanh(x), rtol=1e-5)
assert n(ops.maximum(x, 0)).min() == 0 and n(ops.minimum(x, 0)).max() == 0
assert n(ops.clip(x, -1, 1)).max() == 1 and n(ops.sign(x)).tolist() == np.sign(x).tolist()
assert n(ops.floor(1.5)) == 1 and n(ops.ceil(1.5)) == 2 and n(ops.round(1.4)) == 1
assert n(ops.where(x > 0, x, 0)).min() == 0 and n(ops.isnan(x)).any() == False
assert n(ops.concatenate([x, x], axis=0)).shape == (4, 3)
assert n(ops.stack([x, x], axis=-1)).shape == (2, 3, 2)
assert n(ops.expand_dims(x, 1)).shape == (2, 1, 3) and n(ops.squeeze(x[:, :1], 1)).shape == (2,)
assert n(ops.reshape(x, (-1,))).shape == (6,) and n(ops.ravel(x)).shape == (6,)
assert n(ops.moveaxis(ops.zeros((2, 3, 4)), 0, -1)).shape == (3, 4, 2)
assert n(ops.swapaxes(x, 0, 1)).shape == (3, 2) and n(ops.flip(x, axis=0))[0, 0] == 4
assert n(ops.repeat(x, 2, axis=0)).shape == (4, 3) and n(ops.tile(x, (1, 2))).shape == (2, 6)
assert n(ops.pad(x, [[1, 1], [0, 0]])).shape == (4, 3) and n(ops.roll(x, 1))[0, 0] == -6
assert len(ops.split(x, 3, axis=1)) == 3 and n(ops.take(x, [0, 2], axis=1)).shape == (2, 2)
assert n(ops.take_along_axis(x, np.array([[0], [1]]), axis=1)).ravel().tolist() == [1, 5]
assert n(ops.broadcast_to(x[0], (4, 3))).shape == (4, 3)
assert n(ops.zeros_like(x)).sum() == 0 and n(ops.ones_like(x)).sum() == 6
assert n(ops.ones((2, 2))).sum() == 4 and n(ops.full((2,), 3.0)).sum() == 6
assert n(ops.arange(5)).tolist() == [0, 1, 2, 3, 4] and n(ops.eye(3)).trace() == 3
assert n(ops.linspace(0, 1, 5))[1] == 0.25 and n(ops.cumsum(ops.arange(4)))[-1] == 6
assert n(ops.equal(x, x)).all() and n(ops.not_equal(x, 0)).all() and n(ops.greater(x, 10)).sum() == 0
assert n(ops.less(x, 0)).sum() == 2 and n(ops.logical_and(x > 0, x < 4)).sum() == 2
assert n(ops.any(x > 4)) and not n(ops.all(x > 4)) and n(ops.count_nonzero(x)) == 6
assert n(ops.tril(ops.ones((3, 3)))).sum() == 6 and n(ops.triu(ops.ones((3, 3)))).sum() == 6
assert n(ops.diag(np.array([1.0, 2.0]))).shape == (2, 2) and n(ops.outer(x[0], x[1])).shape == (3, 3)
assert len(ops.meshgrid(np.arange(2), np.arange(3))) == 2 and n(ops.median(x[0])) == 1
assert n(ops.bincount(np.array([0, 1, 1]))).tolist() == [1, 2] and n(ops.digitize(x[0], [0.0])).tolist() == [1, 0, 1]
