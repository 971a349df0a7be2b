"""Keras's functional names.

Where NumPy has the function, its name here is a door to NumPy's own, which takes
GradArrays: `doors` gives it Keras's arguments, `promotion` Keras's types of numbers.
``np.sum`` itself stays what it is.  The modules here define the rest.  Creating
functions such as `zeros` differ from NumPy's in the default dtype, which is
`floatx()`, and `group_normalization` and the recurrences are ours.  All take symbolic
arrays too, the steps of a model to come.
"""

import importlib
from typing import Any

import numpy as np

from keratorch.errors import suggest as _suggest
from keratorch.ops import (
    activation,
    attention,
    control,
    conversion,
    convolution,
    creation,
    crossentropy,
    ctc,
    doors,
    encoding,
    images,
    linalg,
    normalization,
    patterns,
    places,
    pooling,
    ranking,
    recurrent,
    segments,
    signal,
    special,
)
from keratorch.ops import (
    image as image,
)
from keratorch.ops import (
    nn as nn,
)
from keratorch.symbolic import lift_all as _lift_all

# Neural networks
batch_normalization = normalization.batch_normalization
binary_crossentropy = crossentropy.binary_crossentropy
categorical_crossentropy = crossentropy.categorical_crossentropy
celu = activation.celu
ctc_decode = ctc.ctc_decode
ctc_loss = ctc.ctc_loss
dot_product_attention = attention.dot_product_attention
elu = activation.elu
gelu = activation.gelu
glu = activation.glu
group_normalization = normalization.group_normalization
hard_shrink = activation.hard_shrink
hard_sigmoid = activation.hard_sigmoid
hard_silu = activation.hard_silu
hard_swish = activation.hard_silu
hard_tanh = activation.hard_tanh
instance_normalization = normalization.instance_normalization
layer_normalization = normalization.layer_normalization
leaky_relu = activation.leaky_relu
log_sigmoid = activation.log_sigmoid
log_softmax = activation.log_softmax
mish = activation.mish
moments = normalization.moments
multi_hot = encoding.multi_hot
normalize = normalization.normalize
one_hot = encoding.one_hot
relu = activation.relu
relu6 = activation.relu6
rms_normalization = normalization.rms_normalization
selu = activation.selu
sigmoid = activation.sigmoid
silu = activation.silu
soft_shrink = activation.soft_shrink
softmax = activation.softmax
softplus = activation.softplus
softsign = activation.softsign
sparse_categorical_crossentropy = crossentropy.sparse_categorical_crossentropy
sparse_plus = activation.sparse_plus
sparse_sigmoid = activation.sparse_sigmoid
sparsemax = activation.sparsemax
squareplus = activation.squareplus
swish = activation.silu
tanh_shrink = activation.tanh_shrink
threshold = activation.threshold

# Images and sequences
adaptive_average_pool = pooling.adaptive_average_pool
adaptive_max_pool = pooling.adaptive_max_pool
average_pool = pooling.average_pool
conv = convolution.conv
conv_transpose = convolution.conv_transpose
depth_to_space = images.depth_to_space
depthwise_conv = convolution.depthwise_conv
fold = images.fold
gru = recurrent.gru
gru_step = recurrent.gru_step
lstm = recurrent.lstm
lstm_step = recurrent.lstm_step
max_pool = pooling.max_pool
psnr = images.psnr
separable_conv = convolution.separable_conv
simple_rnn = recurrent.simple_rnn
simple_rnn_step = recurrent.simple_rnn_step
space_to_depth = images.space_to_depth
unfold = images.unfold

# Special functions
divide_no_nan = special.divide_no_nan
erf = special.erf
erfc = special.erfc
erfinv = special.erfinv
logsumexp = special.logsumexp
rsqrt = special.rsqrt

