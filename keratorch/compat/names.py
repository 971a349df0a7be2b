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
    "AbstractRNNCell": "compat.layers.older_recurrent.AbstractRNNCell",
    "AtrousConvolution1D": "layers.Conv1D",
    "AtrousConvolution2D": "layers.Conv2D",
    "AtrousConv1D": "layers.Conv1D",
    "AtrousConv2D": "layers.Conv2D",
    "BaseConv": "compat.layers.older_layers.BaseConv",
    "BaseConvTranspose": "compat.layers.older_layers.BaseConvTranspose",
    "BatchNormalizationV1": "layers.BatchNormalization",
    "BatchNormalizationV2": "layers.BatchNormalization",
    "SyncBatchNormalization": "layers.BatchNormalization",
    "ConvRecurrent2D": Gone("use ConvLSTM2D."),
    "CuDNNGRU": "compat.layers.cudnn_layers.CuDNNGRU",
    "CuDNNLSTM": "compat.layers.cudnn_layers.CuDNNLSTM",
    "Deconv2D": "layers.Conv2DTranspose",
    "Deconv3D": "layers.Conv3DTranspose",
    "Deconvolution2D": "compat.layers.older_layers.Deconvolution2D",
    "Deconvolution3D": "layers.Conv3DTranspose",
    "DropoutRNNCellMixin": "compat.layers.older_recurrent.DropoutRNNCellMixin",
    "DenseFeatures": "compat.tf.pipeline.dense_features.DenseFeatures",
    "Highway": "compat.layers.dropped_layers.Highway",
    "InputSpec": "layers.InputSpec",
    "LocallyConnected1D": "compat.layers.locally_connected.LocallyConnected1D",
    "LocallyConnected2D": "compat.layers.locally_connected.LocallyConnected2D",
    "MaxoutDense": "compat.layers.dropped_layers.MaxoutDense",
    "Merge": "compat.layers.merging.Merge",
    "_Conv": "compat.layers.older_layers.BaseConv",
    "_Merge": "compat.layers.merging.OwnMerge",
    **{
        f"{start}{kind}{n}D": f"compat.layers.older_layers.{kind.lstrip('_')}{n}D"
        for kind in ("GlobalPooling", "Pooling")
        for n in (1, 2, 3)
        for start in (("", "_") if kind == "GlobalPooling" else ("_",))
    },
    "PreprocessingLayer": "layers.Layer",
    "ParametricSoftplus": "compat.layers.dropped_activations.ParametricSoftplus",
    "RandomHeight": "compat.layers.random_sizes.RandomHeight",
    "RandomWidth": "compat.layers.random_sizes.RandomWidth",
    "Recurrent": "compat.layers.older_recurrent.Recurrent",
    "SReLU": "compat.layers.dropped_activations.SReLU",
    "Sequential": "models.Sequential",
    "_time_distributed_dense": "compat.layers.older_recurrent._time_distributed_dense",
    "Graph": "compat.models.graph_model.Graph",
    "ThresholdedReLU": "compat.layers.older_layers.ThresholdedReLU",
    "TimeDistributedDense": "layers.Dense",
    "TimeDistributedMerge": "compat.layers.dropped_layers.TimeDistributedMerge",
    "Wrapper": "layers.Wrapper",
    # Keras 0's
    "AutoEncoder": "compat.layers.auto_encoder.AutoEncoder",
    "JZS1": Gone("Keras dropped it. Use GRU."),
    "JZS2": Gone("Keras dropped it. Use GRU."),
    "JZS3": Gone("Keras dropped it. Use GRU."),
    "LRN2D": Gone("Keras dropped it. Use BatchNormalization."),
    "LambdaMerge": Gone("Keras dropped it. Use Lambda on a list."),
    "MaskedLayer": "layers.Layer",
    "Siamese": Gone("Keras dropped it. Call one layer twice."),
    "SiameseHead": Gone("Keras dropped it. Call one layer twice."),
    "SimpleDeepRNN": Gone("Keras dropped it. Use SimpleRNN."),
    "ThresholdedLinear": Gone("Keras dropped it. Use ThresholdedReLU."),
    "WordContextProduct": ("compat.layers.word_context_product.WordContextProduct"),
    "add_shared_layer": Gone("Keras dropped it. Call one layer twice."),
}

