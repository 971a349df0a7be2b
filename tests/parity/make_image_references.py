"""Make `tests/data/references/image.json` from Keras's functions of images, on JAX.

Run by hand, in an environment with keras 3.15, jax and numpy:

    python tests/parity/make_image_references.py

Each case names a function, the shape of its images, whose values `images` draws, and
its other arguments.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

FILE = Path(__file__).resolve().parents[1] / "data" / "references" / "image.json"
LAST, FIRST, GREY = (2, 5, 6, 3), (2, 3, 5, 6), (2, 5, 6, 1)
TURN = [0.8, -0.5, 1.3, 0.4, 0.9, -0.7, 0.0, 0.0]
SHIFT = [1.0, 0.0, -7.5, 0.0, 1.0, 6.25, 0.0, 0.0]
CORNERS = [[0.0, 0.0], [5.0, 0.0], [0.0, 4.0], [5.0, 4.0]]
OTHERS = [[0.4, 0.3], [4.6, -0.5], [0.2, 4.4], [5.5, 3.7]]
THIRD = [[-0.3, 0.2], [4.8, 0.1], [0.3, 3.9], [5.2, 4.4]]
MODES = ["constant", "nearest", "wrap", "mirror", "reflect"]
METHODS = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
PLACES = [[[-3.2, 0.4, 1.5], [2.2, 4.9, 9.5]], [[0.5, -1.5, 2.0], [3.1, 6.7, 1.0]]]


def cases():
    for method in METHODS:
        for size in [(3, 9), (10, 4)]:
            for antialias in [False, True]:
                yield "resize", GREY, {
                    "size": size, "interpolation": method, "antialias": antialias
                }  # fmt: skip
    yield "resize", FIRST, {"size": (4, 4), "data_format": "channels_first"}
    yield "resize", LAST[1:], {"size": (7, 2)}
    for size in [(4, 2), (2, 6)]:
        yield "resize", GREY, {"size": size, "crop_to_aspect_ratio": True}
        for fill in [0.0, 0.3]:
            yield "resize", GREY, {
                "size": size, "pad_to_aspect_ratio": True, "fill_value": fill
            }  # fmt: skip
    for method in ["linear", "cubic", "lanczos3", "lanczos5"]:
        for antialias in [False, True]:
            yield "scale_and_translate", (5, 6, 2), {
                "output_shape": (4, 8, 2), "scale": [0.6, 1.4],
                "translation": [0.7, -1.2], "spatial_dims": (0, 1), "method": method,
                "antialias": antialias,
            }  # fmt: skip
    for interpolation in ["nearest", "bilinear"]:
        for mode in MODES:
            for turn in [TURN, SHIFT, [TURN, SHIFT]]:
                yield "affine_transform", GREY, {
                    "transform": turn if isinstance(turn[0], list) else [turn] * 2,
                    "interpolation": interpolation, "fill_mode": mode,
                    "fill_value": 0.25,
                }  # fmt: skip
        yield "perspective_transform", GREY, {
            "start_points": [CORNERS, OTHERS], "end_points": [OTHERS, THIRD],
            "interpolation": interpolation, "fill_value": 0.5,
        }  # fmt: skip
    yield "affine_transform", FIRST[1:], {
        "transform": TURN, "data_format": "channels_first"
    }  # fmt: skip
    for order in (0, 1):
        for mode in MODES:
            yield "map_coordinates", (4, 5), {
                "coordinates": PLACES, "order": order, "fill_mode": mode,
                "fill_value": 0.5,
            }  # fmt: skip
    yield "pad_images", LAST, {
        "top_padding": 1, "left_padding": 2, "target_height": 8, "target_width": 9
    }  # fmt: skip
    yield "crop_images", FIRST, {
        "top_cropping": 1, "left_cropping": 2, "target_height": 3, "right_cropping": 1,
        "data_format": "channels_first",
    }  # fmt: skip
    yield "extract_patches", LAST, {"size": (2, 3)}
    yield "extract_patches", LAST, {"size": 3, "strides": 2, "padding": "same"}
    yield "extract_patches", LAST[1:], {"size": 2, "strides": 1, "dilation_rate": 2}
    yield "extract_patches", (1, 4, 4, 4, 2), {"size": (2, 2, 2)}
    yield "extract_patches_3d", (4, 4, 4, 1), {"size": 2}
    yield "gaussian_blur", LAST, {"kernel_size": (3, 5), "sigma": (0.7, 1.9)}
    yield "gaussian_blur", FIRST, {"data_format": "channels_first"}
    yield "sobel_edges", LAST, {}
    yield "rgb_to_grayscale", LAST, {}
    yield "rgb_to_grayscale", FIRST, {"data_format": "channels_first"}
    yield "rgb_to_hsv", LAST, {}
    yield "hsv_to_rgb", FIRST, {"data_format": "channels_first"}


def images(shape):
    import numpy as np

    return np.random.default_rng(shape).random(shape, dtype=np.float32)


def make():
    import keras
    import numpy as np

    made = []
    for name, shape, kwargs in cases():
        converted = {
            key: np.array(value, "float32")
            if key in ("transform", "start_points", "end_points", "coordinates")
            else value
            for key, value in kwargs.items()
        }
        if "sigma" not in kwargs and name == "gaussian_blur":
            converted["sigma"] = (1.0, 1.0)
        if name == "gaussian_blur":
            converted.setdefault("data_format", "channels_last")
        out = getattr(keras.ops.image, name)(images(shape), **converted)
        values = np.asarray(out, "float32").round(6)
        made.append(
            {
                "function": name,
                "shape": shape,
                "arguments": kwargs,
                "output_shape": values.shape,
                "output": [float(f"{v:.5g}") for v in values.ravel()],
            }
        )
    return made


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case) for case in make())
    FILE.write_text(f'{{"cases": [\n{lines}\n]}}\n', encoding="utf-8")