# New arrays, other arrays
arange = creation.arange
array = conversion.convert_to_tensor
bartlett = creation.bartlett
blackman = creation.blackman
cast = conversion.cast
convert_to_numpy = conversion.convert_to_numpy
convert_to_tensor = conversion.convert_to_tensor
dtype = conversion.dtype
empty = creation.empty
eye = creation.eye
full = creation.full
geomspace = creation.geomspace
hamming = creation.hamming
hanning = creation.hanning
identity = creation.identity
is_tensor = conversion.is_tensor
kaiser = creation.kaiser
linspace = creation.linspace
logspace = creation.logspace
ones = creation.ones
saturate_cast = conversion.saturate_cast
stop_gradient = conversion.stop_gradient
tri = creation.tri
view = conversion.view
zeros = creation.zeros

# Loops and branches
associative_scan = control.associative_scan
cond = control.cond
custom_gradient = control.custom_gradient
fori_loop = control.fori_loop
jvp = control.jvp
map = control.map
scan = control.scan
switch = control.switch
unstack = control.unstack
vectorized_map = control.vectorized_map
while_loop = control.while_loop

# Places in arrays
get_item = places.get_item
in_top_k = ranking.in_top_k
rearrange = patterns.rearrange
scatter = places.scatter
scatter_update = places.scatter_update
segment_max = segments.segment_max
segment_min = segments.segment_min
segment_prod = segments.segment_prod
segment_sum = segments.segment_sum
slice = places.slice
slice_update = places.slice_update
top_k = ranking.top_k
unique = ranking.unique

# Signals
extract_sequences = signal.extract_sequences
fft = signal.fft
fft2 = signal.fft2
ifft2 = signal.ifft2
irfft = signal.irfft
istft = signal.istft
polar = signal.polar
rfft = signal.rfft
stft = signal.stft
view_as_complex = signal.view_as_complex
view_as_real = signal.view_as_real

# Linear algebra
cdist = linalg.cdist
cholesky = linalg.cholesky
cholesky_inverse = linalg.cholesky_inverse
det = linalg.det
eig = linalg.eig
eigh = linalg.eigh
inv = linalg.inv
logdet = linalg.logdet
lstsq = linalg.lstsq
lu_factor = linalg.lu_factor
matrix_rank = linalg.matrix_rank
norm = linalg.norm
pinv = linalg.pinv
qr = linalg.qr
slogdet = linalg.slogdet
solve = linalg.solve
solve_triangular = linalg.solve_triangular
svd = linalg.svd

# Arithmetic
add = np.add
divide = np.divide
floor_divide = np.floor_divide
fmod = np.fmod
mod = np.mod
multiply = np.multiply
negative = np.negative
power = np.power
reciprocal = np.reciprocal
subtract = np.subtract
true_divide = np.true_divide

# Elementwise
abs = np.abs
absolute = np.absolute
angle = np.angle
cbrt = np.cbrt
ceil = np.ceil
clip = np.clip
conj = np.conj
conjugate = np.conjugate
deg2rad = np.deg2rad
exp = np.exp
exp2 = np.exp2
expm1 = np.expm1
fabs = np.fabs
floor = np.floor
fmax = np.fmax
fmin = np.fmin
heaviside = np.heaviside
hypot = np.hypot
i0 = np.i0
imag = np.imag
ldexp = np.ldexp
log = np.log
log10 = np.log10
log1p = np.log1p
log2 = np.log2
logaddexp = np.logaddexp
logaddexp2 = np.logaddexp2
maximum = np.maximum
minimum = np.minimum
nan_to_num = np.nan_to_num
nextafter = np.nextafter
rad2deg = np.rad2deg
real = np.real
round = np.round
sign = np.sign
signbit = np.signbit
sinc = np.sinc
sqrt = np.sqrt
square = np.square
trunc = np.trunc
where = np.where

# Trigonometry
arccos = np.arccos
arccosh = np.arccosh
arcsin = np.arcsin
arcsinh = np.arcsinh
arctan = np.arctan
arctan2 = np.arctan2
arctanh = np.arctanh
cos = np.cos
cosh = np.cosh
sin = np.sin
sinh = np.sinh
tan = np.tan
tanh = np.tanh

# Integers and bits
bitwise_and = np.bitwise_and
bitwise_invert = np.invert
bitwise_left_shift = np.left_shift
bitwise_not = np.bitwise_not
bitwise_or = np.bitwise_or
bitwise_right_shift = np.right_shift
bitwise_xor = np.bitwise_xor
gcd = np.gcd
lcm = np.lcm
left_shift = np.left_shift
right_shift = np.right_shift

