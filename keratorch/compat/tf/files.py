"""Files of TensorFlow's own, from which scripts import what `tf` gives as well.

from tensorflow.python.framework.ops import disable_eager_execution
from tensorflow.python.ops import math_ops
"""

from __future__ import annotations

from collections.abc import Iterator

_OF_TF = (
    *("eager.backprop", "eager.context", "eager.def_function", "module.module"),
    *(
        f"framework.{file}"
        for file in ("constant_op", "dtypes", "ops", "tensor", "tensor_shape")
    ),
    *("framework.tensor_spec", "framework.tensor_util"),
    *(f"ops.{file}" for file in ("array_ops", "clip_ops", "cond", "control_flow_ops")),
    *("ops.custom_gradient", "ops.functional_ops", "ops.gen_array_ops"),
    *("ops.gen_math_ops", "ops.gradients", "ops.gradients_impl", "ops.init_ops"),
    *("ops.map_fn", "ops.math_ops", "ops.resource_variable_ops", "ops.script_ops"),
    *("ops.tensor_array_ops", "ops.variable_scope"),
    *("ops.variables", "ops.while_loop"),
)
#: File below `tensorflow.python` -> where its names are below `tf`, one after another.
FILES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_OF_TF, ("", "math.")),
    "data.ops.dataset_ops": ("data.",),
    "framework.config": ("config.",),
    "framework.random_seed": ("random.",),
    "lib.io.file_io": ("io.gfile.",),
    "ops.check_ops": ("debugging.", ""),
    "ops.image_ops": ("image.",),
    "ops.image_ops_impl": ("image.",),
    "ops.linalg_ops": ("linalg.", ""),
    "ops.confusion_matrix": ("math.",),
    **dict.fromkeys(
        ("ops.embedding_ops", "ops.gen_nn_ops", "ops.nn", "ops.nn_impl", "ops.nn_ops"),
        ("nn.",),
    ),
    "ops.random_ops": ("random.", ""),
    "ops.state_ops": ("state_ops.", ""),
    "ops.string_ops": ("strings.",),
    "ops.summary_ops_v2": ("summary.",),
    "platform.gfile": ("gfile.", "io.gfile."),
    "platform.tf_logging": ("logging.",),
    "util.nest": ("nest.",),
}


def places(path: str) -> Iterator[str]:
    """Yield where a name of such a file may be below `tf`.

    Examples
    --------
    >>> list(places("ops.nn_ops.softmax")), list(places("ops.math_ops"))
    (['nn.softmax'], [])
    """
    file, _, name = path.rpartition(".")
    for room in FILES.get(file, ()):
        yield f"{room}{name}"


def is_folder(path: str) -> bool:
    """Return whether a path is one of these files, or a folder above one."""
    return any(f"{file}.".startswith(f"{path}.") for file in FILES)
