"""The functions of arrays that Keras has as classes, and what each one is given.

A class is given some arguments when it is made, and the arrays when it is called.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Module of Keras, arrays of the call; arguments of the class: names of the functions.
_TABLE = """
numpy(x)
    absolute angle arccos arccosh arcsin arcsinh arctan arctanh bitwise_invert
    bitwise_not cbrt ceil conjugate copy corrcoef cos cosh deg2rad exp exp2
    expm1 fabs fliplr flipud floor i0 imag isfinite isinf isnan isneginf
    isposinf isreal log log10 log1p log2 logical_not ndim negative nonzero
    rad2deg ravel real reciprocal sign signbit sin sinc sinh size slogdet sqrt
    square tan tanh trunc
numpy(x1, x2)
    add arctan2 divide divide_no_nan dot equal floor_divide fmax fmin fmod gcd
    greater greater_equal heaviside hypot inner kron lcm ldexp less less_equal
    logaddexp logaddexp2 logical_and logical_or logical_xor matmul maximum
    minimum mod multiply nextafter not_equal outer power subtract true_divide
    vdot
numpy(x; axis, keepdims)
    all amax amin any argmax argmin mean median nanargmax nanargmin nanmax
    nanmean nanmedian nanmin nanprod nanstd nansum nanvar ptp std sum var
nn(x)
    hard_sigmoid hard_silu hard_swish hard_tanh log_sigmoid relu relu6 selu
    sigmoid silu softplus sparse_sigmoid swish softsign tanh_shrink
math(x)
    erf erfc erfinv fft fft2 ifft2 logdet rsqrt view_as_complex view_as_real
numpy(x; axis)
    argsort count_nonzero expand_dims flip sort squeeze stack
numpy(x, y)
    bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor
    left_shift right_shift
linalg(x)
    det eig eigh inv lu_factor
numpy(x; dtype)
    array empty_like ones_like view zeros_like
math(data, segment_ids; num_segments, sorted)
    segment_max segment_min segment_prod segment_sum
nn(x; axis)
    glu log_softmax softmax sparsemax
numpy(x; axis, dtype)
    cumprod cumsum nancumprod nancumsum
numpy(x; k)
    diag diagflat tril triu
numpy(x, q; axis, method, keepdims)
    nanpercentile nanquantile percentile quantile
numpy(x; indices_or_sections)
    dsplit hsplit vsplit
numpy(xs)
    dstack hstack vstack
core(x; dtype)
    cast saturate_cast
linalg(x; upper)
    cholesky cholesky_inverse
math(x; fft_length)
    irfft rfft
nn(inputs; output_size, data_format)
    adaptive_average_pool adaptive_max_pool
nn(inputs; pool_size, strides, padding, data_format)
    average_pool max_pool
nn(inputs, kernel; strides, padding, data_format, dilation_rate)
    conv depthwise_conv
nn(target, output; from_logits, axis)
    categorical_crossentropy sparse_categorical_crossentropy
nn(x; alpha)
    celu elu
nn(x; block_size, data_format)
    depth_to_space space_to_depth
image(image1, image2; max_val, filter_size, filter_sigma, k1, k2, data_format)
    ssim
image(images; data_format)
    hsv_to_rgb rgb_to_grayscale rgb_to_hsv sobel_edges
image(images; kernel_size, sigma, data_format)
    gaussian_blur
image(images; size, interpolation, antialias, crop_to_aspect_ratio,
  pad_to_aspect_ratio, fill_mode, fill_value, data_format)
    resize
image(images; size, strides, dilation_rate, padding, data_format)
    extract_patches
image(images; top_cropping, left_cropping, bottom_cropping, right_cropping,
  target_height, target_width, data_format)
    crop_images
image(images; top_padding, left_padding, bottom_padding, right_padding,
  target_height, target_width, data_format)
    pad_images
