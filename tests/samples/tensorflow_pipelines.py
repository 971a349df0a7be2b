"""Small programs of tf.data, tf.image, tf.strings and their like, by name.

Each is a function of the module `tf`, TensorFlow's or ours.
"""

import numpy as np

_RNG = np.random.default_rng(0)
BYTES = _RNG.integers(0, 256, (9, 7, 3)).astype("uint8")
FLOATS = _RNG.random((9, 7, 3)).astype("float32")
BATCH = _RNG.random((2, 8, 8, 3)).astype("float32")
IMAGES = {"bytes": BYTES, "floats": FLOATS, "batch": BATCH}
TEXTS = {
    "one": "Ab üC d",
    "some": ["Ab C", "ü x", ""],
    "table": [["a b", "c"], ["d e f", "g"]],
}


def _images():
    for kind, x in IMAGES.items():
        for method in ("bilinear", "nearest", "area", "lanczos3", "lanczos5"):
            yield (
                f"resize {method} {kind}",
                lambda tf, x=x, m=method: tf.image.resize(x, [5, 11], m),
            )
        yield f"keep {kind}", lambda tf, x=x: tf.image.resize(x, x.shape[-3:-1])
        yield (
            f"antialias {kind}",
            lambda tf, x=x: tf.image.resize(x, [4, 3], antialias=True),
        )
        yield (
            f"ratio {kind}",
            lambda tf, x=x: tf.image.resize(x, [20, 20], preserve_aspect_ratio=True),
        )
        for size in ((12, 12), (5, 9), (4, 4)):
            for name in ("resize_with_pad", "resize_with_crop_or_pad"):
                yield (
                    f"{name} {size} {kind}",
                    lambda tf, x=x, n=name, s=size: getattr(tf.image, n)(x, *s),
                )
        for name, arguments in (
            ("crop_to_bounding_box", (1, 2, 3, 4)),
            ("pad_to_bounding_box", (1, 2, 13, 14)),
            ("central_crop", (0.5,)),
            ("central_crop", (0.87,)),
            ("flip_left_right", ()),
            ("flip_up_down", ()),
            ("rot90", ()),
            ("rot90", (3,)),
            ("transpose", ()),
            ("rgb_to_grayscale", ()),
            ("adjust_brightness", (0.4,)),
            ("adjust_brightness", (-0.3,)),
            ("adjust_contrast", (1.7,)),
            ("adjust_gamma", (2.0, 1.5)),
            ("adjust_hue", (0.3,)),
            ("adjust_hue", (-0.45,)),
            ("adjust_saturation", (2.5,)),
            ("per_image_standardization", ()),
        ):
            yield (
                f"{name}{arguments} {kind}",
                lambda tf, x=x, n=name, a=arguments: getattr(tf.image, n)(x, *a),
            )
        for dtype in ("float32", "uint8", "int16", "uint16", "int32"):
            for saturate in (False, True):
                yield (
                    f"{dtype} {saturate} {kind}",
                    lambda tf, x=x, d=dtype, s=saturate: tf.image.convert_image_dtype(
                        x, d, saturate=s
                    ),
                )
        darker = (x.astype("float64") * 0.8).astype(x.dtype)
        top = 255 if x.dtype == np.uint8 else 1.0
        for name, options in (("psnr", {}), ("ssim", {"filter_size": 5})):
            yield (
                f"{name} {kind}",
                lambda tf, x=x, y=darker, n=name, t=top, o=options: getattr(
                    tf.image, n
                )(x, y, t, **o),
            )


