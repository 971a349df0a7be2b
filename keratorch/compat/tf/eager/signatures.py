"""Which functions of TensorFlow's eager API compute here, and their arguments."""

from __future__ import annotations

_HERE = "compat.tf.eager"
_ORDERING = f"{_HERE}.ordering"
_ARRAYS, _RANDOM = f"{_HERE}.arrays", f"{_HERE}.randomness"
_NEURAL, _LINEAR = f"{_HERE}.neural", f"{_HERE}.linear"
_SIGNALS = f"{_HERE}.signals"
_POOL = "input ksize strides padding data_format=None"
_CONV = "input filters strides padding data_format=None dilations=None"
_TURNED = "input filters output_shape strides padding='SAME' data_format=None"
_DRAWN = "dtype='float32' seed=None"

#: Name below `tf`, `tf.math` or `tf.linalg` -> a name below `keratorch`, and
#: TensorFlow's arguments.
EAGER_FUNCTIONS: dict[str, tuple[str, str]] = {
    "constant": (f"{_ARRAYS}.constant", "value dtype=None shape=None"),
    "convert_to_tensor": (
        "compat.tf.eager.conversion.convert",
        "value dtype=None dtype_hint=None",
    ),
    "shape": (f"{_ARRAYS}.shape", "input out_type='int32'"),
    "size": (f"{_ARRAYS}.size", "input out_type='int32'"),
    "rank": (f"{_ARRAYS}.rank", "input"),
    "zeros_like": (f"{_ARRAYS}.zeros_like", "input dtype=None"),
    "ones_like": (f"{_ARRAYS}.ones_like", "input dtype=None"),
    "eye": (
        f"{_ARRAYS}.eye",
        "num_rows num_columns=None batch_shape=None dtype='float32'",
    ),
    "one_hot": (
        f"{_ARRAYS}.one_hot",
        "indices depth on_value=None off_value=None axis=None dtype=None",
    ),
    "where": (f"{_ARRAYS}.where", "condition x=None y=None"),
    "gather": (
        f"{_ARRAYS}.gather",
        "params indices validate_indices=None axis=None batch_dims=0",
    ),
    "gather_nd": (f"{_ARRAYS}.gather_nd", "params indices batch_dims=0"),
    "boolean_mask": (f"{_ARRAYS}.boolean_mask", "tensor mask axis=None"),
    "slice": (f"{_ARRAYS}.slice_", "input_ begin size"),
    "scatter_nd": (f"{_ARRAYS}.scatter_nd", "indices updates shape"),
    **{
        f"tensor_scatter_nd_{name}": (
            f"{_ARRAYS}.tensor_scatter_nd_{name}",
            "tensor indices updates",
        )
        for name in ("update", "add", "sub")
    },
    "dynamic_partition": (
        f"{_ARRAYS}.dynamic_partition",
        "data partitions num_partitions",
    ),
    "dynamic_stitch": (f"{_ARRAYS}.dynamic_stitch", "indices data"),
    "sort": (f"{_ORDERING}.sort", "values axis=-1 direction='ASCENDING'"),
    "argsort": (
        f"{_ORDERING}.argsort",
        "values axis=-1 direction='ASCENDING' stable=False",
    ),
    "argmax": (f"{_ORDERING}.argmax", "input axis=None output_type='int64'"),
    "argmin": (f"{_ORDERING}.argmin", "input axis=None output_type='int64'"),
    "top_k": (f"{_ORDERING}.top_k", "input k=1 sorted=True index_type='int32'"),
    "nn.top_k": (f"{_ORDERING}.top_k", "input k=1 sorted=True index_type='int32'"),
    "cumsum": (f"{_ORDERING}.cumsum", "x axis=0 exclusive=False reverse=False"),
    "cumprod": (f"{_ORDERING}.cumprod", "x axis=0 exclusive=False reverse=False"),
    "unique": (f"{_ORDERING}.unique", "x out_idx='int32'"),
    "unique_with_counts": (f"{_ORDERING}.unique_with_counts", "x out_idx='int32'"),
    "sequence_mask": (f"{_ORDERING}.sequence_mask", "lengths maxlen=None dtype='bool'"),
    "range": (f"{_ARRAYS}.range_", "start limit=None delta=1 dtype=None"),
    "linspace": (f"{_ARRAYS}.linspace", "start stop num axis=0"),
    "reverse_sequence": (
        f"{_ORDERING}.reverse_sequence",
        "input seq_lengths seq_axis=1 batch_axis=0",
    ),
    "broadcast_to": ("ops.broadcast_to", "input shape"),
    "repeat": ("ops.repeat", "input repeats axis=None"),
    "roll": ("ops.roll", "input shift axis"),
    "searchsorted": ("ops.searchsorted", "sorted_sequence values side='left'"),
    # elementwise
    **{
        name: (f"ops.{target}", "x")
        for name, target in {
            **{n: n for n in ("cosh", "sinh", "erfc", "erfinv", "real", "imag")},
            **{n: n for n in ("conj", "angle")},
            "acos": "arccos",
            "acosh": "arccosh",
            "asin": "arcsin",
            "asinh": "arcsinh",
            "atan": "arctan",
            "atanh": "arctanh",
            "rint": "round",
            "log_sigmoid": "log_sigmoid",
            "softsign": "softsign",
        }.items()
    },
    **{
        name: (f"ops.{target}", "x y")
        for name, target in {
            "floor_div": "floor_divide",
            "floordiv": "floor_divide",
            "truediv": "true_divide",
            "logical_xor": "logical_xor",
            "div_no_nan": "divide_no_nan",
        }.items()
    },
    "atan2": ("ops.arctan2", "y x"),
    "multiply_no_nan": (f"{_HERE}.conversion.multiply_no_nan", "x y"),
    "xlogy": (f"{_HERE}.conversion.xlogy", "x y"),
    "xdivy": (f"{_HERE}.conversion.xdivy", "x y"),
    "polyval": (f"{_HERE}.conversion.polyval", "coeffs x"),
    "fill": (f"{_ARRAYS}.fill", "dims value"),
    "in_top_k": ("ops.in_top_k", "targets predictions k"),
    **{n: (f"{_HERE}.gamma.{n}", "x") for n in ("lgamma", "digamma", "lbeta")},
    "softplus": ("ops.softplus", "features"),
    "sigmoid": ("ops.sigmoid", "x"),
    "tanh": ("ops.tanh", "x"),
    "softmax": (f"{_NEURAL}.softmax", "logits axis=None"),
    "log_softmax": (f"{_NEURAL}.log_softmax", "logits axis=None"),
    "count_nonzero": ("ops.count_nonzero", "input axis=None"),
    "bincount": ("ops.bincount", "arr weights=None minlength=0"),
    "confusion_matrix": (
        f"{_NEURAL}.confusion_matrix",
        "labels predictions num_classes=None weights=None dtype='int32'",
    ),
    "zero_fraction": (f"{_NEURAL}.zero_fraction", "value"),
    **{
        f"segment_{name}": (f"{_HERE}.segments.segment_{name}", "data segment_ids")
        for name in ("sum", "mean", "max", "min", "prod")
    },
    **{
        f"unsorted_segment_{name}": (
            f"{_HERE}.segments.unsorted_segment_{name}",
            "data segment_ids num_segments",
        )
        for name in ("sum", "mean", "sqrt_n", "max", "min", "prod")
    },
    "accumulate_n": ("compat.tf.functions.add_n", "inputs"),
    "reduce_euclidean_norm": (
        f"{_LINEAR}.reduce_euclidean_norm",
        "input_tensor axis=None keepdims=False",
    ),
    # matrices
    "band_part": (f"{_LINEAR}.band_part", "input num_lower num_upper"),
    "matvec": (f"{_LINEAR}.matvec", "a b transpose_a=False"),
    "diag": (f"{_LINEAR}.diag", "diagonal"),
    "tensor_diag": (f"{_LINEAR}.diag", "diagonal"),
    "diag_part": (f"{_LINEAR}.diag_part", "input"),
    "tensor_diag_part": (f"{_LINEAR}.diag_part", "input"),
    "set_diag": (f"{_LINEAR}.set_diag", "input diagonal"),
    "trace": (f"{_LINEAR}.trace", "x"),
    "inv": ("ops.inv", "input"),
    "pinv": ("ops.pinv", "a"),
    "det": ("ops.det", "input"),
    "slogdet": ("ops.slogdet", "input"),
    "logdet": ("ops.logdet", "matrix"),
    "cholesky": (f"{_LINEAR}.cholesky", "input"),
    "solve": (f"{_LINEAR}.solve", "matrix rhs adjoint=False"),
    "triangular_solve": (
        f"{_LINEAR}.triangular_solve",
        "matrix rhs lower=True adjoint=False",
    ),
    "lstsq": (f"{_LINEAR}.lstsq", "matrix rhs l2_regularizer=0.0"),
    "svd": (f"{_LINEAR}.svd", "tensor full_matrices=False compute_uv=True"),
    "qr": (f"{_LINEAR}.qr", "input full_matrices=False"),
    "eigh": ("ops.eigh", "tensor"),
    "eigvalsh": (f"{_LINEAR}.eigvalsh", "tensor"),
    "eig": ("ops.eig", "tensor"),
    "cross": ("ops.cross", "a b"),
    "matrix_rank": ("ops.matrix_rank", "a"),
    "matrix_transpose": (f"{_LINEAR}.matrix_transpose", "a"),
    "adjoint": (f"{_LINEAR}.matrix_transpose", "matrix"),
    "normalize": (f"{_LINEAR}.normalize", "tensor ord='euclidean' axis=None"),
    "l2_normalize": ("backend.l2_normalize", "x axis=None"),
    "global_norm": (f"{_LINEAR}.global_norm", "t_list"),
    "clip_by_norm": (f"{_LINEAR}.clip_by_norm", "t clip_norm axes=None"),
    "clip_by_global_norm": (
        f"{_LINEAR}.clip_by_global_norm",
        "t_list clip_norm use_norm=None",
    ),
    # random numbers
    "random.normal": (f"{_RANDOM}.normal", f"shape mean=0.0 stddev=1.0 {_DRAWN}"),
    "random.truncated_normal": (
        f"{_RANDOM}.truncated_normal",
        f"shape mean=0.0 stddev=1.0 {_DRAWN}",
    ),
    "random.uniform": (f"{_RANDOM}.uniform", f"shape minval=0 maxval=None {_DRAWN}"),
    "random.gamma": (f"{_RANDOM}.gamma", f"shape alpha beta=None {_DRAWN}"),
    "random.poisson": (f"{_RANDOM}.poisson", f"shape lam {_DRAWN}"),
    "random.shuffle": (f"{_RANDOM}.shuffle", "value seed=None"),
    "random.categorical": (
        f"{_RANDOM}.categorical",
        "logits num_samples dtype=None seed=None",
    ),
    "random.stateless_normal": (
        f"{_RANDOM}.stateless_normal",
        "shape seed mean=0.0 stddev=1.0 dtype='float32'",
    ),
    "random.stateless_uniform": (
        f"{_RANDOM}.stateless_uniform",
        "shape seed minval=0 maxval=None dtype='float32'",
    ),
    # networks
    **{f"nn.{name}": (f"{_NEURAL}.conv", _CONV) for name in ("conv2d", "convolution")},
    "nn.conv1d": (
        f"{_NEURAL}.conv",
        "input filters stride padding data_format=None dilations=None",
    ),
    "nn.conv3d": (f"{_NEURAL}.conv", _CONV),
    "nn.conv2d_transpose": (f"{_NEURAL}.conv_transpose", _TURNED),
    "nn.conv_transpose": (f"{_NEURAL}.conv_transpose", _TURNED),
    "nn.depthwise_conv2d": (
        f"{_NEURAL}.depthwise_conv2d",
        "input filter strides padding data_format=None dilations=None",
    ),
    **{
        f"nn.{name}{end}": (f"{_NEURAL}.{name}", _POOL)
        for name in ("max_pool", "avg_pool")
        for end in ("", "1d", "2d", "3d")
    },
    **dict.fromkeys(
        ("nn.local_response_normalization", "nn.lrn"),
        (
            f"{_NEURAL}.local_response_normalization",
            "input depth_radius=5 bias=1 alpha=1 beta=0.5",
        ),
    ),
    **{
        f"{room}{name}": (
            f"{_NEURAL}.{name}",
            "input block_size data_format='NHWC'",
        )
        for name in ("depth_to_space", "space_to_depth")
        for room in ("", "nn.")
    },
    "nn.dropout": (f"{_NEURAL}.dropout", "x rate noise_shape=None seed=None"),
    "nn.bias_add": (f"{_NEURAL}.bias_add", "value bias data_format=None"),
    "nn.moments": (f"{_NEURAL}.moments", "x axes keepdims=False"),
    "nn.batch_normalization": (
        f"{_NEURAL}.batch_normalization",
        "x mean variance offset scale variance_epsilon",
    ),
    "nn.embedding_lookup": (f"{_NEURAL}.embedding_lookup", "params ids"),
    "nn.l2_loss": (f"{_NEURAL}.l2_loss", "t"),
    "nn.zero_fraction": (f"{_NEURAL}.zero_fraction", "value"),
    "nn.in_top_k": ("ops.in_top_k", "targets predictions k"),
    "nn.leaky_relu": (f"{_NEURAL}.leaky_relu", "features alpha=0.2"),
    "nn.softmax": (f"{_NEURAL}.softmax", "logits axis=None"),
    "nn.log_softmax": (f"{_NEURAL}.log_softmax", "logits axis=None"),
    "nn.gelu": (f"{_NEURAL}.gelu", "features approximate=False"),
    "nn.weighted_cross_entropy_with_logits": (
        f"{_NEURAL}.weighted_binary_loss",
        "labels logits pos_weight",
    ),
    "nn.compute_average_loss": (
        f"{_NEURAL}.compute_average_loss",
        "per_example_loss sample_weight=None global_batch_size=None",
    ),
    "nn.scale_regularization_loss": (
        f"{_NEURAL}.scale_regularization_loss",
        "regularization_loss",
    ),
    "complex": (f"{_SIGNALS}.complex_", "real imag"),
    **{name: (f"ops.{name}", "input") for name in ("real", "imag", "angle", "conj")},
    **{
        f"signal.{name}": (f"{_SIGNALS}.{name}", arguments)
        for name, arguments in {
            **dict.fromkeys(("fft", "ifft", "fft2d", "ifft2d"), "input"),
            **dict.fromkeys(("rfft", "irfft"), "input fft_length=None"),
            **dict.fromkeys(
                ("hann_window", "hamming_window"),
                "window_length periodic=True dtype='float32'",
            ),
            "frame": (
                "signal frame_length frame_step pad_end=False pad_value=0 axis=-1"
            ),
            "overlap_and_add": "signal frame_step",
            "stft": (
                "signals frame_length frame_step fft_length=None "
                "window_fn='hann_window' pad_end=False"
            ),
            "inverse_stft": (
                "stfts frame_length frame_step fft_length=None window_fn='hann_window'"
            ),
            "inverse_stft_window_fn": "frame_step forward_window_fn='hann_window'",
            "linear_to_mel_weight_matrix": (
                "num_mel_bins=20 num_spectrogram_bins=129 sample_rate=8000 "
                "lower_edge_hertz=125.0 upper_edge_hertz=3800.0 dtype='float32'"
            ),
            "mfccs_from_log_mel_spectrograms": "log_mel_spectrograms",
            "dct": "input type=2 n=None axis=-1 norm=None",
        }.items()
    },
    "dtypes.cast": ("backend.cast", "x dtype"),
    "saturate_cast": ("ops.saturate_cast", "value dtype"),
}
