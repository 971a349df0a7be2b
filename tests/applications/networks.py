"""Which networks are compared with Keras, how, and with which weights."""

import hashlib

import numpy as np

_NAMES = """
VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2
DenseNet121 DenseNet169 DenseNet201 InceptionV3 InceptionResNetV2 Xception
MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large NASNetMobile NASNetLarge
EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4
EfficientNetB5 EfficientNetB6 EfficientNetB7
EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3
EfficientNetV2S EfficientNetV2M EfficientNetV2L
ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge ConvNeXtXLarge
"""
#: Every network, which is compared as it is by default, but for the weights.
EVERY = _NAMES.split()


def small(size, **more):
    """A network for small images of 3 classes, whose scores are compared."""
    shape = (size, size, 3)
    return {"input_shape": shape, "classes": 3, "classifier_activation": None, **more}


def features(size, **more):
    return {"input_shape": (size, size, 3), "include_top": False, **more}


#: Name, arguments: networks that are run. Each family, in its small members.
RUN = [
    ("VGG16", features(32, pooling="avg")),
    ("VGG19", features(32)),
    ("ResNet50", small(32)),
    ("ResNet50V2", features(33, pooling="max")),
    ("DenseNet121", small(32)),
    ("InceptionV3", small(75)),
    ("InceptionResNetV2", features(75, pooling="avg")),
    ("Xception", small(71)),
    ("MobileNet", small(32, alpha=0.25, depth_multiplier=2)),
    ("MobileNet", features(35, alpha=0.5, pooling="avg")),
    ("MobileNetV2", small(32, alpha=0.35)),
    ("MobileNetV2", features(34, alpha=1.3)),
    ("MobileNetV3Small", small(33, alpha=0.75)),
    ("MobileNetV3Large", features(40, alpha=1.25, pooling="max")),
    ("MobileNetV3Large", small(32, minimalistic=True, include_preprocessing=False)),
    ("NASNetMobile", small(32)),
    ("EfficientNetB0", small(33)),
    ("EfficientNetV2B0", small(32)),
    ("EfficientNetV2B1", features(40, include_preprocessing=False, pooling="avg")),
    ("EfficientNetV2S", features(32, pooling="avg")),
    ("ConvNeXtTiny", small(32)),
    ("ConvNeXtTiny", features(40, include_preprocessing=False, pooling="max")),
]


def key(name, arguments):
    given = ", ".join(f"{k}={v!r}" for k, v in arguments.items())
    return f"{name}({given})"


def facts(model):
    """What a network is, short: names, shapes and counts."""
    return {
        "name": model.name,
        "layers": len(model.layers),
        "layer_names": digest([layer.name for layer in model.layers]),
        "weights": digest([[w.name, list(w.shape)] for w in model.weights]),
        "parameters": int(model.count_params()),
        "trained": len(model.trainable_weights),
        "output_shape": list(model.output_shape),
    }


def digest(names):
    return hashlib.sha256(repr(names).encode()).hexdigest()[:16]


def certain_weights(model):
    """Weights by which images keep their scale, the same in every library."""
    rng = np.random.default_rng(0)
    return [
        certain(w.name, tuple(w.shape), rng).astype("float32") for w in model.weights
    ]


def certain(name, shape, rng):
    if name in ("moving_variance", "variance"):
        return 0.8 + 0.4 * rng.random(shape)
    if name == "gamma":
        return 0.5 + 0.6 * rng.random(shape)
    if len(shape) < 2:
        return 0.1 * rng.normal(size=shape)
    return rng.normal(size=shape) * np.sqrt(2 / fan_in(shape))


def fan_in(shape):
    depthwise = len(shape) == 4 and shape[3] <= 2 < shape[2]
    return np.prod(shape[:2] if depthwise else shape[:-1])


def images(arguments):
    rng = np.random.default_rng(1)
    return rng.random((2, *arguments["input_shape"])).astype("float32")


def some(outputs):
    """A few of a network's numbers, from all over its outputs."""
    flat = np.asarray(outputs).ravel()
    return flat[:: max(1, len(flat) // 6)][:6]
