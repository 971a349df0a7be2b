"""Sounds, as TensorFlow 2.21 reads and writes them."""

import io
import wave

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("installed")

NUMBERS = np.array([[-32768, 1], [32767, 2], [100, -3]], "<i2")


def wav(numbers, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(numbers.shape[1])
        written.setsampwidth(width)
        written.setframerate(8000)
        written.writeframes(numbers.tobytes())
    return file.getvalue()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, NUMBERS),
        ({"desired_channels": 1}, NUMBERS[:, :1]),
        ({"desired_channels": 3}, NUMBERS[:, [0, 1, 1]]),
        ({"desired_samples": 2}, NUMBERS[:2]),
        ({"desired_samples": 5}, np.pad(NUMBERS, ((0, 2), (0, 0)))),
    ],
)
def test_a_sound_is_read(options, expected):
    import tensorflow as tf

    audio, sample_rate = tf.audio.decode_wav(wav(NUMBERS), **options)
    assert audio.dtype == tf.float32
    assert sample_rate.numpy() == 8000
    np.testing.assert_array_equal(audio.numpy(), expected / 32768)


def test_a_sound_is_written():
    import tensorflow as tf

    sound = np.array([[1, -1], [1.5, -2], [0.5, 0.25], [1e-5, 0.3]], "float32")
    content = tf.audio.encode_wav(sound, 8000)
    numbers = np.frombuffer(content.numpy()[44:], "<i2")
    expected = [32767, -32768, 32767, -32768, 16384, 8192, 0, 9830]
    np.testing.assert_array_equal(numbers, expected)
    assert tf.audio.decode_wav(content).sample_rate.numpy() == 8000


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (wav(NUMBERS.astype("i1"), 1), "8-bit numbers; decode_wav takes 16-bit"),
        (b"nope", "no .wav file of 16-bit numbers"),
        (b"", "no .wav file of 16-bit numbers"),
    ],
)
def test_other_files_are_refused(content, match):
    import tensorflow as tf

    with pytest.raises(tf.errors.InvalidArgumentError, match=match):
        tf.audio.decode_wav(content)


def test_sounds_to_write_need_two_dimensions():
    import tensorflow as tf

    with pytest.raises(ValueError, match=r"\(samples, channels\); received \(3,\)"):
        tf.audio.encode_wav(np.zeros(3), 8000)
