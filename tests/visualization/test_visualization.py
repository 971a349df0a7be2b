"""Boxes and masks are drawn on images, and images shown in galleries."""

import io

import numpy as np
import pytest

from keratorch import visualization

RNG = np.random.default_rng(6)
IMAGES = RNG.integers(0, 256, (2, 30, 40, 3)).astype(np.uint8)
BOXES = {
    "boxes": np.array([[[5.0, 4, 20, 12], [0, 0, 39, 29]], [[8, 8, 12, 12]] * 2]),
    "labels": np.array([[0, -1], [1, 0]]),
}


def frame(image, box, thickness):
    """A mask of the pixels of a box's border."""
    left, top, right, bottom = box
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    low, high = -(thickness // 2), (thickness - 1) // 2
    inside = (left + low <= x) & (x <= right - low) & (top + low <= y)
    inside &= y <= bottom - low
    near = [
        (v - at >= low) & (v - at <= high)
        for v, at in [(x, left), (x, right), (y, top), (y, bottom)]
    ]
    return inside & np.any(near, axis=0)


@pytest.mark.parametrize("thickness", [1, 2, 3])
def test_borders_of_boxes_are_coloured_and_nothing_else(thickness):
    drawn = visualization.draw_bounding_boxes(
        IMAGES, BOXES, "xyxy", color=(255, 0, 7), line_thickness=thickness
    )
    expected = IMAGES.copy()
    for i, box in [(0, (5, 4, 20, 12)), (1, (8, 8, 12, 12))]:
        expected[i][frame(expected[i], box, thickness)] = (255, 0, 7)
    assert drawn.dtype == np.uint8
    np.testing.assert_array_equal(drawn, expected)
    assert not np.shares_memory(drawn, IMAGES)


def test_boxes_of_another_format_and_layout_are_the_same():
    first = np.transpose(IMAGES, (0, 3, 1, 2)) / 255.0
    relative = BOXES["boxes"] / [40, 30, 40, 30]
    a = visualization.draw_bounding_boxes(
        first,
        {**BOXES, "boxes": relative + 1e-6},
        "rel_xyxy",
        data_format="channels_first",
    )
    b = visualization.draw_bounding_boxes(IMAGES, BOXES, "xyxy")
    assert np.abs(a.astype(int) - b).max() <= 1


def test_names_are_written_beside_their_boxes():
    pytest.importorskip("PIL")
    plain = visualization.draw_bounding_boxes(IMAGES, BOXES, "xyxy")
    named = visualization.draw_bounding_boxes(
        IMAGES,
        {**BOXES, "confidences": np.full((2, 2), 0.5)},
        "xyxy",
        {0: "cat"},
        font_scale=0.3,
    )
    assert (plain != named).any()
    assert ((plain != named).sum(axis=(1, 2, 3)) > 0).all()
    without = visualization.draw_bounding_boxes(IMAGES, BOXES, "xyxy", {7: "dog"})
    np.testing.assert_array_equal(plain, without)


def test_classes_are_mixed_into_the_images_by_alpha():
    classes = RNG.integers(-1, 3, (2, 30, 40))
    colors = {0: (0, 0, 0), 1: (10, 20, 30), 2: (200, 100, 0)}
    drawn = visualization.draw_segmentation_masks(
        IMAGES, classes[..., None], 3, colors, alpha=0.25
    )
    for i, color in colors.items():
        mixed = 0.75 * IMAGES.astype(np.float32) + 0.25 * np.array(color)
        there = classes == i
        assert np.abs(drawn[there] - mixed[there]).max() <= 1
    np.testing.assert_array_equal(drawn[classes == -1], IMAGES[classes == -1])


def test_each_class_has_a_colour_of_its_own():
    classes = np.arange(12).reshape(1, 3, 4)
    drawn = visualization.draw_segmentation_masks(
        np.zeros((1, 3, 4, 3)), classes, blend=False
    )
    assert drawn.dtype == np.float32
    assert len({tuple(color) for color in drawn.reshape(-1, 3)}) == 12


@pytest.mark.parametrize(
    ("draw", "error", "parts"),
    [
        (
            lambda v: v.draw_bounding_boxes(IMAGES[0], BOXES, "xyxy"),
            ValueError,
            r"images\[None\]",
        ),
        (lambda v: v.draw_bounding_boxes(IMAGES, [1], "xyxy"), TypeError, "dict.*list"),
        (
            lambda v: v.draw_bounding_boxes(IMAGES, {"boxes": 1}, "xyxy"),
            ValueError,
            "'labels'",
        ),
        (
            lambda v: v.draw_segmentation_masks(IMAGES, np.ones((2, 30, 40))),
            TypeError,
            "integers.*float64",
        ),
        (
            lambda v: v.draw_segmentation_masks(IMAGES, np.ones((2, 30, 4), int)),
            ValueError,
            r"\(2, 30, 40\).*\(2, 30, 4\)",
        ),
        (
            lambda v: v.plot_image_gallery(IMAGES, path="a.png", show=True),
            ValueError,
            "path.*show",
        ),
        (lambda v: v.plot_image_gallery(IMAGES, [1, 0]), ValueError, "label_map"),
        (
            lambda v: v.plot_bounding_box_gallery(
                IMAGES, "xyxy", legend=True, legend_handles=[1]
            ),
            ValueError,
            "not both",
        ),
    ],
)
def test_mistakes_are_named(draw, error, parts):
    with pytest.raises(error, match=parts):
        draw(visualization)


@pytest.fixture
def plt(monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    return pytest.importorskip("matplotlib.pyplot")


def test_galleries_write_a_picture(plt):
    masks = np.ones((2, 30, 40, 1), int)
    for plot in [
        lambda file: visualization.plot_image_gallery(
            IMAGES[:, :, :, :1] / 255,
            [0, 1],
            [1, 5],
            {0: "a", 1: "b"},
            value_range=(0, 1),
            path=file,
        ),
        lambda file: visualization.plot_bounding_box_gallery(
            IMAGES, "xyxy", BOXES, BOXES, legend=True, path=file
        ),
        lambda file: visualization.plot_segmentation_mask_gallery(
            IMAGES, 2, y_true=masks, y_pred=masks[..., 0], path=file
        ),
    ]:
        file = io.BytesIO()
        plot(file)
        assert file.getvalue().startswith(b"\x89PNG")
    assert not plt.get_fignums()


def test_gallery_names_labels_and_leaves_places_empty(plt, monkeypatch):
    titles, shown = [], []

    def look():
        axes = plt.gcf().axes
        titles.extend(axis.get_title() for axis in axes)
        shown.extend(len(axis.images) for axis in axes)

    monkeypatch.setattr(plt, "show", look)
    visualization.plot_image_gallery(
        np.repeat(IMAGES, 3, axis=0)[:5], [0, 1, 0, 1, 0], [0] * 5, {0: "a", 1: "b"}
    )
    assert titles[:2] == ["Label: a  Pred: a", "Label: b  Pred: a"]
    assert shown == [1, 1, 1, 1, 1, 0]
