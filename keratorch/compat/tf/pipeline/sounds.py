"""`tf.audio`: sounds from the bytes of .wav files, and back."""

from __future__ import annotations

import io
import wave
from typing import Any, NamedTuple

import numpy as np

from keratorch.ops import convert_to_tensor
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value

_LOUDEST = 2**15  # 16-bit numbers go from -_LOUDEST to _LOUDEST - 1


class DecodeWav(NamedTuple):
    """A sound, float32 (samples, channels) in -1..1, and its samples per second."""

    audio: Any
    sample_rate: Any


def decode_wav(
    contents: Any,
    desired_channels: int = -1,
    desired_samples: int = -1,
    name: str | None = None,
) -> DecodeWav:
    """Return the sound of a .wav file of 16-bit numbers.

    Parameters
    ----------
    contents : bytes of the file.
    desired_channels : int, how many channels; the last one is repeated, or those too
        many are left out. -1 for those of the file.
    desired_samples : int, how many samples; zeros are added, or those too many left
        out. -1 for those of the file.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : bytes that are no such file.
    """
    content = as_value(contents)
    raw = content if isinstance(content, bytes) else str(content).encode()
    try:
        with wave.open(io.BytesIO(raw)) as file:
            width, channels = file.getsampwidth(), file.getnchannels()
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(
            f"contents are no .wav file of 16-bit numbers, or a truncated one: {error}."
        ) from error
    if width != 2:
        raise ValueError(
            f"contents are a .wav file of {8 * width}-bit numbers; decode_wav takes "
            "16-bit ones. Convert the file first."
        )
    sound = np.frombuffer(frames, "<i2").reshape(-1, channels)
    if desired_channels > 0:
        sound = sound[:, np.minimum(np.arange(desired_channels), channels - 1)]
    if desired_samples >= 0:
        missing = max(desired_samples - len(sound), 0)
        sound = np.pad(sound[:desired_samples], ((0, missing), (0, 0)))
    audio = sound.astype(np.float32) / _LOUDEST
    return DecodeWav(convert_to_tensor(audio), convert_to_tensor(np.int32(rate)))


def encode_wav(audio: Any, sample_rate: Any, name: str | None = None) -> Any:
    """Return the bytes of a .wav file of 16-bit numbers.

    Parameters
    ----------
    audio : (samples, channels) in -1..1; louder ones are cut off.
    sample_rate : int, samples per second.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : audio of other dimensions.
    """
    sound = np.asarray(as_value(audio), np.float32)
    if sound.ndim != 2:
        raise ValueError(
            "encode_wav: audio must have the shape (samples, channels); received "
            f"{sound.shape}. Use audio[:, None] for one channel."
        )
    numbers = np.clip(np.round(sound * _LOUDEST), -_LOUDEST, _LOUDEST - 1)
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(sound.shape[1])
        written.setsampwidth(2)
        written.setframerate(int(as_value(sample_rate)))
        written.writeframes(numbers.astype("<i2").tobytes())
    return as_element(file.getvalue())
