"""Names of older Keras versions, and of TensorFlow's, that rooms are asked for.

A name leads to the modern one, written from below `keratorch`; or, as `Gone`, to the
reason why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gone:
    """A name that nothing stands for today."""

    reason: str


Target = str | Gone

_LAYERS: dict[str, Target] = {
    "AtrousConvolution1D": "layers.Conv1D",
    "AtrousConvolution2D": "layers.Conv2D",
    "AtrousConv1D": "layers.Conv1D",
    "AtrousConv2D": "layers.Conv2D",
    "BatchNormalizationV1": "layers.BatchNormalization",
    "BatchNormalizationV2": "layers.BatchNormalization",
    "SyncBatchNormalization": "layers.BatchNormalization",
    "ConvRecurrent2D": Gone("use ConvLSTM2D."),
    "CuDNNGRU": "layers.GRU",
    "CuDNNLSTM": "layers.LSTM",
    "Deconv2D": "layers.Conv2DTranspose",
    "Deconv3D": "layers.Conv3DTranspose",
    "Deconvolution2D": "compat.older_layers.Deconvolution2D",
    "Deconvolution3D": "layers.Conv3DTranspose",
    "DenseFeatures": Gone(
        "it reads TensorFlow's feature columns. Use CategoryEncoding."
    ),
    "Highway": "compat.dropped_layers.Highway",
    "InputSpec": "layers.InputSpec",
    "LocallyConnected1D": "compat.locally_connected.LocallyConnected1D",
    "LocallyConnected2D": "compat.locally_connected.LocallyConnected2D",
    "MaxoutDense": "compat.dropped_layers.MaxoutDense",
    "Merge": "compat.merging.Merge",
    "_Merge": "compat.merging.OwnMerge",
    "ParametricSoftplus": Gone("Keras dropped it. Use PReLU."),
    "RandomHeight": "compat.random_sizes.RandomHeight",
    "RandomWidth": "compat.random_sizes.RandomWidth",
    "Recurrent": "compat.older_recurrent.Recurrent",
    "SReLU": Gone("Keras dropped it. Use PReLU."),
    "Sequential": "models.Sequential",
    "_time_distributed_dense": "compat.older_recurrent._time_distributed_dense",
    "Graph": "compat.graph_model.Graph",
    "ThresholdedReLU": "compat.older_layers.ThresholdedReLU",
    "TimeDistributedDense": "layers.Dense",
    "TimeDistributedMerge": Gone("Keras dropped it. Use GlobalAveragePooling1D."),
    "Wrapper": "layers.Wrapper",
}

#: What Keras 2's files imported, and gave on to `from keras.layers import *`.
_IMPORTED: dict[str, Target] = {
    "K": "backend",
    "activations": "activations",
    "constraints": "constraints",
    "initializers": "initializers",
    "np": "compat.older_utils.np",
    "regularizers": "regularizers",
}

_OPTIMIZERS: dict[str, Target] = {
    name.lower(): f"optimizers.{name}"
    for name in [
        "SGD",
        "RMSprop",
        "Adam",
        "AdamW",
        "Adadelta",
        "Adagrad",
        "Adamax",
        "Nadam",
        "Ftrl",
    ]
}

_BACKEND: dict[str, Target] = {
    "image_dim_ordering": "compat.older_backend.image_dim_ordering",
    "set_image_dim_ordering": "compat.older_backend.set_image_dim_ordering",
    "set_learning_phase": "compat.older_backend.set_learning_phase",
    "learning_phase": "compat.older_backend.learning_phase",
    "local_conv1d": "compat.locally_connected.local_conv1d",
    "local_conv2d": "compat.locally_connected.local_conv2d",
    "manual_variable_initialization": "compat.older_backend.harmless",
    "get_session": "compat.older_backend.get_session",
    "set_session": "compat.older_backend.harmless",
    "normalize_data_format": "compat.conv_utils.normalize_data_format",
    "tf": "compat.tf.tensorflow",
    "common": "backend",
    "_get_available_gpus": "compat.older_backend.no_gpus",
}

_INITIALIZERS: dict[str, Target] = {
    "normal": "initializers.RandomNormal",
    "uniform": "initializers.RandomUniform",
    "zero": "initializers.Zeros",
    "one": "initializers.Ones",
    "VarianceScalingV2": "initializers.VarianceScaling",
}

_LOSSES: dict[str, Target] = {
    "cosine": "losses.cosine_similarity",
    "cosine_proximity": "losses.cosine_similarity",
    "kullback_leibler_divergence": "losses.kl_divergence",
    "kld": "losses.kl_divergence",
    "KLD": "losses.kl_divergence",
    "Reduction": "compat.older_losses.Reduction",
    "ReductionV2": "compat.older_losses.Reduction",
    "logcosh": "losses.log_cosh",
    "huber_loss": "losses.huber",
    **{
        short: f"losses.{long}"
        for short, long in {
            "mse": "mean_squared_error",
            "MSE": "mean_squared_error",
            "mae": "mean_absolute_error",
            "MAE": "mean_absolute_error",
            "mape": "mean_absolute_percentage_error",
            "MAPE": "mean_absolute_percentage_error",
            "msle": "mean_squared_logarithmic_error",
            "MSLE": "mean_squared_logarithmic_error",
            "bce": "binary_crossentropy",
        }.items()
    },
}
_LOSS_FUNCTIONS = [
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "squared_hinge",
    "hinge",
    "categorical_hinge",
    "log_cosh",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "kl_divergence",
    "poisson",
    "cosine_similarity",
]

_REGULARIZERS: dict[str, Target] = {
    "l1": "regularizers.L1",
    "l2": "regularizers.L2",
    "l1l2": "regularizers.L1L2",
    "l1_l2": "regularizers.L1L2",
    "WeightRegularizer": "regularizers.L1L2",
    "ActivityRegularizer": "regularizers.L1L2",
    "activity_l1": "regularizers.L1",
    "activity_l2": "regularizers.L2",
    "activity_l1l2": "regularizers.L1L2",
}

_CONSTRAINTS: dict[str, Target] = {
    "maxnorm": "constraints.MaxNorm",
    "max_norm": "constraints.MaxNorm",
    "nonneg": "constraints.NonNeg",
    "non_neg": "constraints.NonNeg",
    "unitnorm": "constraints.UnitNorm",
    "unit_norm": "constraints.UnitNorm",
    "min_max_norm": "constraints.MinMaxNorm",
}

_UTILS: dict[str, Target] = {
    "HDF5Matrix": Gone("Keras dropped it. Open the file with h5py and slice it."),
    "Sequence": "utils.PyDataset",
    "OrderedEnqueuer": Gone("fit takes a PyDataset itself."),
    "get_source_inputs": "compat.older_utils.get_source_inputs",
    "count_params": "compat.older_utils.count_params",
    "print_layer_summary": "compat.older_utils.print_layer_summary",
    "GeneratorEnqueuer": Gone("fit takes a generator itself."),
    "categorical_probas_to_classes": "compat.older_utils.probas_to_classes",
    "convert_all_kernels_in_model": "compat.older_utils.unchanged",
    "convert_kernel": "compat.older_utils.convert_kernel",
    "multi_gpu_model": "compat.older_utils.unchanged",
    "np_utils": "utils",
    "plot": "utils.plot_model",
    "print_summary": "compat.older_utils.print_summary",
    "probas_to_classes": "compat.older_utils.probas_to_classes",
    "serialize_keras_object": "saving.serialize_keras_object",
    "deserialize_keras_object": "saving.deserialize_keras_object",
    "custom_object_scope": "saving.custom_object_scope",
    "CustomObjectScope": "saving.custom_object_scope",
    "get_custom_objects": "saving.get_custom_objects",
    "register_keras_serializable": "saving.register_keras_serializable",
}

_MODELS: dict[str, Target] = {
    name: f"saving.{name}" for name in ("load_model", "save_model")
}
_MODELS |= {
    "Graph": _LAYERS["Graph"],
    "model_from_config": "models.model_from_json",
    "model_from_yaml": Gone("loading YAML could run code. Use model_from_json."),
    **{name: f"layers.{name}" for name in ("Layer", "Input", "InputLayer", "Lambda")},
}

#: Room -> older name -> modern name, from below `keratorch`.
NAMES: dict[str, dict[str, Target]] = {
    "": {"keras": "", "newaxis": Gone("write None."), "estimator": Gone("it is gone.")},
    "applications": {},
    "applications.imagenet_utils": {
        "_obtain_input_shape": "applications.imagenet_utils.obtain_input_shape",
    },
    "activations": {"swish": "activations.silu"},
    "backend": _BACKEND,
    "callbacks": {"BaseLogger": "compat.older_callbacks.BaseLogger"},
    "config": {},
    "constraints": _CONSTRAINTS,
    "initializers": _INITIALIZERS,
    "layers": {**_LAYERS, **_IMPORTED, "merge": "compat.merging.merge"},
    "losses": _LOSSES,
    "metrics": {**_LOSSES, **{name: f"losses.{name}" for name in _LOSS_FUNCTIONS}},
    "models": {**_MODELS, "K": "backend", "np": _IMPORTED["np"]},
    "mixed_precision": {"set_policy": "mixed_precision.set_global_policy"},
    "ops": {},
    "optimizers": {**_OPTIMIZERS, "K": "backend"},
    "random": {"set_seed": "random.set_seed"},
    "regularizers": _REGULARIZERS,
    "utils": {**_UTILS, "np": _IMPORTED["np"]},
    "wrappers": {},
}
