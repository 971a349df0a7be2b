"""Layers: one concept a file."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.layers.activation import Activation
    from keratorch.layers.activity_regularization import ActivityRegularization
    from keratorch.layers.adaptive_pooling import (
        AdaptiveAveragePooling1D,
        AdaptiveAveragePooling2D,
        AdaptiveAveragePooling3D,
        AdaptiveMaxPooling1D,
        AdaptiveMaxPooling2D,
        AdaptiveMaxPooling3D,
    )
    from keratorch.layers.alpha_dropout import AlphaDropout
    from keratorch.layers.attention import (
        AdditiveAttention,
        Attention,
        GroupQueryAttention,
        MultiHeadAttention,
    )
    from keratorch.layers.batch_normalization import BatchNormalization
    from keratorch.layers.category_encoding import CategoryEncoding
    from keratorch.layers.convolution import Conv1D, Conv2D, Conv3D
    from keratorch.layers.convolution_transpose import (
        Conv1DTranspose,
        Conv2DTranspose,
        Conv3DTranspose,
    )
    from keratorch.layers.cropping import Cropping1D, Cropping2D, Cropping3D
    from keratorch.layers.dense import Dense
    from keratorch.layers.depthwise_convolution import DepthwiseConv1D, DepthwiseConv2D
    from keratorch.layers.dropout import Dropout
    from keratorch.layers.einsum_dense import EinsumDense
    from keratorch.layers.elu import ELU
    from keratorch.layers.embedding import Embedding
    from keratorch.layers.flatten import Flatten
    from keratorch.layers.gaussian_dropout import GaussianDropout
    from keratorch.layers.gaussian_noise import GaussianNoise
    from keratorch.layers.global_pooling import (
        GlobalAveragePooling1D,
        GlobalAveragePooling2D,
        GlobalAveragePooling3D,
        GlobalMaxPooling1D,
        GlobalMaxPooling2D,
        GlobalMaxPooling3D,
    )
    from keratorch.layers.group_normalization import GroupNormalization
    from keratorch.layers.identity import Identity
    from keratorch.layers.input import Input, InputLayer
    from keratorch.layers.input_spec import InputSpec
    from keratorch.layers.lambda_layer import Lambda
    from keratorch.layers.layer import Layer
    from keratorch.layers.layer_normalization import LayerNormalization
    from keratorch.layers.leaky_re_lu import LeakyReLU
    from keratorch.layers.masking import Masking
    from keratorch.layers.merging.concatenate import Concatenate, concatenate
    from keratorch.layers.merging.dot import Dot, dot
    from keratorch.layers.merging.elementwise import (
        Add,
        Average,
        Maximum,
        Minimum,
        Multiply,
        Subtract,
        add,
        average,
        maximum,
        minimum,
        multiply,
        subtract,
    )
    from keratorch.layers.normalization import Normalization
    from keratorch.layers.p_re_lu import PReLU
    from keratorch.layers.permute import Permute
    from keratorch.layers.pooling import (
        AveragePooling1D,
        AveragePooling2D,
        AveragePooling3D,
        MaxPooling1D,
        MaxPooling2D,
        MaxPooling3D,
    )
    from keratorch.layers.preprocessing import (
        AugMix,
        AutoContrast,
        CenterCrop,
        ContrastLimitedAdaptiveHistogramEqualization,
        CutMix,
        Discretization,
        Equalization,
        HashedCrossing,
        Hashing,
        IntegerLookup,
        MaxNumBoundingBoxes,
        MelSpectrogram,
        MixUp,
        Pipeline,
        RandAugment,
        RandomBrightness,
        RandomColorDegeneration,
        RandomColorJitter,
        RandomContrast,
        RandomCrop,
        RandomElasticTransform,
        RandomErasing,
        RandomFlip,
        RandomGaussianBlur,
        RandomGrayscale,
        RandomHue,
        RandomInvert,
        RandomPerspective,
        RandomPosterization,
        RandomRotation,
        RandomSaturation,
        RandomSharpness,
        RandomShear,
        RandomTranslation,
        RandomZoom,
        Resizing,
        Solarization,
        STFTSpectrogram,
        StringLookup,
        TextVectorization,
    )
    from keratorch.layers.re_lu import ReLU
    from keratorch.layers.recurrent import (
        GRU,
        LSTM,
        RNN,
        Bidirectional,
        ConvLSTM1D,
        ConvLSTM2D,
        ConvLSTM3D,
        GRUCell,
        LSTMCell,
        SimpleRNN,
        SimpleRNNCell,
        StackedRNNCells,
        TimeDistributed,
        Wrapper,
    )
    from keratorch.layers.repeat_vector import RepeatVector
    from keratorch.layers.rescaling import Rescaling
    from keratorch.layers.reshape import Reshape
    from keratorch.layers.reversible_embedding import ReversibleEmbedding
    from keratorch.layers.rms_normalization import RMSNormalization
    from keratorch.layers.separable_convolution import SeparableConv1D, SeparableConv2D
    from keratorch.layers.serialization import deserialize, serialize
    from keratorch.layers.softmax import Softmax
    from keratorch.layers.spatial_dropout import (
        SpatialDropout1D,
        SpatialDropout2D,
        SpatialDropout3D,
    )
    from keratorch.layers.spectral_normalization import SpectralNormalization
    from keratorch.layers.unit_normalization import UnitNormalization
    from keratorch.layers.up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
    from keratorch.layers.zero_padding import (
        ZeroPadding1D,
        ZeroPadding2D,
        ZeroPadding3D,
    )

    AvgPool1D = AveragePooling1D
    AvgPool2D = AveragePooling2D
    AvgPool3D = AveragePooling3D
    Convolution1D = Conv1D
    Convolution1DTranspose = Conv1DTranspose
    Convolution2D = Conv2D
    Convolution2DTranspose = Conv2DTranspose
    Convolution3D = Conv3D
    Convolution3DTranspose = Conv3DTranspose
    GlobalAvgPool1D = GlobalAveragePooling1D
    GlobalAvgPool2D = GlobalAveragePooling2D
    GlobalAvgPool3D = GlobalAveragePooling3D
    GlobalMaxPool1D = GlobalMaxPooling1D
    GlobalMaxPool2D = GlobalMaxPooling2D
    GlobalMaxPool3D = GlobalMaxPooling3D
    MaxPool1D = MaxPooling1D
    MaxPool2D = MaxPooling2D
    MaxPool3D = MaxPooling3D
    SeparableConvolution1D = SeparableConv1D
    SeparableConvolution2D = SeparableConv2D

_FILES = {
    "activation": "Activation",
    "activity_regularization": "ActivityRegularization",
    "adaptive_pooling": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"
    ),
    "alpha_dropout": "AlphaDropout",
    "attention": "AdditiveAttention Attention GroupQueryAttention MultiHeadAttention",
    "batch_normalization": "BatchNormalization",
    "category_encoding": "CategoryEncoding",
    "convolution": "Conv1D Conv2D Conv3D",
    "convolution_transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "cropping": "Cropping1D Cropping2D Cropping3D",
    "dense": "Dense",
    "depthwise_convolution": "DepthwiseConv1D DepthwiseConv2D",
    "dropout": "Dropout",
    "einsum_dense": "EinsumDense",
    "elu": "ELU",
    "embedding": "Embedding",
    "flatten": "Flatten",
    "gaussian_dropout": "GaussianDropout",
    "gaussian_noise": "GaussianNoise",
    "global_pooling": (
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    ),
    "group_normalization": "GroupNormalization",
    "identity": "Identity",
    "input": "Input InputLayer",
    "input_spec": "InputSpec",
    "lambda_layer": "Lambda",
    "layer": "Layer",
    "layer_normalization": "LayerNormalization",
    "leaky_re_lu": "LeakyReLU",
    "masking": "Masking",
    "merging": (
        "Add Average Concatenate Dot Maximum Minimum Multiply Subtract add average "
        "concatenate dot maximum minimum multiply subtract"
    ),
    "network_layers": "CustomScaleLayer LayerScale",
    "normalization": "Normalization",
    "p_re_lu": "PReLU",
    "permute": "Permute",
    "pooling": (
        "AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D "
        "MaxPooling3D"
    ),
    "preprocessing": (
        "AugMix AutoContrast CenterCrop ContrastLimitedAdaptiveHistogramEqualization "
        "CutMix Discretization Equalization HashedCrossing Hashing IntegerLookup "
        "MaxNumBoundingBoxes MelSpectrogram MixUp Pipeline "
        "RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter "
        "RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip "
        "RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective "
        "RandomPosterization RandomRotation RandomSaturation RandomSharpness "
        "RandomShear RandomTranslation RandomZoom Resizing Solarization "
        "STFTSpectrogram StringLookup TextVectorization"
    ),
    "re_lu": "ReLU",
    "recurrent": (
        "GRU LSTM RNN Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRUCell LSTMCell "
        "SimpleRNN SimpleRNNCell StackedRNNCells TimeDistributed Wrapper"
    ),
    "repeat_vector": "RepeatVector",
    "rescaling": "Rescaling",
    "reshape": "Reshape",
    "reversible_embedding": "ReversibleEmbedding",
    "rms_normalization": "RMSNormalization",
    "separable_convolution": "SeparableConv1D SeparableConv2D",
    "serialization": "deserialize serialize",
    "softmax": "Softmax",
    "spatial_dropout": "SpatialDropout1D SpatialDropout2D SpatialDropout3D",
    "spectral_normalization": "SpectralNormalization",
    "unit_normalization": "UnitNormalization",
    "up_sampling": "UpSampling1D UpSampling2D UpSampling3D",
    "zero_padding": "ZeroPadding1D ZeroPadding2D ZeroPadding3D",
}
# Keras's other names of the same layers
_ALIASES = {
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2D": "Conv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3D": "Conv3D",
    "Convolution3DTranspose": "Conv3DTranspose",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
}
# What only says why it is not there: no configuration finds it.
_REFUSED = {"other_runtimes": "FlaxLayer JaxLayer TFSMLayer TorchModuleWrapper"}
__getattr__, __dir__ = lazy.contents(__name__, _FILES | _REFUSED, _ALIASES)

#: The classes by name, which configurations look up.
LAYERS: MutableMapping[str, type[Layer]] = lazy.Table(
    __name__,
    {
        name: name
        for names in _FILES.values()
        for name in names.split()
        if name[0].isupper() and name not in ("Input", "InputSpec", "Layer")
    },
)

__all__ = [
    "Activation",
    "ActivityRegularization",
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "AugMix",
    "AutoContrast",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "BatchNormalization",
    "Bidirectional",
    "CategoryEncoding",
    "CenterCrop",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "Concatenate",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Convolution3DTranspose",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "CutMix",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Discretization",
    "Dot",
    "Dropout",
    "ELU",
    "EinsumDense",
    "Embedding",
    "Equalization",
    "Flatten",
    "GRU",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "GroupNormalization",
    "GroupQueryAttention",
    "HashedCrossing",
    "Hashing",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "IntegerLookup",
    "MaxNumBoundingBoxes",
    "LSTM",
    "LSTMCell",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "Maximum",
    "MelSpectrogram",
    "Minimum",
    "MixUp",
    "MultiHeadAttention",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "Pipeline",
    "RMSNormalization",
    "RNN",
    "RandAugment",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "ReversibleEmbedding",
    "STFTSpectrogram",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "Solarization",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "SpectralNormalization",
    "StackedRNNCells",
    "StringLookup",
    "Subtract",
    "TextVectorization",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "Wrapper",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]
