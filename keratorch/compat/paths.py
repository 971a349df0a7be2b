"""Where modules of older Keras versions are today.

A path leads to the rooms that are searched for the names that it had, in this order.
"""

from __future__ import annotations

_ENGINE = (
    *("layers", "models", "utils", "saving", "compat.training.older_training"),
    *("symbolic", "compat.functions.generic_utils"),
)

_ENGINE_FILES = (
    "base_layer",
    "base_layer_utils",
    "base_layer_v1",
    "base_preprocessing_layer",
    "compile_utils",
    "data_adapter",
    "functional",
    "input_layer",
    "input_spec",
    "keras_tensor",
    "network",
    "node",
    "saving",
    "sequential",
    "topology",
    "training",
    "training_arrays",
    "training_generator",
    "training_utils",
    "training_utils_v1",
    "training_v1",
)

_BASES_OF_POOLING = ("global_pooling", "pooling")
#: Files of layers that were not named after one of their layers.
_LAYER_FILES = (
    *(f"activation.{file}" for file in ("elu", "leaky_relu", "prelu", "relu")),
    *("activation.softmax", "activation.thresholded_relu"),
    *("activations.elu", "activations.leaky_relu", "activations.prelu"),
    *("activations.relu", "activations.softmax", "activations.activation"),
    "core.lambda_layer",
    "locally_connected.locally_connected1d",
    "locally_connected.locally_connected2d",
    "multi_head_attention",
    "preprocessing.image_preprocessing",
    *("rnn.base_rnn", "rnn.base_wrapper", "rnn.gru_v1", "rnn.lstm_v1"),
    # and those of no layer
    *("attention.base_dense_attention", "core.tf_op_layer", "merging.base_merge"),
    *("convolutional.base_depthwise_conv", "convolutional.base_separable_conv"),
    *(f"pooling.base_{kind}{n}d" for kind in _BASES_OF_POOLING for n in (1, 2, 3)),
    *("preprocessing.preprocessing_stage", "preprocessing.preprocessing_utils"),
    *("rnn.base_conv_lstm", "rnn.base_conv_rnn", "rnn.base_cudnn_rnn"),
    *("rnn.cell_wrappers", "rnn.dropout_rnn_cell_mixin", "rnn.gru_lstm_utils"),
    "rnn.rnn_utils",
)

#: Folders of the optimizers that were there before 2.11, one after the other.
_OPTIMIZERS = ("optimizer_v2", "optimizers.legacy", "optimizers.optimizer_v2")
_OPTIMIZER_FILES = ("gradient_descent", "learning_rate_schedule", "optimizer_v2")
_BEFORE_2_11 = (
    *("compat.training.legacy_optimizers", "optimizers", "optimizers.schedules"),
)
#: What `keras.optimizers` called the files of `optimizer_v2`.
_OPTIMIZER_MODULES = (
    *("adadelta_v2", "adagrad_v2", "adam_v2", "adamax_v2", "gradient_descent_v2"),
    *("nadam_v2", "rmsprop_v2"),
)

#: Files of applications -> theirs of today.
_NETWORKS = {
    "mobilenetv2": "mobilenet_v2",
    "mobilenetv3": "mobilenet_v3",
    "resnet_common": "resnet",
}

#: Files of the package that Keras 2.2 took its images from.
_IMAGES = (
    *("affine_transformations", "dataframe_iterator", "directory_iterator"),
    *("image_data_generator", "iterator", "numpy_array_iterator", "utils"),
)

#: Files that were about saving.
_SAVING_FILES = (
    *("legacy", "legacy.model_config"),
    *("legacy.save", "legacy.serialization", "model_config", "object_registration"),
    *("save", "saving_api", "saving_lib", "serialization_lib"),
)