image(images, start_points, end_points; interpolation, fill_value, data_format)
    perspective_transform
image(images, transform; interpolation, fill_mode, fill_value, data_format)
    affine_transform
image(inputs, coordinates; order, fill_mode, fill_value)
    map_coordinates
nn(x; threshold)
    hard_shrink soft_shrink
numpy(x; axis, keepdims, initial)
    max min
numpy(x; indices_or_sections, axis)
    array_split split
numpy(x; offset, axis1, axis2)
    diagonal trace
numpy(x, indices; axis)
    take take_along_axis
core(indices, values; shape)
    scatter
core(inputs, indices, updates; reduction)
    scatter_update
core(inputs, start_indices; shape)
    slice
core(inputs, start_indices, updates)
    slice_update
core(variable)
    stop_gradient
core(x; dtype, sparse, ragged)
    convert_to_tensor
core(x; num, axis)
    unstack
linalg(a, b)
    solve
linalg(a, b; lower)
    solve_triangular
linalg(a, b; rcond)
    lstsq
linalg(x; full_matrices, compute_uv)
    svd
linalg(x; mode)
    qr
linalg(x; ord, axis, keepdims)
    norm
linalg(x; rcond)
    pinv
linalg(x; tol)
    matrix_rank
math(targets, predictions; k)
    in_top_k
math(x; axis, keepdims)
    logsumexp
math(x; k, sorted)
    top_k
math(x; sequence_length, sequence_stride)
    extract_sequences
math(x; sequence_length, sequence_stride, fft_length, length, window, center)
    istft
math(x; sequence_length, sequence_stride, fft_length, window, center)
    stft
math(x, y)
    cdist
nn(inputs; num_classes, axis, dtype, sparse)
    multi_hot
nn(inputs, depthwise_kernel, pointwise_kernel; strides, padding, data_format,
  dilation_rate)
    separable_conv
nn(inputs, kernel; strides, padding, output_padding, data_format, dilation_rate)
    conv_transpose
nn(inputs, sequence_lengths; strategy, beam_width, top_paths, merge_repeated,
  mask_index)
    ctc_decode
nn(query, key, value, bias, mask, scale; is_causal, flash_attention,
  attn_logits_soft_cap)
    dot_product_attention
nn(target, output; from_logits)
    binary_crossentropy
nn(target, output, target_length, output_length; mask_index)
    ctc_loss
nn(x; approximate)
    gelu
nn(x; axes, keepdims, synchronized)
    moments
nn(x; axis, order, epsilon)
    normalize
nn(x; b)
    squareplus
nn(x; kernel_size, dilation, padding, stride)
    unfold
nn(x; negative_slope)
    leaky_relu
nn(x; num_classes, axis, dtype, sparse)
    one_hot
nn(x; output_size, kernel_size, dilation, padding, stride)
    fold
nn(x; threshold, default_value)
    threshold
nn(x, gamma, beta; axis, epsilon, rms_scaling)
    layer_normalization
nn(x, mean, variance, offset, scale; axis, epsilon)
    batch_normalization
nn(x, scale; axis, epsilon)
    rms_normalization
nn(x1, x2; max_val)
    psnr
numpy(a; n, axis)
    diff
numpy(array; k, axes)
    rot90
numpy(condition, x1, x2)
    where
numpy(indices; shape)
    unravel_index
numpy(sorted_sequence, values; side)
    searchsorted
numpy(start, stop; num, endpoint, base, dtype, axis)
    logspace
numpy(start, stop; num, endpoint, dtype, axis)
    geomspace
numpy(start, stop; num, endpoint, retstep, dtype, axis)
    linspace
numpy(x; N, increasing)
    vander
numpy(x; axes)
    transpose
numpy(x; axis, keepdims, dtype)
    prod
numpy(x; axis1, axis2)
    swapaxes
numpy(x; bins, range)
    histogram
numpy(x; decimals)
    round
