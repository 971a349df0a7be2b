import numpy as np
import pytest

from ...scripts import stand_ins

pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture
def tfds(monkeypatch):
    stand_ins.stand_in(monkeypatch)
    import tensorflow_datasets

    return tensorflow_datasets


def test_sets_come_as_datasets_with_what_is_known(tfds):
    (train, test), info = tfds.load(
        "mnist", split=["train", "test"], as_supervised=True, with_info=True
    )
    assert (len(train), len(test)) == (160, 60)
    assert info.splits["train"].num_examples == 160
    assert info.features["label"].num_classes == 10
    image, label = next(iter(train))
    assert image.shape == (28, 28, 1) == info.features["image"].shape
    assert image.dtype == np.uint8 and label.dtype == np.int64
    tfds.disable_progress_bar()


def test_parts_are_cut_by_numbers_and_percents(tfds):
    first, rest = tfds.load("cifar10", split=("train[:25%]", "train[25%:]"))
    assert (len(first), len(rest)) == (20, 60)
    assert sorted(next(iter(first))) == ["image", "label"]
    assert len(tfds.load("cifar10:3.*.*", split="train[10:30]+test")) == 60
    assert len(tfds.load("cifar10", split="all", batch_size=30)) == 4
    whole = tfds.as_numpy(tfds.load("cifar10", split="test", batch_size=-1))
    assert type(whole["image"]) is np.ndarray and len(whole["label"]) == 40
    parts = tfds.load("fashion_mnist")
    assert list(parts) == ["train", "test"]
    (x,) = [e["image"] for e in tfds.as_numpy(parts["test"].take(1))]
    assert type(x) is np.ndarray


def test_other_sets_and_splits_are_told(tfds):
    with pytest.raises(ValueError, match="'mnist'.*received 'cats_vs_dogs'"):
        tfds.load("cats_vs_dogs")
    for split in ("training", "train[:x]", "train[:80"):
        with pytest.raises(ValueError, match="split must be like"):
            tfds.load("mnist", split=split)
    with pytest.raises(AttributeError, match="no 'show_examples' here"):
        tfds.show_examples  # noqa: B018