#: Path below `keras` -> rooms below `keratorch`.
PATHS: dict[str, tuple[str, ...]] = {
    **{
        f"applications.{file}": (f"applications.{today}",)
        for file, today in _NETWORKS.items()
    },
    "activations.activations": ("activations",),
    "applications.applications": ("applications",),
    "backend": ("compat.functions.backend_functions",),
    "backend.cntk_backend": ("backend",),
    "backend.common": ("backend",),
    "backend.common.keras_tensor": ("symbolic",),
    "backend.common.variables": ("backend", "variable"),
    "backend.load_backend": ("backend",),
    "backend.tensorflow_backend": ("backend",),
    "backend.theano_backend": ("backend",),
    "backend_config": ("backend",),
    "callbacks.callbacks": ("callbacks",),
    "callbacks.experimental": ("callbacks",),
    "callbacks.tensorboard_callback": ("callbacks",),
    "callbacks.tensorboard_v1": ("callbacks",),
    "callbacks.tensorboard_v2": ("callbacks",),
    "callbacks_v1": ("callbacks",),
    "constraints.constraints": ("constraints",),
    "datasets.data_utils": ("utils",),
    "engine": _ENGINE,
    **{f"engine.{file}": _ENGINE for file in _ENGINE_FILES},
    "experimental": ("models", "layers", "optimizers.schedules"),
    "feature_column": ("layers",),
    **{
        f"feature_column.{file}": ("layers",)
        for file in ("dense_features", "dense_features_v2")
    },
    "initializations": ("compat.layers.initializations", "initializers"),
    "initializers.initializers": ("initializers",),
    "initializers.initializers_v1": ("initializers",),
    "initializers.initializers_v2": ("initializers",),
    "layers.advanced_activations": ("layers",),
    "layers.activation": ("layers",),
    "layers.activations": ("layers", "activations"),  # which a star brought, too
    "layers.attention": ("layers",),
    "layers.containers": ("models",),
    "layers.convolutional": ("layers",),
    "layers.convolutional_recurrent": ("layers",),
    "layers.core": ("layers",),
    "layers.cudnn_recurrent": ("layers",),
    "layers.dense_attention": ("layers",),
    "layers.embeddings": ("layers",),
    "layers.experimental": ("layers",),
    "layers.experimental.preprocessing": ("layers",),
    "layers.local": ("layers",),
    "layers.locally_connected": ("layers",),
    "layers.merge": ("layers",),
    "layers.merging": ("layers",),
    "layers.noise": ("layers",),
    "layers.normalization": ("layers",),
    "layers.normalization_v2": ("layers",),
    "layers.pooling": ("layers",),
    "layers.preprocessing": ("layers",),
    "layers.recurrent": ("layers", "compat.layers.older_recurrent"),
    "layers.recurrent_v2": ("layers",),
    "layers.regularization": ("layers",),
    "layers.reshaping": ("layers",),
    "layers.rnn": ("layers",),
    "layers.wrappers": ("layers",),
    **{f"layers.{file}": ("layers",) for file in _LAYER_FILES},
    "legacy": ("layers", *_ENGINE),
    "legacy.interfaces": ("compat.functions.interfaces",),
    "legacy.layers": ("layers",),
    "legacy.models": ("models",),
    "legacy.preprocessing": ("preprocessing",),
    "legacy.preprocessing.image": ("preprocessing.image",),
    "legacy.preprocessing.sequence": ("preprocessing.sequence",),
    "legacy.preprocessing.text": ("preprocessing.text",),
    "losses.loss_reduction": ("losses",),
    "losses.losses": ("losses",),
    "metrics": ("compat.metrics.older_metrics",),
    "metrics.base_metric": ("metrics",),
    "metrics.confusion_metrics": ("metrics",),
    "metrics.metrics": ("metrics",),
    "mixed_precision.experimental": ("mixed_precision",),
    "mixed_precision.loss_scale_optimizer": ("optimizers",),
    "mixed_precision.policy": ("mixed_precision",),
    "models.cloning": ("models",),
    "models.models": ("models",),
    "objectives": ("losses",),
    "optimizers": ("compat.training.older_optimizers",),
    "optimizer_v1": ("optimizers",),
    "optimizers.experimental": ("optimizers",),
    "optimizers.base_optimizer": ("optimizers",),
    "optimizers.optimizer_v1": ("optimizers",),
    "optimizers.optimizers": ("optimizers",),
    "optimizers.optimizer_experimental": ("optimizers", "optimizers.schedules"),
    **{f"optimizers.{name}": _BEFORE_2_11 for name in _OPTIMIZER_MODULES},
    "optimizers.schedules.learning_rate_schedule": ("optimizers.schedules",),
    **dict.fromkeys(_OPTIMIZERS, _BEFORE_2_11),
    **{
        f"{folder}.{file}": _BEFORE_2_11
        for folder in _OPTIMIZERS
        for file in _OPTIMIZER_FILES
    },
    "preprocessing": ("utils",),
    "preprocessing.image": ("utils", "layers", "compat.functions.older_preprocessing"),
    **{f"preprocessing.image.{file}": ("preprocessing.image",) for file in _IMAGES},
    "preprocessing.image_dataset": ("utils",),
    "preprocessing.sequence": ("utils",),
    "preprocessing.text": ("utils", "compat.functions.older_preprocessing"),
    "preprocessing.text_dataset": ("utils",),
    "preprocessing.timeseries": ("utils",),
    "premade": _ENGINE,
    "random.seed_generator": ("random",),
    "regularizers.regularizers": ("regularizers",),
    **{f"saving.{file}": ("saving", "models", "utils") for file in _SAVING_FILES},
    "utils.all_utils": ("utils",),
    "utils.audio_dataset": ("utils",),
    "utils.conv_utils": ("compat.functions.conv_utils", "utils"),
    "utils.data_utils": ("utils",),
    "utils.dataset_utils": ("utils",),
    "utils.generic_utils": ("utils", "compat.functions.generic_utils"),
    "utils.feature_space": ("utils",),
    "utils.image_dataset": ("utils",),
    "utils.image_utils": ("utils", "preprocessing.image"),
    "utils.io_utils": ("utils",),
    "utils.layer_utils": ("utils", "compat.functions.older_utils"),
    "utils.losses_utils": ("losses", "utils"),
    "utils.metrics_utils": ("metrics", "utils"),
    "utils.multi_gpu_utils": ("utils",),
    "utils.model_visualization": ("utils",),
    "utils.np_utils": (
        "utils",
        "compat.functions.older_utils",
        "compat.functions.conv_utils",
    ),
    "utils.test_utils": ("compat.functions.sample_data",),
    "utils.tf_utils": ("utils", "compat.functions.tf_utils"),
    "utils.summary_utils": ("utils", "compat.functions.older_utils"),
    "utils.text_dataset": ("utils",),
    "utils.timeseries_dataset": ("utils",),
    "utils.training_utils": ("utils",),
    "utils.vis_utils": ("utils",),
    "utils.visualize_util": ("utils",),
    "wrappers.scikit_learn": ("wrappers",),
}

#: The same library under its other names, longest first.
ROOTS = (
    "tensorflow.python.keras.api._v2.keras",
    "tensorflow.python.keras",
    "tensorflow.contrib.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.keras",
    "keras_core",
    "tf_keras",
    "keras",
)

#: What stands between a root and a path, and means nothing.
_HOLLOW = (
    "_impl.keras.",
    "_impl.",
    "api._v2.keras.",
    "_tf_keras.keras.",
    "api.keras.",
    "api._v2.",
    "_tf_keras.",
    "api.",
    "src.",
    "python.",
)


def modern_path(path: str) -> str:
    """Return the path without the parts that only Keras's own folders had.

    Examples
    --------
    >>> modern_path("src.layers.core.dense"), modern_path("layers"), modern_path("src")
    ('layers.core.dense', 'layers', '')
    """
    for part in _HOLLOW:
        if f"{path}.".startswith(part):
            return path[len(part) :]
    return path
