"""Bounding boxes go where the things in the images go that they surround."""

import numpy as np
import pytest

from keratorch import layers
from keratorch.layers.preprocessing.box_moves import moved

HEIGHT, WIDTH = 40, 48
PLACES = [(slice(15, 25), slice(20, 30)), (slice(12, 20), slice(16, 31))]
LAYERS = {
    "flip": (layers.RandomFlip, {}),
    "flip sideways": (layers.RandomFlip, {"mode": "horizontal"}),
    "turn": (layers.RandomRotation, {"factor": 0.1}),
    "zoom": (layers.RandomZoom, {"height_factor": 0.3, "width_factor": 0.2}),
    "move": (layers.RandomTranslation, {"height_factor": 0.2, "width_factor": 0.2}),
    "shear": (layers.RandomShear, {"x_factor": 0.3, "y_factor": 0.2}),
    "perspective": (layers.RandomPerspective, {"scale": 0.2}),
    "cut": (layers.RandomCrop, {"height": 32, "width": 40}),
    "cut and enlarge": (layers.RandomCrop, {"height": 60, "width": 40}),
    "middle": (layers.CenterCrop, {"height": 30, "width": 40}),
    "middle enlarged": (layers.CenterCrop, {"height": 60, "width": 60}),
    "resize": (layers.Resizing, {"height": 60, "width": 30}),
    "resize and pad": (
        layers.Resizing,
        {"height": 60, "width": 60, "pad_to_aspect_ratio": True},
    ),
    "resize and cut": (
        layers.Resizing,
        {"height": 60, "width": 60, "crop_to_aspect_ratio": True},
    ),
}


def example(data_format="channels_last"):
    """Return a bright rectangle in each of two images, and its box."""
    images = np.zeros((2, HEIGHT, WIDTH, 3), np.float32)
    boxes = np.zeros((2, 1, 4))
    for i, (rows, columns) in enumerate(PLACES):
        images[i, rows, columns] = 1
        boxes[i] = columns.start, rows.start, columns.stop, rows.stop
    if data_format == "channels_first":
        images = images.transpose(0, 3, 1, 2)
    labels = np.array([[1], [2]])
    return {"images": images, "bounding_boxes": {"boxes": boxes, "labels": labels}}


def bright(image):
    rows, columns = np.nonzero(image[..., 0] > 0.5)
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def make(kind, arguments, **more):
    options = {"bounding_box_format": "xyxy", **arguments, **more}
    moves = kind not in (layers.RandomFlip, layers.RandomCrop, layers.CenterCrop)
    if moves and kind is not layers.Resizing and kind is not layers.RandomPerspective:
        options["fill_mode"] = "constant"
    if kind not in (layers.CenterCrop, layers.Resizing):
        options["seed"] = 5
    return kind(**options)


@pytest.mark.parametrize("name", LAYERS)
def test_boxes_follow_what_they_surround(name):
    out = make(*LAYERS[name])(example(), training=True)
    images, boxes = np.asarray(out["images"]), out["bounding_boxes"]
    for image, box in zip(images, boxes["boxes"], strict=True):
        np.testing.assert_allclose(box[0], bright(image), atol=1.6)
    labels = np.asarray(boxes["labels"])
    assert labels.tolist() == [[1], [2]] and labels.dtype.kind == "i"


@pytest.mark.parametrize("name", LAYERS)
def test_formats_and_layouts_change_nothing_else(name):
    kind, arguments = LAYERS[name]
    wanted = make(kind, arguments)(example(), training=True)["bounding_boxes"]["boxes"]
    layer = make(
        kind, arguments, data_format="channels_first", bounding_box_format="rel_xywh"
    )
    data = example("channels_first")
    box = data["bounding_boxes"]["boxes"]
    box[..., 2:] -= box[..., :2]
    box /= [WIDTH, HEIGHT] * 2
    out = layer(data, training=True)
    height, width = out["images"].shape[2:]
    found = out["bounding_boxes"]["boxes"] * ([width, height] * 2)
    found[..., 2:] += found[..., :2]
    np.testing.assert_allclose(found, wanted, atol=1e-3)
    assert layer.get_config()["bounding_box_format"] == "rel_xywh"
    single = {"images": data["images"][0], "bounding_boxes": {
        key: x[0] for key, x in data["bounding_boxes"].items()
    }}  # fmt: skip
    assert layer(single, training=True)["bounding_boxes"]["boxes"].shape == (1, 4)


def test_transformations_say_how_large_the_images_were():
    layer = layers.RandomTranslation(0.2, 0.2, bounding_box_format="xyxy", seed=1)
    data = example()
    drawn = layer.get_random_transformation(data)
    assert tuple(drawn["input_shape"]) == data["images"].shape
    out = layer.transform_bounding_boxes(data["bounding_boxes"], drawn)
    shift = np.tile(drawn["translations"], 2)[:, None]
    np.testing.assert_allclose(
        out["boxes"], data["bounding_boxes"]["boxes"] + shift, rtol=1e-5
    )


