"""Spectrograms of sounds whose length a model does not know."""

import numpy as np
import pytest

from keratorch import Input, Model, layers

SOUND = np.random.default_rng(0).normal(size=(2, 50, 3)).astype(np.float32)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("expand_dims", [False, True])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("mode", ["log", "real", "stft"])
def test_shapes_are_foretold(mode, padding, expand_dims, data_format):
    layer = layers.STFTSpectrogram(
        mode,
        16,
        6,
        32,
        padding=padding,
        expand_dims=expand_dims,
        data_format=data_format,
    )
    x = SOUND if data_format == "channels_last" else SOUND.transpose(0, 2, 1)
    assert layer(x).shape == layer.compute_output_shape(x.shape)


def test_models_take_sounds_of_any_length():
    inputs = Input((None, 1))
    model = Model(
        inputs, layers.STFTSpectrogram(frame_length=16, fft_length=16)(inputs)
    )
    assert model.output_shape == (None, None, 9)
    for length in (40, 64):
        x = SOUND[:1, :1].repeat(length, 1)[..., :1]
        assert model.predict(x, verbose=0).shape == (1, (length - 16) // 8 + 1, 9)
    assert layers.MelSpectrogram()(Input((None,))).shape == (None, 128, None)


@pytest.mark.parametrize("fft_length", [16, 17])
@pytest.mark.parametrize("stride", [3, 8])
def test_mel_shapes_are_foretold(fft_length, stride):
    layer = layers.MelSpectrogram(fft_length, stride, 12, num_mel_bins=4)
    for length in (40, 47, 48):
        x = SOUND[:, :1, 0].repeat(length, 1)
        assert layer(x).shape == layer.compute_output_shape(x.shape)
    assert layer.compute_output_shape((48,)) == layer(x[0]).shape


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="window"):
        layers.STFTSpectrogram(window="round")
    with pytest.raises(ValueError, match="at least frame_length=16"):
        layers.STFTSpectrogram(frame_length=16)(Input((10, 1)))