numpy(x; indexing)
    meshgrid
numpy(x; kth, axis)
    argpartition
numpy(x; nan, posinf, neginf)
    nan_to_num
numpy(x; newshape)
    reshape
numpy(x; repeats)
    tile
numpy(x; repeats, axis)
    repeat
numpy(x; shape)
    broadcast_to
numpy(x; shift, axis)
    roll
numpy(x; sorted, return_index, return_inverse, return_counts, axis, size, fill_value)
    unique
numpy(x; source, destination)
    moveaxis
numpy(x; weights, minlength, sparse)
    bincount
numpy(x; x_min, x_max)
    clip
numpy(x, bins)
    digitize
numpy(x, constant_values; pad_width, mode)
    pad
numpy(x, fill_value; dtype)
    full_like
numpy(x, key)
    get_item
numpy(x, weights; axis)
    average
numpy(x1, x2; assume_unique, invert)
    isin
numpy(x1, x2; axes)
    tensordot
numpy(x1, x2; axis)
    append
numpy(x1, x2; axisa, axisb, axisc, axis)
    cross
numpy(x1, x2; mode)
    correlate
numpy(x1, x2; rtol, atol, equal_nan)
    allclose
numpy(x1, x2, rtol, atol; equal_nan)
    isclose
numpy(xs; axis)
    concatenate
numpy(y; x, dx, axis)
    trapezoid
"""
# Classes that are not spelled like their functions.
_SPELLED = {
    "allclose": "AllClose",
    "batch_normalization": "BatchNorm",
    "cdist": "CDist",
    "ctc_decode": "CTCDecode",
    "ctc_loss": "CTCLoss",
    "fft": "FFT",
    "fft2": "FFT2",
    "hard_swish": "HardSilu",
    "hsv_to_rgb": "HSVToRGB",
    "ifft2": "IFFT2",
    "irfft": "IRFFT",
    "isin": "IsIn",
    "istft": "ISTFT",
    "layer_normalization": "LayerNorm",
    "psnr": "PSNR",
    "rfft": "RFFT",
    "rgb_to_grayscale": "RGBToGrayscale",
    "rgb_to_hsv": "RGBToHSV",
    "rms_normalization": "RMSNorm",
    "searchsorted": "SearchSorted",
    "ssim": "SSIM",
    "stft": "STFT",
    "svd": "SVD",
    "swish": "Silu",
}
# NumPy's names of functions and arguments, where Keras has others.
FUNCTIONS = {
    "__getitem__": "get_item",
    "abs": "absolute",
    "astype": "cast",
    "conj": "conjugate",
    "degrees": "rad2deg",
    "flatten": "ravel",
    "invert": "bitwise_not",
    "radians": "deg2rad",
    "remainder": "mod",
}
ARGUMENTS = {
    "a_max": "x_max",
    "a_min": "x_min",
    "shape": "newshape",
    "reps": "repeats",
}


class Operation(NamedTuple):
    """A function as Keras's class: where it is, and who is given which argument."""

    module: str
    class_name: str
    arrays: tuple[str, ...]
    arguments: tuple[str, ...]


def _parsed(table: str) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for match in re.finditer(
        r"^(\w+)\(([^)]*)\)\n((?:    .*\n)+)", table, re.MULTILINE
    ):
        module, inside, names = match.groups()
        arrays, _, arguments = inside.partition(";")
        for name in names.split():
            camel = "".join(word.capitalize() for word in name.split("_"))
            found[name] = Operation(
                f"keras.src.ops.{module}",
                _SPELLED.get(name, camel),
                tuple(re.findall(r"\w+", arrays)),
                tuple(re.findall(r"\w+", arguments)),
            )
    return found


OPERATIONS = _parsed(_TABLE)
BY_CLASS = {operation.class_name: name for name, operation in OPERATIONS.items()}
BY_CLASS.update(Silu="silu", HardSilu="hard_silu")
