"""Layers of images: when they act, on which inputs, and what they refuse."""

import numpy as np
import pytest

from keratorch import GradArray, Sequential, layers, utils
from keratorch.layers.preprocessing import (
    augmentation,
    contrast,
    mixing,
    random_affine,
    random_color,
    random_distortion,
    random_filters,
    random_flip,
    random_tone,
    resizing,
)
from keratorch.layers.preprocessing.pipeline import Pipeline

X = np.random.default_rng(0).random((4, 8, 8, 3), dtype=np.float32)
RANDOM = [
    (random_flip.RandomFlip, {}),
    (random_affine.RandomRotation, {"factor": 0.2}),
    (random_affine.RandomZoom, {"height_factor": 0.2}),
    (random_affine.RandomTranslation, {"height_factor": 0.2, "width_factor": 0.2}),
    (random_affine.RandomShear, {"x_factor": 0.2}),
    (random_color.RandomBrightness, {"factor": 0.2, "value_range": (0, 1)}),
    (random_color.RandomContrast, {"factor": 0.2, "value_range": (0, 1)}),
    (random_color.RandomHue, {"factor": 0.2, "value_range": (0, 1)}),
    (random_color.RandomSaturation, {"factor": 0.2, "value_range": (0, 1)}),
    (random_color.RandomColorJitter, {"hue_factor": 0.2, "value_range": (0, 1)}),
    (random_tone.RandomColorDegeneration, {"factor": 0.2, "value_range": (0, 1)}),
    (random_tone.RandomGrayscale, {}),
    (random_tone.RandomInvert, {"factor": (0.5, 0.5), "value_range": (0, 1)}),
    (random_tone.RandomPosterization, {"factor": (1, 4), "value_range": (0, 1)}),
    (random_tone.Solarization, {"addition_factor": 0.3, "value_range": (0, 1)}),
    (random_filters.RandomSharpness, {"factor": 0.2, "value_range": (0, 1)}),
    (random_filters.RandomGaussianBlur, {"value_range": (0, 1)}),
    (random_distortion.RandomPerspective, {"scale": 0.5}),
    (random_distortion.RandomElasticTransform, {"value_range": (0, 1)}),
    (mixing.RandomErasing, {"value_range": (0, 1), "factor": (1.0, 1.0)}),
    (mixing.CutMix, {}),
    (mixing.MixUp, {}),
    (augmentation.RandAugment, {"value_range": (0, 1)}),
    (augmentation.AugMix, {"value_range": (0, 1)}),
]
each_random = pytest.mark.parametrize(
    ("kind", "arguments"), RANDOM, ids=[kind.__name__ for kind, _ in RANDOM]
)


@each_random
def test_layer_acts_in_training_alone_and_repeats_with_a_seed(kind, arguments):
    runs = [
        [kind(seed=5, **arguments)(X, training=True).numpy() for _ in range(2)]
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][0].dtype == np.float32 and runs[0][0].shape == X.shape
    assert np.abs(runs[0][0] - X).max() > 1e-4
    np.testing.assert_array_equal(kind(**arguments)(X, training=False).numpy(), X)


@each_random
def test_numbers_go_on_from_call_to_call(kind, arguments):
    utils.set_random_seed(3)
    for seed in (7, None):
        layer = kind(seed=seed, **arguments)
        outs = [layer(X, training=True).numpy() for _ in range(4)]
        assert any((out != outs[0]).any() for out in outs)


@each_random
def test_one_image_integers_and_channels_first_are_taken(kind, arguments):
    layer = kind(seed=1, **arguments)
    assert layer(X[0]).shape == X[0].shape
    whole = layer((X * 255).astype("uint8"))
    assert whole.dtype == np.float32 and whole.shape == X.shape
    first = kind(seed=2, data_format="channels_first", **arguments)
    last = kind(seed=2, **arguments)
    turned = first(X.transpose(0, 3, 1, 2)).numpy().transpose(0, 2, 3, 1)
    np.testing.assert_allclose(turned, last(X).numpy(), atol=1e-6)


def test_layer_called_by_itself_acts_and_in_a_model_as_the_model_does():
    layer = random_affine.RandomRotation((0.25, 0.25))
    model = Sequential([layers.Input((8, 8, 3)), layer, layers.Flatten()])
    assert (layer(X).numpy() != X).any()
    flat = X.reshape(4, -1)
    assert (model(X, training=True).numpy() != flat).any()
    np.testing.assert_array_equal(model(X, training=False).numpy(), flat)
    np.testing.assert_array_equal(model.predict(X, verbose=0), flat)


