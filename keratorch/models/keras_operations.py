"""Functions of arrays as Keras names them in configurations of models.

Keras has a class for each function, which is given some arguments when it is made and
the arrays when it is called.  `describe` splits a call that way, `restore` joins it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from keratorch import ops

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
_FUNCTIONS = {
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
_ARGUMENTS = {
    "a_max": "x_max",
    "a_min": "x_min",
    "shape": "newshape",
    "reps": "repeats",
}
_METHODS = {"get_item": np.ndarray.__getitem__, "cast": np.ndarray.astype}


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
_BY_CLASS = {operation.class_name: name for name, operation in OPERATIONS.items()}
_BY_CLASS.update(Silu="silu", HardSilu="hard_silu")


def is_known(class_name: str) -> bool:
    """Return whether a class of Keras is one of the functions told of here."""
    return class_name in _BY_CLASS or class_name == "Einsum"


def name_of(description: Mapping[str, Any]) -> str:
    """Return the name of the function that `describe` described.

    Examples
    --------
    >>> name_of({"class_name": "Reshape"})
    'reshape'
    """
    return _BY_CLASS[description["class_name"]]


def function_of(name: str) -> Any:
    """Return the function of a name in the table; None for another one."""
    return getattr(ops, name, None) or getattr(ops.image, name, None)


def describe(function: Any, args: tuple, kwargs: dict) -> tuple[dict, tuple, dict]:
    """Return a function's description without its name, and the call's arguments.

    Raises
    ------
    ValueError : Keras has no such function, or it takes no such argument.
    """
    name = getattr(function, "__name__", "")
    name = _FUNCTIONS.get(name, name)
    if name == "einsum" and isinstance(args[0], str):
        return _description("numpy", "Einsum", {"subscripts": args[0]}), args[1:], {}
    operation = OPERATIONS.get(name)
    if operation is None:
        raise ValueError(
            f"the model takes the function {name!r}, which no configuration can name. "
            "Put it into a Layer of your own, whose class is registered."
        )
    config: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for i, (key, value, default) in enumerate(_bound(function, args, kwargs)):
        place = _keras_name(key, i, operation)
        if place in operation.arguments:
            config[place] = value
        elif place is not None:
            arrays[place] = value
        elif value is not default and value != default:
            raise ValueError(
                f"the model calls {name}(..., {key}=...), an argument that Keras's "
                f"function does not have. Put the call into a Layer of your own."
            )
    first = [arrays.pop(key) for key in operation.arrays if key in arrays]
    module = operation.module.rpartition(".")[2]
    return _description(module, operation.class_name, config), tuple(first), {}


def restore(
    description: Mapping[str, Any],
) -> tuple[Callable[..., Any], Callable[[list, dict], tuple[tuple, dict]]]:
    """Return the function that a description names, and how it is to be called.

    The second result takes the arguments of Keras's call, and returns ours.

    Raises
    ------
    ValueError : an unknown function.
    """
    class_name = description["class_name"]
    config = {k: v for k, v in description["config"].items() if k != "name"}
    if class_name == "Einsum":
        return ops.einsum, lambda args, kwargs: ((config["subscripts"], *args), {})
    name = _BY_CLASS.get(class_name, "")
    function: Any = _METHODS.get(name) or function_of(name)
    if function is None:
        raise ValueError(
            f"the model takes an operation {class_name!r} that is not known."
        )
    operation = OPERATIONS[name]

    def joined(args: list, kwargs: dict) -> tuple[tuple, dict]:
        given = {**dict(zip(operation.arrays, args, strict=False)), **kwargs, **config}
        for key in operation.arguments:
            if isinstance(given.get(key), list):  # JSON has no tuples
                given[key] = tuple(given[key])
        return _ours(function, operation, given)

    return function, joined


def _description(module: str, class_name: str, config: dict) -> dict[str, Any]:
    return {
        "module": f"keras.src.ops.{module}",
        "class_name": class_name,
        "config": config,
        "registered_name": class_name,
    }


def _parameters(function: Any) -> list[inspect.Parameter] | None:
    """Return the parameters of a function; None: they have no names, as in ufuncs."""
    if hasattr(function, "__signature__"):
        return list(function.__signature__.parameters.values())
    is_ufunc = isinstance(inspect.unwrap(function), np.ufunc)
    if is_ufunc or function in _METHODS.values():
        return None
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def _bound(function: Any, args: tuple, kwargs: dict) -> list[tuple[str, Any, Any]]:
    """Return names, values and defaults of a call's arguments."""
    parameters = _parameters(function)
    if parameters is None:
        positional = [("", value, inspect.Parameter.empty) for value in args]
        return positional + [
            (key, value, inspect.Parameter.empty) for key, value in kwargs.items()
        ]
    defaults = {p.name: p.default for p in parameters}
    numpys = {key: x for key, x in kwargs.items() if key not in defaults}
    if not hasattr(function, "__signature__"):
        numpys = {}
    kwargs = {key: x for key, x in kwargs.items() if key not in numpys}
    bound = inspect.signature(function).bind(*args, **kwargs).arguments
    flat = {**bound, **numpys}
    flat.update(flat.pop("kwargs", {}))
    return [(key, value, defaults.get(key)) for key, value in flat.items()]


def _keras_name(key: str, i: int, operation: Operation) -> str | None:
    """Return what Keras calls an argument; None where it has none of that name."""
    known = (*operation.arrays, *operation.arguments)
    if key in known and not (i < len(operation.arrays) and key != operation.arrays[i]):
        return key
    if i < len(operation.arrays) and key not in operation.arguments:
        return operation.arrays[i]
    if key in known:
        return key
    if not key:  # the second argument of a method: x.astype(dtype)
        return known[i] if i < len(known) else None
    renamed = _ARGUMENTS.get(key)
    return renamed if renamed in known else None


def _ours(
    function: Any, operation: Operation, given: dict[str, Any]
) -> tuple[tuple, dict]:
    """Return the arguments of Keras by the names that a function here has."""
    arrays = [given.pop(key) for key in operation.arrays if key in given]
    parameters = _parameters(function)
    if parameters is None:
        return (*arrays, *(v for v in given.values() if v is not None)), {}
    names = [p.name for p in parameters]
    back = {keras: ours for ours, keras in _ARGUMENTS.items()}
    kwargs: dict[str, Any] = {}
    for key, value in given.items():
        if value is None:  # Keras's way to leave an argument out
            continue
        name = key if key in names else back.get(key, key)
        if name in names or "kwargs" in names:
            kwargs[name] = value
        elif value is not False:
            raise ValueError(
                f"{operation.class_name} in the model has {key}={value!r}, an argument "
                "that is not supported."
            )
    if len(arrays) > 1 and operation.arrays[1] in names:
        later = dict(zip(operation.arrays[1:], arrays[1:], strict=False))
        if all(key in names for key in later):
            kwargs.update({key: x for key, x in later.items() if x is not None})
            arrays = arrays[:1]
    return tuple(arrays), kwargs
