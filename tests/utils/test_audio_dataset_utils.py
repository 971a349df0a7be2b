"""Datasets of the sounds in a folder."""

import wave

import numpy as np
import pytest

from keratorch.utils import audio_dataset_from_directory


def write(path, numbers, width=2, channels=1, rate=8000):
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = np.asarray(numbers)
    if width == 3:
        content = raw.astype("<i4").tobytes()
        content = b"".join(content[i : i + 3] for i in range(0, len(content), 4))
    else:
        content = raw.astype({1: "u1", 2: "<i2", 4: "<i4"}[width]).tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(content)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "bark" / "1.wav", [0, 2**14, -(2**15)])
    write(tmp_path / "bark" / "2.wav", [2**13])
    write(tmp_path / "meow" / "1.wav", [-(2**14), 0])
    return tmp_path


def test_sounds_of_a_batch_end_in_zeros_up_to_the_longest(folder):
    dataset = audio_dataset_from_directory(folder, shuffle=False, verbose=False)
    ((x, y),) = dataset
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x[..., 0], [[0, 0.5, -1], [0.25, 0, 0], [-0.5, 0, 0]])
    assert y.tolist() == [0, 0, 1]
    assert dataset.class_names == ["bark", "meow"]
    assert len(dataset.file_paths) == 3


@pytest.mark.parametrize("length", [2, 4])
def test_sounds_are_cut_or_filled_up_to_a_length(folder, length):
    dataset = audio_dataset_from_directory(
        folder, None, shuffle=False, output_sequence_length=length, verbose=False
    )
    (x,) = dataset
    expected = np.zeros((3, 4, 1))
    expected[0, :3, 0], expected[1, 0], expected[2, 0] = (0, 0.5, -1), 0.25, -0.5
    np.testing.assert_array_equal(x, expected[:, :length])


def test_single_sounds_have_their_own_length(folder):
    dataset = audio_dataset_from_directory(
        folder, batch_size=None, shuffle=False, label_mode="categorical", verbose=False
    )
    assert [x.shape for x, _ in dataset] == [(3, 1), (1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("width", "numbers"),
    [
        (1, [128, 192, 0]),
        (2, [0, 2**14, -(2**15)]),
        (3, [0, 2**22, -(2**23)]),
        (4, [0, 2**30, -(2**31)]),
    ],
)
def test_numbers_of_any_width_are_floats_from_minus_1_to_1(tmp_path, width, numbers):
    write(tmp_path / "a" / "1.wav", [n for n in numbers for _ in (0, 1)], width, 2)
    ((x, _),) = audio_dataset_from_directory(tmp_path, verbose=False)
    np.testing.assert_array_equal(x[0], [[0, 0], [0.5, 0.5], [-1, -1]])


def test_split_gives_two_datasets(folder):
    train, held = audio_dataset_from_directory(
        folder, seed=3, validation_split=0.4, subset="both", verbose=False
    )
    assert (len(train.file_paths), len(held.file_paths)) == (2, 1)
    assert len(list(held)) == 1


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ({"ragged": True}, "ragged=True.*zeros"),
        ({"sampling_rate": 44100}, "8000 samples per second.*44100"),
        ({"sampling_rate": 1.5}, "sampling_rate.*1.5"),
        ({"output_sequence_length": 0}, "output_sequence_length.*0"),
        ({"label_mode": "one"}, "label_mode.*'one'"),
    ],
)
def test_mistakes_are_named(folder, arguments, parts):
    with pytest.raises(ValueError, match=parts):
        list(audio_dataset_from_directory(folder, verbose=False, **arguments))


def test_file_that_is_no_sound_is_named(tmp_path):
    write(tmp_path / "a" / "1.wav", [1])
    (tmp_path / "a" / "1.wav").write_bytes(b"RIFF nothing")
    with pytest.raises(ValueError, match=r"1\.wav' is no \.wav file"):
        list(audio_dataset_from_directory(tmp_path, verbose=False))
