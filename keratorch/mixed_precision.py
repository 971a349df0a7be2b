"""Mixed precision, by the names of Keras: here float32 throughout.

    keras.mixed_precision.set_global_policy("mixed_float16")

changes nothing here: a CPU is no faster with shorter floats. See `DTypePolicy`.
"""

from keratorch.dtype_policies import DTypePolicy, dtype_policy, set_dtype_policy
from keratorch.optimizers import LossScaleOptimizer

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy

__all__ = [
    "DTypePolicy",
    "LossScaleOptimizer",
    "Policy",
    "dtype_policy",
    "global_policy",
    "set_dtype_policy",
    "set_global_policy",
]
