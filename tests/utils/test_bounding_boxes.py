"""Bounding boxes: formats, moves, deltas and overlap."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.utils import bounding_boxes as boxes
from keratorch.utils.bounding_boxes.formats import FORMATS

RNG = np.random.default_rng(3)
CORNER = RNG.uniform(0, 30, (2, 5, 2))
SOME = np.concatenate([CORNER, CORNER + RNG.uniform(1, 20, (2, 5, 2))], axis=-1)
SIZE = (60, 80)


@pytest.mark.parametrize("name", FORMATS)
def test_formats_lead_there_and_back(name):
    there = boxes.convert_format(SOME, "xyxy", name.upper(), *SIZE)
    assert there.dtype == np.float32
    back = boxes.convert_format(there, name, "xyxy", *SIZE)
    np.testing.assert_allclose(back, SOME, rtol=1e-5)


def test_formats_mean_what_they_say():
    box = [[20, 10, 60, 40]]
    wanted = {
        "yxyx": [10, 20, 40, 60],
        "xywh": [20, 10, 40, 30],
        "center_xywh": [40, 25, 40, 30],
        "center_yxhw": [25, 40, 30, 40],
        "rel_xyxy": [0.2, 0.2, 0.6, 0.8],
        "rel_xywh": [0.2, 0.2, 0.4, 0.6],
        "rel_center_xywh": [0.4, 0.5, 0.4, 0.6],
    }
    for name, numbers in wanted.items():
        out = boxes.convert_format({"boxes": box, "labels": 1}, "xyxy", name, 50, 100)
        np.testing.assert_allclose(out["boxes"], [numbers], rtol=1e-6)
        assert out["labels"] == 1
    same = boxes.convert_format([[0.1, 0.2, 0.3, 0.4]], "rel_xyxy", "rel_yxyx", 9, 7)
    np.testing.assert_allclose(same, [[0.2, 0.1, 0.4, 0.3]], rtol=1e-6)


def test_boxes_outside_lose_their_label():
    given = {"boxes": np.array([[-4.0, 2, 5, 9], [90, 2, 99, 9]]), "labels": [1, 2]}
    cut = boxes.clip_to_image_size(given, 8, 50)
    np.testing.assert_array_equal(cut["boxes"], [[0, 2, 5, 8], [50, 2, 50, 8]])
    assert cut["labels"].tolist() == [1, -1] and given["labels"] == [1, 2]
    shares = {"boxes": np.array([[0.5, -1, 2, 0.25]])}
    cut = boxes.clip_to_image_size(shares, bounding_box_format="rel_xyxy")
    assert cut["boxes"].tolist() == [[0.5, 0, 1, 0.25]] and "labels" not in cut


def test_cropping_undoes_padding():
    padded = boxes.pad(np.float32(SOME), 3, 4)
    back = boxes.crop(padded, 3, 4, 100, 100)
    np.testing.assert_allclose(back, SOME, rtol=1e-5)
    assert padded.dtype == back.dtype == np.float32


def test_a_quarter_turn_swaps_width_and_height():
    none, one = np.zeros(1), np.ones(1)
    turned = boxes.affine_transform(
        [[[2.0, 1, 6, 3]]], 90 * one, none, none, one, none, none, 9, 9
    )
    np.testing.assert_allclose(turned, [[[1, 2, 3, 6]]], atol=1e-9)


@pytest.mark.parametrize("order", ["center_yxhw", "center_xywh"])
@pytest.mark.parametrize("variance", [None, [0.1, 0.1, 0.2, 0.2]])
def test_deltas_decode_to_their_boxes(order, variance):
    anchors = SOME[0]
    deltas = boxes.encode_box_to_deltas(
        anchors, SOME, "xyxy", "xyxy", order, variance, (*SIZE, 3)
    )
    out = boxes.decode_deltas_to_boxes(
        anchors, deltas, "xyxy", "rel_xywh", order, variance, (*SIZE, 3)
    )
    wanted = boxes.convert_format(SOME, "xyxy", "rel_xywh", *SIZE)
    np.testing.assert_allclose(out, wanted, rtol=1e-4)
    levels = boxes.decode_deltas_to_boxes(
        {0: anchors}, {0: deltas}, "xyxy", "xyxy", order, variance
    )
    np.testing.assert_allclose(levels[0], SOME, rtol=1e-4)


def test_iou_has_a_number_for_each_pair():
    one = boxes.compute_iou(SOME, SOME, "xyxy")
    assert one.shape == (2, 5, 5)
    np.testing.assert_allclose(np.diagonal(one, axis1=1, axis2=2), 1, rtol=1e-5)
    assert boxes.compute_iou(SOME[0], SOME[1], "xyxy").shape == (5, 5)
    mixed = boxes.compute_iou(SOME[0], SOME, "xyxy")
    np.testing.assert_allclose(mixed[1], boxes.compute_iou(SOME[0], SOME[1], "xyxy"))
    filled = np.array([[0.0, 0, 2, 2], [-1, -1, -1, -1]])
    hidden = boxes.compute_iou(filled, filled, "xyxy", use_masking=True, mask_val=-7)
    np.testing.assert_allclose(hidden, [[1, -7], [-7, -7]], rtol=1e-5)


def test_ciou_teaches_boxes_that_do_not_touch():
    guess = GradArray(np.array([[0.0, 0, 2, 2]]), requires_grad=True)
    goal = np.array([[5.0, 5, 7, 8]])
    far = boxes.compute_ciou(guess, goal, "xyxy")
    far.sum().backward()
    assert far.item() < 0 and np.all(guess.grad[0, 2:] > 0)
    moved = guess.numpy() + 0.1 * guess.grad / np.abs(guess.grad).max()
    assert boxes.compute_ciou(moved, goal, "xyxy") > far.item()


@pytest.mark.parametrize(
    ("mistake", "kind", "words"),
    [
        (lambda: boxes.convert_format(SOME, "xxyy", "xyxy"), ValueError, "xxyy"),
        (
            lambda: boxes.convert_format(SOME[..., :3], "xyxy", "xywh"),
            ValueError,
            "four",
        ),
        (lambda: boxes.convert_format(SOME, "xyxy", "rel_xyxy"), ValueError, "height"),
        (lambda: boxes.clip_to_image_size({"boxes": SOME}), ValueError, "pixels"),
        (
            lambda: boxes.pad(SOME, 1, 1, None, None, "xywh"),
            NotImplementedError,
            "xywh",
        ),
        (
            lambda: boxes.encode_box_to_deltas(SOME[0], SOME, "xyxy", "xyxy", "xyxy"),
            ValueError,
            "center_yxhw",
        ),
        (
            lambda: boxes.decode_deltas_to_boxes(
                SOME[0], SOME, "xyxy", "xyxy", variance=[1.0, 2.0]
            ),
            ValueError,
            "four numbers",
        ),
        (lambda: boxes.compute_iou([1, 2, 3, 4], SOME, "xyxy"), ValueError, "boxes1"),
        (lambda: boxes.compute_ciou(SOME, SOME, "rel_xyxy"), ValueError, "image_shape"),
    ],
)
def test_mistakes_are_named(mistake, kind, words):
    with pytest.raises(kind, match=words):
        mistake()