def test_boxes_stay_in_inference_and_under_new_colours():
    data = example()
    for layer in (
        layers.RandomFlip(bounding_box_format="xyxy"),
        layers.RandomBrightness(0.2, bounding_box_format="xyxy"),
    ):
        out = layer(data, training=isinstance(layer, layers.RandomBrightness))
        np.testing.assert_array_equal(
            out["bounding_boxes"]["boxes"], data["bounding_boxes"]["boxes"]
        )


def test_several_changes_move_boxes_one_after_another():
    layer = layers.RandAugment(num_ops=4, seed=2, bounding_box_format="xyxy")
    out = layer(example(), training=True)["bounding_boxes"]["boxes"]
    assert out.shape == (2, 1, 4) and out.min() >= 0


def test_mixed_images_have_the_boxes_of_both():
    data = example()
    layer = layers.MixUp(seed=0, bounding_box_format="xyxy")
    drawn = {"permutation_order": [1, 0], "mix_weight": [0.5, 0.5]}
    out = layer.transform_bounding_boxes(data["bounding_boxes"], drawn)
    assert out["labels"].tolist() == [[1, 2], [2, 1]]
    np.testing.assert_array_equal(
        out["boxes"][0, 1], data["bounding_boxes"]["boxes"][1, 0]
    )


def test_what_a_degenerate_shear_folds_up_has_no_box_left():
    flat = np.array([[1, 1, 0, 1, 1, 0, 0, 0]], np.float32)
    out = moved(np.array([[2.0, 3, 4, 5]], np.float32), flat)
    assert not np.isnan(out).any()


def test_lists_of_different_lengths_are_filled_up():
    layer = layers.RandomFlip("horizontal", seed=0, bounding_box_format="xyxy")
    boxes = {
        "boxes": [[[1, 2, 3, 4], [0, 0, 2, 2]], [[5, 5, 6, 6]]],
        "labels": [[1, 2], [3]],
    }
    out = layer(
        {"images": np.zeros((2, 8, 8, 1)), "bounding_boxes": boxes}, training=False
    )
    assert out["bounding_boxes"]["boxes"].shape == (2, 2, 4)
    assert out["bounding_boxes"]["labels"].tolist() == [[1, 2], [3, -1]]


def test_each_image_gets_as_many_boxes():
    data = example()
    layer = layers.MaxNumBoundingBoxes(3, fill_value=-2, bounding_box_format="xyxy")
    out = layer(data)["bounding_boxes"]
    assert out["boxes"].shape == (2, 3, 4) and out["labels"].tolist() == [
        [1, -2, -2],
        [2, -2, -2],
    ]
    shapes = {
        "images": (2, 8, 8, 3),
        "bounding_boxes": {"boxes": (2, 1, 4), "labels": (2, 1)},
    }
    assert layer.compute_output_shape(shapes)["bounding_boxes"]["boxes"] == (2, 3, 4)
    fewer = layers.MaxNumBoundingBoxes(1, bounding_box_format="xyxy")
    many = {"boxes": np.ones((2, 4, 4)), "labels": np.ones((2, 4), int)}
    assert fewer({**data, "bounding_boxes": many})["bounding_boxes"][
        "labels"
    ].shape == (2, 1)
    again = layers.MaxNumBoundingBoxes.from_config(layer.get_config())
    assert (again.max_number, again.fill_value) == (3, -2)
    assert layer(data["images"]).shape == data["images"].shape


@pytest.mark.parametrize(
    ("mistake", "kind", "words"),
    [
        (lambda: layers.RandomFlip()(example()), ValueError, "bounding_box_format="),
        (lambda: layers.RandomFlip(bounding_box_format="x"), ValueError, "xyxy"),
        (
            lambda: layers.RandomFlip(bounding_box_format="xyxy")(
                {"images": example()["images"], "bounding_boxes": {"boxes": []}}
            ),
            ValueError,
            "'labels'",
        ),
        (
            lambda: layers.RandomFlip(bounding_box_format="xyxy")(
                {
                    "images": example()["images"],
                    "bounding_boxes": {"boxes": np.ones((2, 3)), "labels": [1, 2]},
                }
            ),
            ValueError,
            "must be of shape",
        ),
        (
            lambda: layers.CutMix(bounding_box_format="xyxy")(example(), training=True),
            NotImplementedError,
            "MixUp",
        ),
        (
            lambda: layers.RandomElasticTransform(bounding_box_format="xyxy")(
                example(), training=True
            ),
            NotImplementedError,
            "Leave 'bounding_boxes' out",
        ),
        (
            lambda: layers.RandomZoom(
                0.2, bounding_box_format="xyxy"
            ).transform_bounding_boxes(
                example()["bounding_boxes"], {"height_zoom": [[1]], "width_zoom": [[1]]}
            ),
            ValueError,
            "input_shape",
        ),
    ],
)
def test_mistakes_are_named(mistake, kind, words):
    with pytest.raises(kind, match=words):
        mistake()
