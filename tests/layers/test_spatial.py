"""What layers of sequences, images and volumes say to inputs of other shapes."""

import numpy as np
import pytest

from keratorch import layers

OF_EACH_RANK = {
    1: [
        layers.Conv1D(2, 1),
        layers.DepthwiseConv1D(1),
        layers.SeparableConv1D(2, 1),
        layers.Conv1DTranspose(2, 1),
        layers.MaxPooling1D(1),
        layers.AveragePooling1D(1),
        layers.GlobalMaxPooling1D(),
        layers.GlobalAveragePooling1D(),
        layers.AdaptiveMaxPooling1D(1),
        layers.AdaptiveAveragePooling1D(1),
        layers.ZeroPadding1D(),
        layers.Cropping1D(0),
        layers.UpSampling1D(),
    ],
    2: [
        layers.Conv2D(2, 1),
        layers.DepthwiseConv2D(1),
        layers.SeparableConv2D(2, 1),
        layers.Conv2DTranspose(2, 1),
        layers.MaxPooling2D(1),
        layers.AveragePooling2D(1),
        layers.GlobalMaxPooling2D(),
        layers.GlobalAveragePooling2D(),
        layers.AdaptiveMaxPooling2D(1),
        layers.AdaptiveAveragePooling2D(1),
        layers.ZeroPadding2D(),
        layers.Cropping2D(),
        layers.UpSampling2D(),
        layers.UpSampling2D(interpolation="bilinear"),
    ],
    3: [
        layers.Conv3D(2, 1),
        layers.Conv3DTranspose(2, 1),
        layers.MaxPooling3D(1),
        layers.AveragePooling3D(1),
        layers.GlobalMaxPooling3D(),
        layers.GlobalAveragePooling3D(),
        layers.AdaptiveMaxPooling3D(1),
        layers.AdaptiveAveragePooling3D(1),
        layers.ZeroPadding3D(),
        layers.Cropping3D(0),
        layers.UpSampling3D(),
    ],
}
ALL = [(layer, rank) for rank, some in OF_EACH_RANK.items() for layer in some]


@pytest.mark.parametrize(
    ("layer", "rank"), [pytest.param(*one, id=one[0].name) for one in ALL]
)
@pytest.mark.parametrize("change", [-1, 1])
def test_another_number_of_axes_names_layer_shape_and_fix(layer, rank, change):
    shape = (2,) * (rank + 2 + change)
    named = f"{type(layer).__name__} '{layer.name}' expects inputs of shape"
    with pytest.raises(ValueError, match=rf"{named} \(batch, .*channels\); received"):
        layer(np.ones(shape))
    with pytest.raises(ValueError, match=rf"received shape \({', '.join('2' * 9)[:4]}"):
        layer.compute_output_shape(shape)


@pytest.mark.parametrize(
    ("shape", "data_format", "fix"),
    [
        ((8, 5, 5), "channels_last", r"one channel use x\[\.\.\., None\]"),
        ((8, 5, 5), "channels_first", r"one channel use x\[:, None\]"),
        ((8, 25), "channels_last", "Reshape layer"),
        ((8, 5, 5, 5, 1), "channels_last", "2 spatial axes, between"),
        ((8, 5, 5, 5, 1), "channels_first", "2 spatial axes, after"),
    ],
)
def test_fix_fits_the_inputs(shape, data_format, fix):
    with pytest.raises(ValueError, match=fix):
        layers.Conv2D(2, 3, data_format=data_format)(np.ones(shape))


@pytest.mark.parametrize(
    "make",
    [
        lambda **kw: layers.Conv2D(2, 3, **kw),
        lambda **kw: layers.MaxPooling2D(**kw),
        lambda **kw: layers.GlobalMaxPooling2D(**kw),
        lambda **kw: layers.ZeroPadding2D(**kw),
    ],
)
def test_another_layout_is_named(make):
    with pytest.raises(
        ValueError, match=r"data_format.*'channels_last'.*received 'last'"
    ):
        make(data_format="last")


def test_configured_layout_is_the_default(monkeypatch):
    monkeypatch.setattr("keratorch.config._image_data_format", "channels_first")
    assert layers.Conv2D(2, 3)(np.ones((1, 3, 8, 8))).shape == (1, 2, 6, 6)
    assert layers.Cropping1D()(np.ones((1, 8, 3))).shape == (1, 6, 3)


@pytest.mark.parametrize(
    "layer",
    [
        layers.GlobalMaxPooling2D(),
        layers.GlobalAveragePooling2D(),
        layers.AdaptiveMaxPooling2D(1),
        layers.Conv2D(1, 1, padding="same"),
        layers.MaxPooling2D(1, padding="same"),
    ],
)
def test_inputs_without_elements_along_an_axis_are_refused(layer):
    with pytest.raises(ValueError, match=rf"{type(layer).__name__} '.*\(2, 0, 3, 1\)"):
        layer(np.ones((2, 0, 3, 1)))


@pytest.mark.parametrize(
    "layer",
    [layers.Conv2D(2, 3), layers.MaxPooling2D(), layers.GlobalAveragePooling2D()],
)
def test_no_samples_give_no_outputs(layer):
    layer(np.ones((1, 4, 4, 1)))
    assert layer(np.ones((0, 4, 4, 1))).shape[0] == 0