# Reductions
all = np.all
amax = np.amax
amin = np.amin
any = np.any
argmax = np.argmax
argmin = np.argmin
average = np.average
corrcoef = np.corrcoef
count_nonzero = np.count_nonzero
cumprod = np.cumprod
cumsum = np.cumsum
max = np.max
mean = np.mean
median = np.median
min = np.min
percentile = np.percentile
prod = np.prod
ptp = np.ptp
quantile = np.quantile
std = np.std
sum = np.sum
trapezoid = getattr(np, "trapezoid" if hasattr(np, "trapezoid") else "trapz")
var = np.var

# Reductions past NaN
nanargmax = ranking.nanargmax
nanargmin = ranking.nanargmin
nancumprod = np.nancumprod
nancumsum = np.nancumsum
nanmax = np.nanmax
nanmean = np.nanmean
nanmedian = np.nanmedian
nanmin = np.nanmin
nanpercentile = np.nanpercentile
nanprod = np.nanprod
nanquantile = np.nanquantile
nanstd = np.nanstd
nansum = np.nansum
nanvar = np.nanvar

# Products
correlate = np.correlate
cross = np.cross
dot = np.dot
einsum = np.einsum
inner = np.inner
kron = np.kron
matmul = np.matmul
outer = np.outer
tensordot = np.tensordot
vdot = np.vdot

# Shape
append = np.append
array_split = np.array_split
broadcast_to = np.broadcast_to
concatenate = np.concatenate
copy = np.copy
diag = np.diag
diagflat = np.diagflat
diagonal = np.diagonal
diff = np.diff
dsplit = np.dsplit
dstack = np.dstack
expand_dims = np.expand_dims
flip = np.flip
fliplr = np.fliplr
flipud = np.flipud
hsplit = np.hsplit
hstack = np.hstack
meshgrid = np.meshgrid
moveaxis = np.moveaxis
ndim = np.ndim
pad = np.pad
ravel = np.ravel
repeat = np.repeat
reshape = np.reshape
roll = np.roll
rot90 = np.rot90
shape = np.shape
size = np.size
split = np.split
squeeze = np.squeeze
stack = np.stack
swapaxes = np.swapaxes
tile = np.tile
trace = np.trace
transpose = np.transpose
tril = np.tril
triu = np.triu
vander = np.vander
vsplit = np.vsplit
vstack = np.vstack

# Order and search
argpartition = np.argpartition
argsort = np.argsort
bincount = ranking.bincount
digitize = np.digitize
histogram = np.histogram
nonzero = np.nonzero
searchsorted = np.searchsorted
select = np.select
sort = np.sort
take = np.take
take_along_axis = np.take_along_axis
unravel_index = np.unravel_index

# Comparisons, and arrays like another
allclose = np.allclose
empty_like = np.empty_like
equal = np.equal
full_like = np.full_like
greater = np.greater
greater_equal = np.greater_equal
isclose = np.isclose
isfinite = np.isfinite
isin = np.isin
isinf = np.isinf
isnan = np.isnan
isneginf = np.isneginf
isposinf = np.isposinf
isreal = np.isreal
less = np.less
less_equal = np.less_equal
logical_and = np.logical_and
logical_not = np.logical_not
logical_or = np.logical_or
logical_xor = np.logical_xor
not_equal = np.not_equal
ones_like = np.ones_like
zeros_like = np.zeros_like

# Functions of functions
vectorize = np.vectorize

_lift_all(globals())
_lift_all(vars(nn))
for _name in doors.FACES:
    globals()[_name] = doors.door(globals()[_name], _name)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "numpy":
        return importlib.import_module("keratorch.ops.numpy")
    known = [key for key, value in globals().items() if callable(value)]
    near = _suggest(name, [key for key in known if not key.startswith("_")])
    raise AttributeError(f"keratorch.ops has no {name!r}. {near.split(' Known:')[0]}")


def __dir__() -> list[str]:
    return [name for name, x in globals().items() if callable(x) and name[0] != "_"]
