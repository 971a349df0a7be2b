"""Make `tests/data/references/preprocessing.json` from Keras's layers, on JAX.

Run by hand, in an environment with keras 3.15, jax and numpy:

    python tests/parity/make_preprocessing_references.py

Each case has a layer, its arguments, the shape of its inputs, whose values `images`
draws, and perhaps the random numbers to use; the layer's configuration; and its output
in training. Keras's layers of text need TensorFlow and are not here.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

FILE = (
    Path(__file__).resolve().parents[1] / "data" / "references" / "preprocessing.json"
)
GREY, LAST, FIRST = (2, 4, 5, 1), (2, 3, 4, 3), (2, 3, 3, 4)
UNIT = {"value_range": (0, 1)}


def cases():
    yield "Resizing", {"height": 3, "width": 7}, GREY, None
    yield (
        "Resizing",
        {"height": 2, "width": 2, "crop_to_aspect_ratio": True},
        GREY,
        None,
    )
    yield "CenterCrop", {"height": 2, "width": 2}, GREY, None
    yield "CenterCrop", {"height": 6, "width": 3}, GREY, None
    yield "RandomCrop", {"height": 2, "width": 3, "seed": 1}, GREY, (1, 2)
    yield "RandomCrop", {"height": 6, "width": 3, "seed": 1}, GREY, None
    flips = {"flips": [[[[True]]], [[[False]]]]}
    for mode in ["horizontal", "vertical", "horizontal_and_vertical"]:
        yield "RandomFlip", {"mode": mode}, GREY, flips
    for mode in ["reflect", "wrap", "constant", "nearest"]:
        yield "RandomRotation", {"factor": (0.1, 0.1), "fill_mode": mode}, GREY, None
        yield "RandomZoom", {"height_factor": (0.4, 0.4), "fill_mode": mode}, GREY, None
    turn = {"factor": (-0.3, -0.3), "interpolation": "nearest", "fill_value": 0.5}
    yield "RandomRotation", turn, GREY[1:], None
    first = {"data_format": "channels_first"}
    yield "RandomRotation", {"factor": (0.2, 0.2), **first}, FIRST, None
    yield "RandomRotation", {"factor": 0.2}, GREY, {"rotation_matrix": [[1.0] * 8] * 2}
    zoom = {"height_factor": (-0.3, -0.3), "width_factor": (0.2, 0.2)}
    yield "RandomZoom", zoom, GREY, None
    move = {"height_factor": (0.3, 0.3), "width_factor": (-0.45, -0.45)}
    yield "RandomTranslation", move, GREY, None
    yield "RandomTranslation", {**move, "fill_mode": "constant", **first}, FIRST, None
    shear = {"shear_factor": [[0.3, 0.2], [-0.4, 0.1]]}
    yield "RandomShear", {"x_factor": 0.4, "y_factor": (0.1, 0.2)}, GREY, shear
    yield "RandomBrightness", {"factor": (0.2, 0.2), **UNIT}, LAST, None
    yield (
        "RandomBrightness",
        {"factor": (-0.3, 0.1)},
        LAST,
        {"rgb_delta": [[[[0.5]]]] * 2},
    )
    contrast = {"contrast_factor": [[[[1.4]]], [[[0.6]]]]}
    yield "RandomContrast", {"factor": 0.5, **UNIT}, LAST, contrast
    yield "RandomHue", {"factor": 0.6, **UNIT}, LAST, {"factor": [0.3, -0.25]}
    yield "RandomSaturation", {"factor": (0.7, 0.7), **UNIT}, LAST, None
    yield "RandomSaturation", {"factor": (0.2, 0.2), **UNIT, **first}, FIRST, None
    jitter = {"brightness_factor": (0.1, 0.1), "saturation_factor": (0.6, 0.6)}
    yield "RandomColorJitter", {**UNIT, **jitter}, LAST, None
    yield "RandomColorDegeneration", {"factor": (0.6, 0.6), **UNIT}, LAST, None
    yield "RandomGrayscale", {"factor": 1.0}, LAST, None
    yield "RandomInvert", {"factor": (1.0, 1.0), **UNIT}, LAST, None
    yield "RandomPosterization", {"factor": 3, **UNIT}, LAST, {"shift_factor": [5, 6]}
    yield "RandomSharpness", {"factor": (0.8, 0.8), **UNIT}, LAST, None
    yield "RandomSharpness", {"factor": (0.1, 0.1), **UNIT, **first}, FIRST, None
    yield "RandomGaussianBlur", {"factor": (1.0, 1.0), "sigma": (0.7, 0.7),
                                 "kernel_size": (3, 5), **UNIT}, LAST, None  # fmt: skip
    yield "Solarization", {"addition_factor": 0.3, "threshold_factor": (0.1, 0.4),
                           **UNIT}, LAST, {"additions": [[[[20.0]]]] * 2,
                                           "thresholds": [[[[90.0]]]] * 2}  # fmt: skip
    yield "AutoContrast", UNIT, LAST, None
    yield "Equalization", UNIT, LAST, None
    yield "Equalization", {**UNIT, "bins": 32, **first}, FIRST, None
    yield "RandomPerspective", {"scale": 0.4}, GREY, {
        "apply_perspective": [True, True],
        "start_points": [[[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [4.0, 3.0]]] * 2,
        "end_points": [[[0.3, 0.2], [4.2, 0.1], [0.2, 3.3], [3.7, 2.6]]] * 2,
    }  # fmt: skip
    mix = {"mix_weight": [0.3, 0.8], "permutation_order": [1, 0]}
    yield "MixUp", {"alpha": 0.4}, GREY, mix
    for name in ["RandomErasing", "RandomElasticTransform", "CutMix", "RandAugment",
                 "AugMix"]:  # fmt: skip
        yield name, {}, None, None
    yield "Discretization", {"bin_boundaries": [0.2, 0.5]}, (2, 4), None
    yield (
        "Discretization",
        {"bin_boundaries": [0.2, 0.5], "output_mode": "count"},
        (2, 4),
        None,
    )
    yield "Discretization", {"num_bins": 3, "output_mode": "one_hot"}, None, None
    for mode in ["log", "magnitude", "psd", "real", "imag", "angle", "stft"]:
        yield "STFTSpectrogram", {"mode": mode, "frame_length": 6}, (1, 14, 2), None
    yield "STFTSpectrogram", {"mode": "psd", "frame_length": 6, "expand_dims": True,
                              "padding": "same", **first}, (1, 2, 14), None  # fmt: skip
    yield "MelSpectrogram", {"fft_length": 32, "sequence_stride": 16,
                             "num_mel_bins": 3}, (2, 64), None  # fmt: skip


def images(shape):
    import numpy as np

    return np.random.default_rng(shape).random(shape, dtype=np.float32)


def transformed(layer, x, drawn):
    import numpy as np

    if drawn is None:
        return layer(x, training=True) if "Random" in layer.name else layer(x)
    if isinstance(drawn, dict):
        drawn = {key: np.array(value) for key, value in drawn.items()}
    return layer.transform_images(x, drawn, training=True)


def adapted(layer, seed):
    """Boundaries that Discretization finds in data, at once and batch by batch."""
    import numpy as np

    data = np.random.default_rng(seed).normal(size=(5, 61)).astype("float32")
    found = []
    for batches in ([data], data):  # adapt() itself needs TensorFlow
        layer.reset_state()
        for batch in batches:
            layer.update_state(batch)
        layer.finalize_state()
        found.append(layer.bin_boundaries)
    return found


def make():
    import keras
    import numpy as np

    made = []
    for name, arguments, shape, drawn in cases():
        keras.utils.clear_session()
        layer = getattr(keras.layers, name)(name=name.lower(), **arguments)
        layer.name = name  # RandomRotation and the like are told by it
        case = {"layer": name, "arguments": arguments, "shape": shape, "drawn": drawn}
        if drawn is not None and name == "RandomRotation":
            case["shape"] = shape = None  # its random numbers here are an angle
        if shape is not None:
            out = np.asarray(transformed(layer, images(shape), drawn), "float32")
            case["output_shape"] = out.shape
            case["output"] = [float(f"{v:.5g}") for v in out.ravel()]
        made.append({**case, "config": {**layer.get_config(), "name": name.lower()}})
    bounds = [adapted(keras.layers.Discretization(num_bins=n), n) for n in (2, 5, 11)]
    return made, bounds


if __name__ == "__main__":
    found, bounds = make()
    lines = ",\n".join(json.dumps(case, default=lambda x: x.tolist()) for case in found)
    text = f'{{"cases": [\n{lines}\n],\n"boundaries": {json.dumps(bounds)}\n}}\n'
    FILE.write_text(text, encoding="utf-8")