def test_model_with_random_layers_trains():
    model = Sequential(
        [
            layers.Input((8, 8, 3)),
            random_flip.RandomFlip("horizontal", seed=1),
            random_affine.RandomZoom(0.1, seed=1),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    history = model.fit(X, np.array([0, 1, 0, 1]), epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_flips_mirror_about_half_of_the_images():
    x = np.broadcast_to(np.arange(4.0).reshape(1, 1, 4, 1), (400, 2, 4, 1))
    out = random_flip.RandomFlip("horizontal", seed=0)(x).numpy()
    mirrored = (out[:, 0, 0, 0] == 3).mean()
    assert 0.4 < mirrored < 0.6


def test_rotation_is_uniform_over_its_range():
    layer = random_affine.RandomRotation((-0.1, 0.3), seed=0)
    angle = layer.get_random_transformation(np.zeros((2000, 4, 4, 1)))["angle"]
    assert angle.min() >= -36 and angle.max() < 108
    assert abs(angle.mean() - 36) < 3


def test_labels_and_masks_change_along():
    masks = np.arange(4 * 8 * 8).reshape(4, 8, 8, 1).astype("float32")
    data = {"images": X, "labels": np.eye(4), "segmentation_masks": masks}
    mixed = mixing.MixUp(seed=0)(data)
    np.testing.assert_allclose(mixed["labels"].numpy().sum(axis=1), 1, rtol=1e-6)
    order = mixed["labels"].numpy()
    np.testing.assert_allclose(
        mixed["images"].numpy(), np.tensordot(order, X, 1), atol=1e-6
    )
    turned = random_affine.RandomRotation((0.1, 0.1))(data)["segmentation_masks"]
    assert set(turned.numpy().ravel()) <= set(masks.ravel())
    cut = mixing.CutMix(seed=0)(data)
    np.testing.assert_allclose(cut["labels"].numpy().sum(axis=1), 1, rtol=1e-6)
    assert set(data) == {"images", "labels", "segmentation_masks"}


def test_gradients_flow_through_geometry_and_colours():
    for kind, arguments in RANDOM[:11]:
        x = GradArray(X.astype(float))
        out = kind(dtype="float64", seed=1, **arguments)(x, training=True)
        (out * out).sum().backward()
        assert x.grad.shape == x.shape and np.abs(x.grad).max() > 0


def test_crop_takes_a_part_in_training_and_the_middle_does_always():
    crop = resizing.RandomCrop(3, 5, seed=1)
    assert crop(X, training=True).shape == (4, 3, 5, 3)
    assert crop(X, training=False).shape == X.shape
    middle = resizing.CenterCrop(4, 4)
    np.testing.assert_array_equal(middle(X, training=False).numpy(), X[:, 2:6, 2:6])


def test_pipeline_runs_its_layers_in_order_and_in_training():
    pipeline = Pipeline([random_affine.RandomRotation((0.25, 0.25)), layers.Flatten()])
    assert pipeline(X).shape == (4, 192)
    assert (pipeline(X).numpy() != X.reshape(4, -1)).any()
    np.testing.assert_array_equal(pipeline(X, training=False).numpy(), X.reshape(4, -1))


def test_pipeline_is_made_again_from_its_configuration():
    pipeline = Pipeline([resizing.Resizing(4, 4), contrast.AutoContrast()])
    again = Pipeline.from_config(pipeline.get_config())
    np.testing.assert_array_equal(again(X).numpy(), pipeline(X).numpy())


def test_auto_contrast_leaves_flat_channels_alone():
    x = np.full((2, 3, 3, 1), 7.0)
    np.testing.assert_array_equal(contrast.AutoContrast()(x).numpy(), x)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: random_flip.RandomFlip("diagonal"), "mode must be one of"),
        (lambda: random_affine.RandomRotation(1.5), "RandomRotation: factor"),
        (lambda: random_affine.RandomRotation(0.1, fill_mode="x"), "fill_mode"),
        (lambda: random_affine.RandomZoom(-1.0), "above -1"),
        (lambda: random_affine.RandomTranslation("0.1", 0), "height_factor"),
        (lambda: random_color.RandomBrightness(0.1, 255), "value_range must be a pair"),
        (lambda: random_color.RandomHue(1.1), "from 0 to 1"),
        (lambda: random_tone.RandomGrayscale(2), "probability"),
        (lambda: random_tone.RandomPosterization(9), "from 1 to 8"),
        (lambda: random_filters.RandomGaussianBlur(kernel_size=4), "odd"),
        (lambda: mixing.MixUp(0.0), "alpha"),
        (lambda: mixing.RandomErasing(fill_value="red"), "fill_value"),
        (lambda: resizing.Resizing(0, 2), "height must be a positive integer"),
        (lambda: resizing.Resizing(2, 2, data_format="last"), "image layout"),
        (lambda: resizing.Resizing(2, 2)(X[0, 0]), "three axes"),
        (
            lambda: random_flip.RandomFlip()({"images": X, "bounding_boxes": X}),
            "does not know the format of the bounding boxes",
        ),
    ],
)
def test_mistakes_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_symbolic_images_get_their_shapes():
    x = layers.Input((8, 8, 3))
    assert resizing.Resizing(4, 5)(x).shape == (None, 4, 5, 3)
    assert random_flip.RandomFlip()(x).shape == (None, 8, 8, 3)
    assert Pipeline([resizing.CenterCrop(2, 3)])(x).shape == (None, 2, 3, 3)