def _more_images():
    for name in ("rgb_to_hsv", "rgb_to_yuv", "rgb_to_yiq", "yuv_to_rgb", "yiq_to_rgb"):
        yield name, lambda tf, n=name: getattr(tf.image, n)(tf.constant(BATCH))
    yield (
        "hsv_to_rgb",
        lambda tf: tf.image.hsv_to_rgb(tf.image.rgb_to_hsv(tf.constant(BATCH))),
    )
    yield "grey", lambda tf: tf.image.grayscale_to_rgb(tf.constant(BATCH[..., :1]))
    yield "sobel", lambda tf: tf.image.sobel_edges(tf.constant(BATCH))
    yield "gradients", lambda tf: tf.image.image_gradients(tf.constant(BATCH))
    yield "variation", lambda tf: tf.image.total_variation(tf.constant(BATCH))
    for padding in ("VALID", "SAME"):
        yield (
            f"patches {padding}",
            lambda tf, p=padding: tf.image.extract_patches(
                BATCH, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], p
            ),
        )
    boxes = [
        [0, 0, 1, 1],
        [0.1, 0.2, 0.7, 0.9],
        [-0.2, 0.1, 0.5, 1.2],
        [0.9, 0.9, 0, 0],
    ]
    for method in ("bilinear", "nearest"):
        for size in ([4, 5], [1, 1]):
            yield (
                f"boxes {method} {size}",
                lambda tf, m=method, s=size: tf.image.crop_and_resize(
                    BATCH, np.array(boxes, "float32"), [0, 1, 0, 1], s, m, 0.5
                ),
            )
    corners = [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 2, 1, 3], [0, 0, 0.4, 0.4]]
    corners = np.array([*corners, [1, 1, 0, 0]], "float32")
    scores = np.array([0.9, 0.75, 0.6, 0.95, 0.9], "float32")
    for options in ((10,), (2, 0.9, 0.7)):
        yield (
            f"suppressed {options}",
            lambda tf, o=options: tf.image.non_max_suppression(corners, scores, *o),
        )
    drawn = np.array([[[0.1, 0.2, 0.7, 0.9]], [[0, 0, 1, 1]]], "float32")
    colours = np.array([[1, 0, 0], [0, 1, 0]], "float32")
    yield "drawn", lambda tf: tf.image.draw_bounding_boxes(BATCH, drawn, colours)


def _texts():
    for kind, a in TEXTS.items():
        for name, arguments, options in (
            ("lower", (), {}),
            ("upper", (), {}),
            ("upper", ("utf-8",), {}),
            ("strip", (), {}),
            ("length", (), {}),
            ("length", (), {"unit": "UTF8_CHAR"}),
            ("substr", (0, 1), {"unit": "UTF8_CHAR"}),
            ("regex_replace", ("([a-z])", r"<\1>"), {}),
            ("regex_replace", ("[A-Za-z]", r"\0\0"), {"replace_global": False}),
            ("regex_full_match", (".*b.*",), {}),
            ("to_hash_bucket_fast", (1000,), {}),
        ):
            yield (
                f"{name}{arguments}{options} {kind}",
                lambda tf, a=a, n=name, r=arguments, o=options: getattr(tf.strings, n)(
                    a, *r, **o
                ),
            )
    words = [["a", "b"], ["c", "d"]]
    for name, *arguments in (
        ("substr", "abcdef", -3, 2),
        ("substr", "üabc", 0, 3),
        ("split", "a b  c"),
        ("split", "a,b,,c", ","),
        ("split", "a b c", " ", 1),
        ("split", ["a b", "c"]),
        ("unicode_split", "aü", "UTF-8"),
        ("unicode_split", ["aü", "b"], "UTF-8"),
        ("unicode_decode", "aü", "UTF-8"),
        ("unicode_encode", [97, 252], "UTF-8"),
        ("bytes_split", "abc"),
        ("join", [["a", "b"], "x", ["c", "d"]], "-"),
        ("reduce_join", words),
        ("reduce_join", words, 1),
        ("reduce_join", words, 0),
        ("to_number", ["1.5", "2"]),
        ("to_number", ["1", "-2"], "int64"),
        ("as_string", [1, 2]),
        ("as_string", [1.5, 2.0]),
        ("as_string", [1.5, 2.0], 2),
        ("as_string", [True, False]),
        ("ngrams", ["a", "b", "c"], 2),
        ("ngrams", [["a", "b", "c"]], [1, 2]),
    ):
        yield (
            f"{name} {arguments}",
            lambda tf, n=name, a=tuple(arguments): getattr(tf.strings, n)(*a),
        )


