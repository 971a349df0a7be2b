"""Which names of TensorFlow's eager API stand for what here."""

from __future__ import annotations

from keratorch.compat.tf.eager.debugging import ERRORS, assertions
from keratorch.compat.tf.eager.dtypes import DTYPES

_HERE = "compat.tf.eager"
_RANDOM, _CHECKPOINTS = f"{_HERE}.randomness", f"{_HERE}.checkpoints"
_CONTROL, _SUMMARIES = f"{_HERE}.control", f"{_HERE}.summaries"

#: Name below `tf` -> a name below `keratorch`.
EAGER: dict[str, str] = {
    "GradientTape": f"{_HERE}.tape.GradientTape",
    "UnconnectedGradients": f"{_HERE}.tape_values.UnconnectedGradients",
    "Variable": f"{_HERE}.variables.Variable",
    **{
        f"state_ops.{name}": f"{_HERE}.variables.{name}"  # in optimizers of one's own
        for name in ("assign", "assign_add", "assign_sub")
    },
    "IndexedSlices": f"{_HERE}.variables.IndexedSlices",
    "Module": f"{_HERE}.modules.Module",
    "function": f"{_HERE}.called.function",
    "TensorShape": f"{_HERE}.shapes.TensorShape",
    "TensorArray": f"{_HERE}.tensor_array.TensorArray",
    "as_dtype": f"{_HERE}.dtypes.as_dtype",
    "dtypes.as_dtype": f"{_HERE}.dtypes.as_dtype",
    "dtypes.DType": f"{_HERE}.dtypes.DType",
    "DType": f"{_HERE}.dtypes.DType",
    "custom_gradient": f"{_HERE}.custom.custom_gradient",
    "recompute_grad": "transforms.checkpoint",
    "is_tensor": f"{_HERE}.neural.is_tensor",
    "print": f"{_HERE}.debugging.print_",
    "group": f"{_HERE}.custom.group",
    "no_op": f"{_HERE}.summaries.nothing",
    "control_dependencies": "compat.tf.settings.Scope",
    "init_scope": "compat.tf.settings.Scope",
    "autodiff.GradientTape": f"{_HERE}.tape.GradientTape",
    "autodiff.ForwardAccumulator": f"{_HERE}.forward.ForwardAccumulator",
    "nest.flatten": "nested.flatten",
    "nest.map_structure": "nested.map_structure",
    "nest.is_nested": "nested.is_nested",
    "nest.pack_sequence_as": "nested.pack_like",
    "nest.assert_same_structure": f"{_HERE}.custom.assert_same_structure",
    "einsum": f"{_HERE}.conversion.einsum",
    "linalg.einsum": f"{_HERE}.conversion.einsum",
    "meshgrid": f"{_HERE}.arrays.meshgrid",
    **{
        name: f"{_CONTROL}.{name}"
        for name in (
            *("while_loop", "map_fn", "vectorized_map", "scan", "foldl", "foldr"),
            *("case", "switch_case"),
        )
    },
    "cond": "ops.cond",
    "random.Generator": f"{_RANDOM}.Generator",
    "random.get_global_generator": f"{_RANDOM}.get_global_generator",
    "random.experimental.Generator": f"{_RANDOM}.Generator",
    "train.Checkpoint": f"{_CHECKPOINTS}.Checkpoint",
    "train.CheckpointManager": f"{_HERE}.checkpoint_manager.CheckpointManager",
    "train.list_variables": f"{_HERE}.checkpoint_files.list_variables",
    "train.load_variable": f"{_HERE}.checkpoint_files.load_variable",
    "summary.create_file_writer": f"{_SUMMARIES}.create_file_writer",
    "summary.create_noop_writer": f"{_SUMMARIES}.create_noop_writer",
    "summary.experimental.set_step": f"{_SUMMARIES}.set_step",
    "summary.experimental.get_step": f"{_SUMMARIES}.get_step",
    **{
        f"summary.{name}": f"{_SUMMARIES}.{name}"
        for name in ("scalar", "histogram", "image", "text")
    },
    **{
        f"summary.{name}": f"{_SUMMARIES}.nothing"
        for name in ("trace_on", "trace_off", "trace_export", "flush", "graph")
    },
    "profiler.experimental.start": f"{_SUMMARIES}.nothing",
    "profiler.experimental.stop": f"{_SUMMARIES}.nothing",
    "debugging.assert_near": f"{_HERE}.debugging.assert_near",
    "debugging.assert_shapes": f"{_HERE}.debugging.assert_shapes",
    "debugging.Assert": f"{_HERE}.debugging.assert_that",
    "Assert": f"{_HERE}.debugging.assert_that",
    "debugging.check_numerics": f"{_HERE}.debugging.check_numerics",
}

#: Name below `tf` -> its value.
EAGER_VALUES: dict[str, object] = {
    **DTYPES,
    "experimental.numpy.newaxis": None,
    **{f"errors.{name}": error for name, error in ERRORS.items()},
    **{f"debugging.assert_{name}": check for name, check in assertions.items()},
    **{
        f"assert_{name}": assertions[name]
        for name in ("equal", "greater", "less", "rank")
    },
}
