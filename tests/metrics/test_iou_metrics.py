import numpy as np
import pytest

from keratorch import metrics

TRUE, PRED = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2])


def test_iou_is_intersection_over_union():
    found = metrics.IoU(num_classes=3, target_class_ids=[0])(TRUE, PRED)
    assert found == pytest.approx(1 / 3, rel=1e-6)
    assert isinstance(found, np.float32)
    mean = metrics.MeanIoU(num_classes=3)
    assert mean(TRUE, PRED) == pytest.approx((1 / 3 + 1 / 3 + 1) / 3, rel=1e-6)
    assert mean.total_cm.numpy().tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    mean.reset_state()
    assert mean.result() == 0


def test_classes_that_nobody_has_do_not_count():
    assert metrics.MeanIoU(num_classes=9)([4], [4]) == pytest.approx(1)


@pytest.mark.parametrize("wrong", [-1, 3])
def test_labels_that_are_no_class_do_not_count(wrong):
    plain = metrics.MeanIoU(num_classes=3)(TRUE, PRED)
    true, pred = np.append(TRUE, wrong), np.append(PRED, 0)
    assert metrics.MeanIoU(num_classes=3)(true, pred) == plain
    assert metrics.MeanIoU(num_classes=3)(pred, true) < 1
    ignoring = metrics.MeanIoU(num_classes=3, ignore_class=255)
    assert ignoring(np.append(TRUE, 255), pred) == plain


def test_classes_may_lie_on_any_axis():
    images = np.random.default_rng(0).random((2, 3, 4, 4)).astype(np.float32)
    labels = images[:, [2, 0, 1]].argmax(axis=1)
    expected = metrics.MeanIoU(num_classes=3)(labels, images.argmax(axis=1))
    metric = metrics.MeanIoU(num_classes=3, sparse_y_pred=False, axis=1)
    assert metric(labels, images) == expected
    one_hot = np.moveaxis(np.eye(3)[labels], -1, 1)
    assert metrics.OneHotMeanIoU(num_classes=3, axis=1)(one_hot, images) == expected


def test_fractions_of_weights_are_cut_off_with_a_warning():
    metric = metrics.MeanIoU(num_classes=3)
    with pytest.warns(UserWarning, match=r"cuts the fractions.*dtype='float32'"):
        cut = metric(TRUE, PRED, [1.5, 1.0, 2.9, 0.5, 1.0])
    assert cut == metrics.MeanIoU(num_classes=3)(TRUE, PRED, [1, 1, 2, 0, 1])
    exact = metrics.MeanIoU(num_classes=3, dtype="float32")
    assert exact(TRUE, PRED, [1.5, 1.0, 2.9, 0.5, 1.0]) != cut


def test_weights_of_samples_go_to_all_their_pixels():
    labels = np.stack([TRUE, TRUE])
    weights = np.array([1, 3])
    metric = metrics.MeanIoU(num_classes=3)
    expected = metric(labels, labels[::-1], np.repeat(weights, 5))
    assert metrics.MeanIoU(num_classes=3)(labels, labels[::-1], weights) == expected


def test_mistakes_are_named():
    with pytest.raises(
        ValueError, match="target_class_ids must be from 0 to 1.*received 2"
    ):
        metrics.IoU(num_classes=2, target_class_ids=[0, 2])
    with pytest.raises(ValueError, match=r"as many labels.*\(5,\) and \(4,\)"):
        metrics.MeanIoU(num_classes=3)(TRUE, PRED[:4])
    with pytest.raises(ValueError, match=r"sample_weight of shape \(2,\)"):
        metrics.MeanIoU(num_classes=3)(TRUE, PRED, [1, 2])
    with pytest.raises(TypeError, match="dtype of Precision must be a float type"):
        metrics.Precision(dtype="int32")


@pytest.mark.parametrize("number", [0, 2.5, "3", None, True])
@pytest.mark.parametrize("kind", [metrics.MeanIoU, metrics.OneHotMeanIoU])
def test_the_number_of_classes_is_checked(kind, number):
    with pytest.raises(ValueError, match="num_classes must be an integer >= 1"):
        kind(num_classes=number)
    with pytest.raises(ValueError, match="num_classes must be an integer >= 1"):
        metrics.IoU(num_classes=number, target_class_ids=[0])


def test_some_class_must_count():
    with pytest.raises(ValueError, match="BinaryIoU: target_class_ids must name a"):
        metrics.BinaryIoU(target_class_ids=[])
