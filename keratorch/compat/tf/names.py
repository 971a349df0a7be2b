"""What names of TensorFlow mean here."""

from __future__ import annotations

from keratorch.compat.tf.eager.names import EAGER, EAGER_VALUES

_HERE = "compat.tf.settings."

#: Name below `tf` -> a name below `keratorch`.
HARMLESS: dict[str, str] = {
    **dict.fromkeys(
        (
            "config.experimental.set_memory_growth",
            "config.experimental.set_visible_devices",
            "config.experimental.set_virtual_device_configuration",
            "config.experimental.enable_tensor_float_32_execution",
            "config.experimental.enable_op_determinism",
            "config.experimental_run_functions_eagerly",
            "config.experimental_connect_to_cluster",
            "config.optimizer.set_jit",
            "config.run_functions_eagerly",
            "config.set_logical_device_configuration",
            "config.set_soft_device_placement",
            "config.set_visible_devices",
            "config.threading.set_inter_op_parallelism_threads",
            "config.threading.set_intra_op_parallelism_threads",
            "autograph.set_verbosity",
            "disable_eager_execution",
            "disable_v2_behavior",
            "disable_v2_tensorshape",
            "enable_eager_execution",
            "enable_v2_behavior",
            "logging.set_verbosity",
            "reset_default_graph",
            "set_soft_device_placement",
            "debugging.set_log_device_placement",
            "debugging.enable_check_numerics",
            "experimental.numpy.experimental_enable_numpy_behavior",
            "ops.numpy_ops.np_config.enable_numpy_behavior",
        ),
        f"{_HERE}nothing",
    ),
    **dict.fromkeys(
        (
            "config.experimental.list_physical_devices",
            "config.experimental.list_logical_devices",
            "config.experimental.get_visible_devices",
            "config.get_visible_devices",
            "config.list_logical_devices",
            "config.list_physical_devices",
        ),
        f"{_HERE}no_devices",
    ),
    **dict.fromkeys(
        (
            "test.is_gpu_available",
            "test.is_built_with_cuda",
            "test.is_built_with_gpu_support",
        ),
        f"{_HERE}false",
    ),
    **dict.fromkeys(
        (
            "ConfigProto",
            "GPUOptions",
            "OptimizerOptions",
            "RunOptions",
            "config.LogicalDeviceConfiguration",
            "config.experimental.VirtualDeviceConfiguration",
        ),
        f"{_HERE}Settings",
    ),
    **dict.fromkeys(
        (
            "device",
            "Graph",
            "get_default_graph",
            "name_scope",
            "variable_scope",
        ),
        f"{_HERE}Scope",
    ),
    **dict.fromkeys(
        (
            "distribute.MirroredStrategy",
            "distribute.MultiWorkerMirroredStrategy",
            "distribute.OneDeviceStrategy",
            "distribute.Strategy",
            "distribute.TPUStrategy",
            "distribute.experimental.CentralStorageStrategy",
            "distribute.experimental.MultiWorkerMirroredStrategy",
            "distribute.experimental.TPUStrategy",
            "distribute.get_strategy",
        ),
        f"{_HERE}Strategy",
    ),
    **dict.fromkeys(
        ("Session", "InteractiveSession", "get_default_session"), f"{_HERE}Session"
    ),
    **dict.fromkeys(
        (
            "global_variables_initializer",
            "initialize_all_variables",
            "local_variables_initializer",
            "tables_initializer",
        ),
        f"{_HERE}initialization",
    ),
    **dict.fromkeys(
        ("random.set_seed", "random.set_random_seed", "set_random_seed"),
        f"{_HERE}set_seed",
    ),
    "app.run": "compat.tf.flags.run",
    **{
        f"{room}.{name}": f"compat.tf.flags.{name}"
        for room in ("app.flags", "flags")
        for name in (
            *("DEFINE_bool", "DEFINE_boolean", "DEFINE_enum", "DEFINE_float"),
            *("DEFINE_integer", "DEFINE_list", "DEFINE_string", "FLAGS"),
        )
    },
    "autograph.experimental.do_not_convert": f"{_HERE}function",
    "client.device_lib.list_local_devices": f"{_HERE}local_devices",
    **{
        f"saved_model.{name}": f"compat.tf.saved_models.{name}"
        for name in ("contains_saved_model", "load", "save")
    },
    "train.latest_checkpoint": f"{_HERE}latest_checkpoint",
    **dict.fromkeys(
        (
            "distribute.cluster_resolver.TPUClusterResolver",
            "distribute.experimental.TPUClusterResolver",
        ),
        f"{_HERE}NoTPU",
    ),
    "examples.tutorials.mnist.input_data.read_data_sets": (
        "compat.tf.digits.read_data_sets"
    ),
    "executing_eagerly": f"{_HERE}true",
    "get_logger": f"{_HERE}get_logger",
    "test.gpu_device_name": f"{_HERE}empty_name",
    "test.TestCase": "compat.tf.unit_tests.TestCase",
    "test.main": "compat.tf.unit_tests.main",
    **dict.fromkeys(("Tensor", "framework.ops.EagerTensor"), "GradArray"),
    "keras": "compat.keras",
    "constant_initializer": "initializers.Constant",
    "glorot_uniform_initializer": "initializers.GlorotUniform",
    "initializers": "initializers",
    "losses": "losses",
    "metrics": "metrics",
    "nn.elu": "activations.elu",
    "nn.relu": "activations.relu",
    "nn.relu6": "activations.relu6",
    "nn.selu": "activations.selu",
    "nn.sigmoid": "activations.sigmoid",
    "nn.silu": "activations.silu",
    "nn.softplus": "activations.softplus",
    "nn.softsign": "activations.softsign",
    "nn.swish": "activations.silu",
    "nn.tanh": "activations.tanh",
    "ones_initializer": "initializers.Ones",
    "optimizers": "optimizers",
    "random_normal_initializer": "initializers.RandomNormal",
    "random_uniform_initializer": "initializers.RandomUniform",
    "sigmoid": "activations.sigmoid",
    "tanh": "activations.tanh",
    "train.AdagradOptimizer": "optimizers.Adagrad",
    "train.AdamOptimizer": "optimizers.Adam",
    "train.GradientDescentOptimizer": "optimizers.SGD",
    "train.MomentumOptimizer": "optimizers.SGD",
    "train.RMSPropOptimizer": "optimizers.RMSprop",
    "truncated_normal_initializer": "initializers.TruncatedNormal",
    "zeros_initializer": "initializers.Zeros",
    **EAGER,
}

#: Names below `tf` that are values.
VALUES: dict[str, object] = {
    "__version__": "2.20.0",
    "VERSION": "2.20.0",
    "version.VERSION": "2.20.0",
    "newaxis": None,
    "AUTOTUNE": -1,
    "distribute.ReduceOp.SUM": "SUM",
    "distribute.ReduceOp.MEAN": "MEAN",
    "data.AUTOTUNE": -1,
    "data.experimental.AUTOTUNE": -1,
    **{
        f"logging.{level}": level
        for level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL")
    },
    **EAGER_VALUES,
}

#: Names of TensorFlow that have no meaning here, and what does the same.
INSTEAD: dict[str, str] = {
    "placeholder": "keras.Input",
}