class Watched(layers.Layer):
    """A layer that notes which mask it gets, and passes on one of its own."""

    def call(self, inputs, mask=None):
        self.mask = mask
        return inputs

    def compute_mask(self, inputs, mask=None):
        return np.array([[False, True]])


def test_a_pipeline_hands_the_mask_on():
    first, second = Watched(), Watched()
    Pipeline([first, second])(np.ones((1, 2)), mask=np.array([[True, False]]))
    assert np.asarray(first.mask).tolist() == [[True, False]]
    assert np.asarray(second.mask).tolist() == [[False, True]]


def test_a_pipeline_needs_layers_in_its_configuration():
    for config in ({"name": "p"}, {"name": "p", "layers": None}):
        with pytest.raises(ValueError, match="'layers'"):
            Pipeline.from_config(config)


def test_a_pipeline_is_made_of_a_list():
    with pytest.raises(TypeError, match="list of layers"):
        Pipeline(3)


def test_no_operations_leave_images_as_they_are():
    np.testing.assert_array_equal(augmentation.RandAugment(num_ops=0)(X), X)


def test_labels_that_are_integers_stay_so():
    data = {
        "images": X,
        "labels": np.array([[3], [1], [2], [0]]),
        "segmentation_masks": X,
    }
    out = random_flip.RandomFlip(seed=1)(data, training=True)
    assert out["labels"].dtype.kind == "i" and out["images"].dtype == np.float32
    one_hot = {"images": X, "labels": np.eye(4, dtype=int)}
    mixed = mixing.MixUp(seed=1)(one_hot, training=True)["labels"]
    np.testing.assert_allclose(np.asarray(mixed).sum(axis=1), 1, rtol=1e-6)


def test_resized_images_of_integers_are_rounded():
    image = np.array([[[0], [3]], [[6], [9]]], "uint8")
    resized = layers.Resizing(1, 2)(image)
    assert resized.dtype == "uint8"
    assert resized.tolist() == [[[3], [6]]]
    nested = layers.Resizing(1, 2)({"images": image, "segmentation_masks": image})
    assert nested["images"].dtype == "uint8"
    symbol = layers.Input((2, 2, 1), dtype="uint8")
    assert layers.Resizing(1, 2)(symbol).dtype == "uint8"


@pytest.mark.parametrize("kind", [augmentation.AugMix, augmentation.RandAugment])
def test_changes_of_colour_want_channels_of_colours_whatever_is_drawn(kind):
    four = np.ones((2, 8, 8, 4), "float32")
    for seed in range(8):
        with pytest.raises(ValueError, match=r"1 or 3 channels; received 4\. Pass"):
            kind(seed=seed)(four)
        assert kind(seed=seed)(four[..., :1]).shape == (2, 8, 8, 1)


def test_augmix_without_changes_of_colour_takes_any_channels():
    four = np.ones((2, 8, 8, 4), "float32")
    layer = augmentation.AugMix(all_ops=False, seed=1)
    assert layer(four).shape == four.shape
