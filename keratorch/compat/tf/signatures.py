"""Which functions of TensorFlow compute here, by what, and their arguments.

An argument with a default may be left out; the order is TensorFlow's.
"""

from __future__ import annotations

_REDUCING = "input_tensor axis=None keepdims=False"
_HERE = "compat.tf.functions"
_ONE, _TWO = "x", "x y"

#: Name below `tf` or `tf.math` -> a name below `keratorch`, and TensorFlow's arguments.
FUNCTIONS: dict[str, tuple[str, str]] = {
    **{
        f"reduce_{name}": (f"backend.{name}", _REDUCING)
        for name in ("all", "any", "logsumexp", "max", "mean", "min")
    },
    "reduce_prod": (f"{_HERE}.reduce_prod", _REDUCING),
    "reduce_sum": (f"{_HERE}.reduce_sum", _REDUCING),
    "reduce_std": ("backend.std", _REDUCING),
    "reduce_variance": ("backend.var", _REDUCING),
    **{
        name: (f"ops.{name}", _ONE)
        for name in (
            *("abs", "ceil", "cos", "erf", "exp", "expm1", "floor", "log", "log1p"),
            *("logical_not", "negative", "reciprocal", "round", "rsqrt", "sign", "sin"),
            *("sqrt", "square", "stop_gradient", "tan"),
        )
    },
    "is_finite": ("ops.isfinite", _ONE),
    "is_inf": ("ops.isinf", _ONE),
    "is_nan": ("ops.isnan", _ONE),
    **{
        name: (f"ops.{name}", _TWO)
        for name in (
            *("add", "divide", "divide_no_nan", "equal", "greater", "greater_equal"),
            *("less", "less_equal", "logical_and", "logical_or", "maximum", "minimum"),
            *("multiply", "not_equal", "subtract"),
        )
    },
    "floormod": ("ops.mod", _TWO),
    "mod": ("ops.mod", _TWO),
    "pow": ("ops.power", _TWO),
    "squared_difference": (f"{_HERE}.squared_difference", _TWO),
    "add_n": (f"{_HERE}.add_n", "inputs"),
    "cast": ("backend.cast", "x dtype"),
    "to_float": (f"{_HERE}.to_float", _ONE),
    "clip_by_value": (
        "backend.clip",
        "t clip_value_min clip_value_max",
    ),
    "concat": ("backend.concatenate", "values axis"),
    "expand_dims": ("backend.expand_dims", "x axis=-1"),
    "identity": ("backend.identity", _ONE),
    "matmul": (
        f"{_HERE}.matmul",
        "a b transpose_a=False transpose_b=False",
    ),
    "nn.l2_normalize": ("backend.l2_normalize", "x axis=None"),
    "nn.sigmoid_cross_entropy_with_logits": (f"{_HERE}.binary_loss", "labels logits"),
    "nn.softmax_cross_entropy_with_logits": (f"{_HERE}.class_loss", "labels logits"),
    "nn.softmax_cross_entropy_with_logits_v2": (f"{_HERE}.class_loss", "labels logits"),
    "nn.sparse_softmax_cross_entropy_with_logits": (
        f"{_HERE}.label_loss",
        "labels logits",
    ),
    "norm": (f"{_HERE}.norm", "tensor ord='euclidean' axis=None keepdims=False"),
    "ones": ("ops.ones", "shape dtype='float32'"),
    "pad": (f"{_HERE}.pad", "tensor paddings mode='CONSTANT' constant_values=0"),
    "reshape": ("backend.reshape", "tensor shape"),
    "reverse": ("ops.flip", "tensor axis"),
    "split": (f"{_HERE}.split", "value num_or_size_splits axis=0"),
    "squeeze": ("ops.squeeze", "x axis=None"),
    "stack": ("ops.stack", "values axis=0"),
    "tensordot": ("ops.tensordot", "a b axes"),
    "tile": ("backend.tile", "x multiples"),
    "transpose": ("ops.transpose", "a perm=None"),
    "unstack": ("ops.unstack", "value num=None axis=0"),
    "zeros": ("ops.zeros", "shape dtype='float32'"),
    "random_normal": ("random.normal", "shape mean=0.0 stddev=1.0 dtype=None"),
    "random_uniform": ("random.uniform", "shape minval=0.0 maxval=1.0 dtype=None"),
}
