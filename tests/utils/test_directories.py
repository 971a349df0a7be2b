import numpy as np
import pytest

from keratorch.utils import image_dataset_from_directory, text_dataset_from_directory


@pytest.fixture
def texts(tmp_path):
    for name, count in (("bad", 3), ("good", 5)):
        (tmp_path / name).mkdir()
        for number in range(count):
            (tmp_path / name / f"{number}.txt").write_text(f"{name} {number}")
        (tmp_path / name / "notes.md").write_text("no text file")
    return tmp_path


def test_labels_come_from_the_subfolders(texts, capsys):
    dataset = text_dataset_from_directory(texts, batch_size=5, shuffle=False)
    assert capsys.readouterr().out == "Found 8 files belonging to 2 classes.\n"
    assert dataset.class_names == ["bad", "good"] and len(dataset) == 2
    assert dataset.file_paths[0] == str(texts / "bad" / "0.txt")
    (x, y), (_, last) = dataset
    assert x.tolist() == ["bad 0", "bad 1", "bad 2", "good 0", "good 1"]
    assert y.tolist() == [0, 0, 0, 1, 1] and y.dtype == np.int32 and len(last) == 3


def test_label_modes(texts):
    arguments = {"batch_size": 8, "shuffle": False, "verbose": False}

    def labels(mode, **more):
        dataset = text_dataset_from_directory(
            texts, label_mode=mode, **arguments, **more
        )
        ((_, y),) = dataset
        return y

    assert labels("binary").tolist() == [[0]] * 3 + [[1]] * 5
    assert labels("categorical")[4].tolist() == [0, 1]
    assert labels("int", class_names=["good", "bad"])[0] == 0
    assert labels("int", labels=[7] * 4 + [9] * 4).tolist() == [7] * 4 + [9] * 4
    (x,) = text_dataset_from_directory(
        texts, labels=None, max_length=3, batch_size=None, **{"shuffle": False}
    ).take(1)
    assert x == "bad"


def test_shuffled_pairs_stay_together_and_subsets_share_nothing(texts):
    arguments = {"seed": 4, "validation_split": 0.3, "batch_size": 3, "verbose": False}
    train, held = text_dataset_from_directory(texts, subset="both", **arguments)
    assert len(train.file_paths) == 6 and len(held.file_paths) == 2
    assert not {*train.file_paths} & {*held.file_paths}
    for dataset in (train, held):
        for x, y in dataset:
            assert [text.startswith("good") for text in x] == y.tolist()
    alone = text_dataset_from_directory(texts, subset="validation", **arguments)
    assert alone.file_paths == held.file_paths


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"labels": "all"}, "labels"),
        ({"labels": [1, 2]}, "8 files"),
        ({"labels": None, "class_names": ["bad"]}, "class_names"),
        ({"class_names": ["ugly"]}, "ugly"),
        ({"label_mode": "one_hot"}, "label_mode"),
        ({"label_mode": "binary", "class_names": ["bad"]}, "2 classes"),
        ({"validation_split": 2.0, "subset": "training", "seed": 1}, "between 0 and 1"),
        ({"validation_split": 0.2}, "go together"),
        ({"validation_split": 0.2, "subset": "test", "seed": 1}, "'both'"),
        ({"validation_split": 0.2, "subset": "both"}, "seed"),
        ({"format": "torch"}, "format"),
    ],
)
def test_wrong_arguments_are_told(texts, arguments, told):
    with pytest.raises(ValueError, match=told):
        text_dataset_from_directory(texts, **arguments)


def test_folder_without_files_is_told(tmp_path):
    with pytest.raises(ValueError, match="no files"):
        text_dataset_from_directory(tmp_path)


def test_images_are_read_resized_and_batched(tmp_path):
    Image = pytest.importorskip("PIL.Image")
    for name, value in (("dark", 10), ("light", 200)):
        (tmp_path / name).mkdir()
        pixels = np.full((6, 9, 3), value, np.uint8)
        Image.fromarray(pixels).save(tmp_path / name / "a.png")
    dataset = image_dataset_from_directory(tmp_path, image_size=(4, 5), verbose=False)
    ((x, y),) = dataset
    assert x.shape == (2, 4, 5, 3) and x.dtype == np.float32
    np.testing.assert_allclose(x[:, 0, 0, 0], np.where(y, 200, 10), rtol=1e-6)
    for more, shape in (
        ({"color_mode": "grayscale"}, (2, 8, 8, 1)),
        ({"color_mode": "rgba", "data_format": "channels_first"}, (2, 4, 8, 8)),
        ({"crop_to_aspect_ratio": True}, (2, 8, 8, 3)),
    ):
        x, _ = next(iter(image_dataset_from_directory(tmp_path, image_size=8, **more)))
        assert x.shape == shape
    x, y = next(
        iter(
            image_dataset_from_directory(
                tmp_path, image_size=(9, 9), pad_to_aspect_ratio=True, shuffle=False
            )
        )
    )
    assert x[1, :, 4, 0].tolist() == pytest.approx([0] + [200] * 6 + [0] * 2)