def _tables(tf):
    make = tf.lookup.KeyValueTensorInitializer
    return {
        "hash": tf.lookup.StaticHashTable(make(["a", "b"], [1, 2]), -1),
        "vocabulary": tf.lookup.StaticVocabularyTable(
            make(tf.constant(["a", "b"]), tf.constant([0, 1], tf.int64)), 5
        ),
        "numbers": tf.lookup.StaticHashTable(
            make(tf.constant([5, 7]), tf.constant(["x", "y"])), "?"
        ),
    }


def _others():
    keys = ["b", "c", "emerson", "king"]
    for name in ("hash", "vocabulary"):
        yield (
            f"table {name}",
            lambda tf, n=name: _tables(tf)[n].lookup(tf.constant(keys)),
        )
        yield f"size {name}", lambda tf, n=name: _tables(tf)[n].size()
    yield (
        "table numbers",
        lambda tf: _tables(tf)["numbers"].lookup(tf.constant([[7], [6]])),
    )
    rows = [[1, 2], [3], []]
    yield "ragged", lambda tf: tf.ragged.constant(rows)
    yield "ragged filled", lambda tf: tf.ragged.constant(rows).to_tensor()
    yield "ragged cut", lambda tf: tf.ragged.constant(rows).to_tensor(9, [None, 1])
    yield "ragged lengths", lambda tf: tf.ragged.constant(rows).row_lengths()
    yield "ragged splits", lambda tf: tf.ragged.constant(rows).row_splits
    yield "ragged values", lambda tf: tf.ragged.constant(rows).values
    yield "ragged part", lambda tf: tf.ragged.constant(rows)[:, :1]
    yield "ragged row", lambda tf: tf.ragged.constant(rows)[0]
    yield (
        "py_function",
        lambda tf: tf.py_function(lambda x: x.numpy() * 2, [FLOATS[0]], tf.float32),
    )
    yield (
        "numpy_function",
        lambda tf: tf.numpy_function(lambda x: x + 1, [np.arange(3)], tf.int64),
    )
    yield "raw", lambda tf: tf.io.decode_raw(b"\x01\x00\x02\x00", tf.uint16)
    yield "raws", lambda tf: tf.io.decode_raw([b"\x01\x02", b"\x03\x04"], tf.uint8)
    yield "csv", lambda tf: tf.io.decode_csv("1,2.5,a", [0, 0.0, ""])
    yield "csv lines", lambda tf: tf.io.decode_csv(['1,"a,b"', ",c"], [[7], [""]])
    yield (
        "csv nothing",
        lambda tf: tf.io.decode_csv("?,1", [2, 3.0], na_value="?"),
    )
    for name, *arguments in (
        ("expand_dims", ["a", "b"], 1),
        ("reshape", ["a", "b"], [2, 1]),
        ("stack", [["a"], ["b"]]),
        ("concat", [["a"], ["b"]], 0),
        ("gather", ["a", "b", "c"], [2, 0]),
        ("shape", [["a", "b"]]),
        ("size", [["a", "b"]]),
        ("equal", ["a", "b"], "b"),
        ("not_equal", ["a", "b"], "b"),
        ("tile", ["a", "b"], [2]),
        ("fill", [2], "a"),
        ("reverse", ["a", "b"], [0]),
        ("transpose", [["a", "b"]]),
        ("squeeze", [["a", "b"]]),
        ("where", [True, False], ["a", "b"], ["c", "d"]),
    ):
        yield (
            f"texts {name}",
            lambda tf, n=name, a=tuple(arguments): getattr(tf, n)(*a),
        )


CASES = dict([*_images(), *_more_images(), *_texts(), *_others()])


def described(result):
    """Return dtype, shape and values of what a program gave, for JSON."""
    if isinstance(result, (tuple, list)):
        return [described(part) for part in result]
    if hasattr(result, "to_list"):
        return {"ragged": _plain(result.to_list())}
    array = np.asarray(result.numpy() if hasattr(result, "numpy") else result)
    return {
        "dtype": "string" if array.dtype.kind in "OS" else array.dtype.name,
        "shape": list(array.shape),
        "values": _plain(array.tolist()),
    }


def _plain(value):
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return value.decode()
    return float(f"{value:.7g}") if isinstance(value, float) else value
