"""Keras's functional names.

Where NumPy has the function, its name here is NumPy's function itself
(``ops.exp is np.exp``): NumPy's functions take GradArrays.  `ops.nn` defines the rest.
"""

import numpy as np

from keratorch.ops import nn

# Neural networks
binary_crossentropy = nn.binary_crossentropy
categorical_crossentropy = nn.categorical_crossentropy
celu = nn.celu
elu = nn.elu
erf = nn.erf
gelu = nn.gelu
glu = nn.glu
hard_shrink = nn.hard_shrink
hard_sigmoid = nn.hard_sigmoid
hard_silu = nn.hard_silu
hard_swish = nn.hard_silu
hard_tanh = nn.hard_tanh
leaky_relu = nn.leaky_relu
log_sigmoid = nn.log_sigmoid
log_softmax = nn.log_softmax
one_hot = nn.one_hot
relu = nn.relu
relu6 = nn.relu6
selu = nn.selu
sigmoid = nn.sigmoid
silu = nn.silu
soft_shrink = nn.soft_shrink
softmax = nn.softmax
softplus = nn.softplus
softsign = nn.softsign
sparse_categorical_crossentropy = nn.sparse_categorical_crossentropy
sparse_plus = nn.sparse_plus
sparse_sigmoid = nn.sparse_sigmoid
sparsemax = nn.sparsemax
squareplus = nn.squareplus
swish = nn.silu
tanh_shrink = nn.tanh_shrink
threshold = nn.threshold

# Arithmetic
add = np.add
divide = np.divide
matmul = np.matmul
multiply = np.multiply
negative = np.negative
power = np.power
subtract = np.subtract
true_divide = np.true_divide

# Elementwise
abs = np.abs
absolute = np.absolute
clip = np.clip
exp = np.exp
log = np.log
maximum = np.maximum
minimum = np.minimum
sign = np.sign
sqrt = np.sqrt
square = np.square
tanh = np.tanh
where = np.where

# Reductions
all = np.all
any = np.any
argmax = np.argmax
argmin = np.argmin
count_nonzero = np.count_nonzero
max = np.max
mean = np.mean
min = np.min
std = np.std
sum = np.sum
var = np.var

# Shape
broadcast_to = np.broadcast_to
concatenate = np.concatenate
expand_dims = np.expand_dims
reshape = np.reshape
squeeze = np.squeeze
stack = np.stack
swapaxes = np.swapaxes
transpose = np.transpose

# Comparisons, and arrays like another
argsort = np.argsort
equal = np.equal
full_like = np.full_like
greater = np.greater
greater_equal = np.greater_equal
isclose = np.isclose
isfinite = np.isfinite
isinf = np.isinf
isnan = np.isnan
less = np.less
less_equal = np.less_equal
logical_and = np.logical_and
logical_not = np.logical_not
logical_or = np.logical_or
logical_xor = np.logical_xor
not_equal = np.not_equal
ones_like = np.ones_like
shape = np.shape
zeros_like = np.zeros_like