#: What Keras 2's files imported, and gave on to `from keras.layers import *`.
_IMPORTED: dict[str, Target] = {
    "K": "backend",
    "activations": "activations",
    "constraints": "constraints",
    "conv_utils": "compat.functions.conv_utils",
    "initializations": "compat.layers.initializations",
    "initializers": "initializers",
    "interfaces": "compat.functions.interfaces",
    "np": "compat.functions.older_utils.np",
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
    **{
        name: f"compat.functions.older_images.{name}"
        for name in (
            "asymmetric_spatial_2d_padding",
            "asymmetric_temporal_padding",
            "atrous_conv2d",
            "deconv2d",
        )
    },
    "pack": "backend.stack",
    "image_dim_ordering": "compat.functions.older_backend.image_dim_ordering",
    "set_image_dim_ordering": "compat.functions.older_backend.set_image_dim_ordering",
    "learning_phase_scope": "compat.functions.older_backend.learning_phase_scope",
    "set_learning_phase": "compat.functions.older_backend.set_learning_phase",
    "learning_phase": "compat.functions.older_backend.learning_phase",
    "local_conv1d": "compat.layers.locally_connected.local_conv1d",
    "local_conv2d": "compat.layers.locally_connected.local_conv2d",
    "manual_variable_initialization": "compat.functions.older_backend.harmless",
    "get_session": "compat.functions.older_backend.get_session",
    "set_session": "compat.functions.older_backend.harmless",
    "normalize_data_format": "compat.functions.conv_utils.normalize_data_format",
    "tf": "compat.tf.tensorflow",
    "common": "backend",
    "_get_available_gpus": "compat.functions.older_backend.no_gpus",
}

_INITIALIZERS: dict[str, Target] = {
    "normal": "initializers.RandomNormal",
    "uniform": "initializers.RandomUniform",
    "zero": "initializers.Zeros",
    "one": "initializers.Ones",
    "_compute_fans": "compat.layers.initializations._compute_fans",
    "VarianceScalingV2": "initializers.VarianceScaling",
}

_LOSSES: dict[str, Target] = {
    "cosine": "losses.cosine_similarity",
    "cosine_proximity": "losses.cosine_similarity",
    "kullback_leibler_divergence": "losses.kl_divergence",
    "kld": "losses.kl_divergence",
    "KLD": "losses.kl_divergence",
    "Reduction": "compat.metrics.older_losses.Reduction",
    "ReductionV2": "compat.metrics.older_losses.Reduction",
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
    "l1l2": "compat.functions.older_regularizers.l1_l2",
    "EigenvalueRegularizer": Gone("Keras dropped it. Use L2."),
    "WeightRegularizer": "regularizers.L1L2",
    "ActivityRegularizer": "regularizers.L1L2",
    "activity_l1": "regularizers.L1",
    "activity_l2": "regularizers.L2",
    "activity_l1l2": "compat.functions.older_regularizers.l1_l2",
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

_KERNELS = "compat.functions.turned_kernels"
_UTILS: dict[str, Target] = {
    **{
        name: f"compat.functions.older_utils.{name}"
        for name in ("accuracy", "binary_logloss", "multiclass_logloss")
    },
    "HDF5Matrix": "compat.functions.hdf5_matrix.HDF5Matrix",
    "Sequence": "utils.PyDataset",
    "OrderedEnqueuer": "compat.training.enqueuers.OrderedEnqueuer",
    "get_source_inputs": "compat.functions.older_utils.get_source_inputs",
    "count_params": "compat.functions.older_utils.count_params",
    "print_layer_summary": "compat.functions.older_utils.print_layer_summary",
    "GeneratorEnqueuer": "compat.training.enqueuers.GeneratorEnqueuer",
    "categorical_probas_to_classes": "compat.functions.older_utils.probas_to_classes",
    "convert_all_kernels_in_model": f"{_KERNELS}.convert_all_kernels_in_model",
    "convert_dense_weights_data_format": (
        f"{_KERNELS}.convert_dense_weights_data_format"
    ),
    "convert_kernel": f"{_KERNELS}.convert_kernel",
    "multi_gpu_model": "compat.functions.older_utils.unchanged",
    "np_utils": "utils",
    "plot": "utils.plot_model",
    "print_summary": "compat.functions.older_utils.print_summary",
    "probas_to_classes": "compat.functions.older_utils.probas_to_classes",
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
    "model_from_yaml": "compat.models.older_yaml.model_from_yaml",
    **{name: f"layers.{name}" for name in ("Layer", "Input", "InputLayer", "Lambda")},
}

_MODELS |= {  # Keras 0 trained there
    name: f"compat.training.older_training.{name}"
    for name in ("batch_shuffle", "make_batches", "slice_X", "weighted_objective")
}
_BACKEND_TOO: dict[str, Target] = {"K": "backend", "np": _IMPORTED["np"]}

#: Room -> older name -> modern name, from below `keratorch`.
NAMES: dict[str, dict[str, Target]] = {
    "": {"keras": "", "newaxis": Gone("write None."), "estimator": Gone("it is gone.")},
    "applications": {},
    "applications.imagenet_utils": {
        "_obtain_input_shape": "applications.imagenet_utils.obtain_input_shape",
    },
    "applications.mobilenet": {
        "DepthwiseConv2D": "layers.DepthwiseConv2D",
        "relu6": "activations.relu6",
    },
    "applications.resnet50": {
        name: f"compat.functions.residual_blocks.{name}"
        for name in ("conv_block", "identity_block")
    },
    "activations": {"swish": "activations.silu", "K": "backend"},
    "backend": _BACKEND,
    "callbacks": {
        "BaseLogger": "compat.training.older_callbacks.BaseLogger",
        "Progbar": "utils.Progbar",
        **_BACKEND_TOO,
    },
    "config": {},
    "constraints": _CONSTRAINTS,
    "initializers": {**_INITIALIZERS, **_BACKEND_TOO},
    "layers": {**_LAYERS, **_IMPORTED, "merge": "compat.layers.merging.merge"},
    "losses": {
        **_LOSSES,
        **_BACKEND_TOO,
        **dict.fromkeys(
            ("RMSE", "rmse", "root_mean_squared_error"),
            "compat.metrics.older_losses.root_mean_squared_error",
        ),
        "epsilon": "backend.epsilon",
        "is_categorical_crossentropy": (
            "compat.metrics.older_losses.is_categorical_crossentropy"
        ),
    },
    "metrics": {
        **_LOSSES,
        **{name: f"losses.{name}" for name in _LOSS_FUNCTIONS},
        "clone_metric": "compat.metrics.clones.clone_metric",
        "clone_metrics": "compat.metrics.clones.clone_metrics",
        "K": "backend",
    },
    "models": {**_MODELS, **_BACKEND_TOO},
    "mixed_precision": {"set_policy": "mixed_precision.set_global_policy"},
    "ops": {},
    "metrics.accuracy_metrics": {
        name: f"metrics.{name}"
        for name in (
            *("binary_accuracy", "categorical_accuracy", "top_k_categorical_accuracy"),
            *("sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy"),
        )
    },
    "metrics.regression_metrics": {"R2Score": "metrics.R2Score"},
    "optimizers": {
        **_OPTIMIZERS,
        **_BACKEND_TOO,
        "OptimizerV2": "optimizers.Optimizer",
        "interfaces": _IMPORTED["interfaces"],
        "TFOptimizer": Gone("there is no TensorFlow. Use an optimizer of Keras."),
    },
    "optimizers.schedules": {
        name: f"compat.training.older_schedules.{name}"
        for name in ("LinearCosineDecay", "NoisyLinearCosineDecay")
    },
    "preprocessing.image": {
        "image": "preprocessing.image",  # what 2.2 imported from a package of its own
        "np": _IMPORTED["np"],
        **{
            name: f"compat.functions.older_preprocessing.{name}"
            for name in ("flip_axis", "list_pictures", "transform_matrix_offset_center")
        },
    },
    "preprocessing.sequence": {
        "sequence": "preprocessing.sequence",
        "np": _IMPORTED["np"],
    },
    "preprocessing.text": {"text": "preprocessing.text", "np": _IMPORTED["np"]},
    "random": {"set_seed": "random.set_seed"},
    "regularizers": {**_REGULARIZERS, "K": "backend"},
    "utils": {**_UTILS, "np": _IMPORTED["np"]},
    "wrappers": {},
    "wrappers.scikit_learn": {"BaseWrapper": "wrappers.scikit_learn._Wrapper"},
}
