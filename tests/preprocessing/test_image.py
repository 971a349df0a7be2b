import numpy as np
import pytest

import keratorch as keras
from keratorch.preprocessing import image
from keratorch.preprocessing.image import ImageDataGenerator

X = np.arange(20, dtype="float32").reshape(4, 5, 1)
RNG = np.random.default_rng(0)

# Rows 0 and 3 of X after theta=30, tx=1, zx=0.8, cval=-1, by Keras 3.15 with SciPy.
AFFINE = {
    "nearest": [
        [3.1665, 5.8594, 8.5522, 10.8397, 12.8397],
        [14.6569, 16.5196, 17.2124, 17.9053, 18.5981],
    ],
    "constant": [
        [3.1665, 5.8594, 8.5522, -1.0, -1.0],
        [14.6569, -1.0, -1.0, -1.0, -1.0],
    ],
    "reflect": [
        [3.1665, 5.8594, 8.5522, 10.8397, 12.7417],
        [14.6569, 16.5196, 17.2124, 17.9053, 16.768],
    ],
    "wrap": [
        [3.1665, 5.8594, 8.5522, 7.245, 9.9378],
        [14.6569, 2.3497, 5.0426, 7.7354, 10.4282],
    ],
}


@pytest.mark.parametrize("fill_mode", AFFINE)
def test_affine_transform_has_the_numbers_of_keras(fill_mode):
    axes = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
    out = image.apply_affine_transform(
        X, theta=30, tx=1, zx=0.8, fill_mode=fill_mode, cval=-1, **axes
    )
    np.testing.assert_allclose(out[[0, 3], :, 0], AFFINE[fill_mode], atol=1e-4)
    assert out.dtype == np.float32


def test_changes_are_drawn_in_the_order_of_keras():
    generator = ImageDataGenerator(
        rotation_range=30,
        width_shift_range=0.2,
        height_shift_range=2,
        shear_range=5,
        zoom_range=0.2,
        horizontal_flip=True,
        vertical_flip=True,
        channel_shift_range=9,
        brightness_range=(0.5, 1.5),
    )
    # By Keras 3.15.
    assert generator.get_random_transform((4, 5, 1), seed=3) == pytest.approx(
        {
            "theta": 3.047874,
            "tx": 1.0,
            "ty": -0.418191,
            "shear": 0.108276,
            "zx": 1.157179,
            "zy": 1.158517,
            "flip_horizontal": 1,
            "flip_vertical": 1,
            "channel_shift_intensity": -8.07359,
            "brightness": 0.94081,
        },
        abs=1e-6,
    )
    np.testing.assert_array_equal(
        generator.random_transform(X, seed=3), generator.random_transform(X, seed=3)
    )


def test_an_empty_change_changes_nothing():
    np.testing.assert_array_equal(ImageDataGenerator().apply_transform(X, {}), X)
    flipped = ImageDataGenerator().apply_transform(X, {"flip_horizontal": True})
    np.testing.assert_array_equal(flipped, X[:, ::-1])


def test_flow_goes_on_without_an_end_and_counts_its_batches():
    x, y = RNG.normal(size=(5, 4, 4, 1)), np.arange(5)
    flow = ImageDataGenerator().flow(x, y, batch_size=2, shuffle=True, seed=1)
    assert len(flow) == 3 and iter(flow) is flow
    epoch = [label for _ in range(3) for label in next(flow)[1]]
    assert sorted(epoch) == [0, 1, 2, 3, 4]
    assert flow.next()[0].shape == (2, 4, 4, 1)
    with pytest.raises(ValueError, match="there are 3 batches"):
        flow[3]


def test_subsets_part_the_samples():
    x, y = RNG.normal(size=(10, 2, 2, 1)), np.arange(10) % 2
    generator = ImageDataGenerator(validation_split=0.2)
    held = generator.flow(x, y, subset="validation", shuffle=False)
    train = generator.flow(x, y, subset="training", shuffle=False)
    assert (held.n, train.n) == (2, 8)
    np.testing.assert_allclose(next(held)[0], x[:2], rtol=1e-6)
    with pytest.raises(ValueError, match="different classes"):
        generator.flow(x, np.arange(10), subset="training")
    generator.flow(x, np.arange(10), subset="training", ignore_class_split=True)
    with pytest.raises(ValueError, match="subset must be"):
        generator.flow(x, y, subset="test")


def test_other_inputs_and_weights_are_handed_on():
    x = RNG.normal(size=(3, 2, 2, 1))
    flow = ImageDataGenerator().flow(
        (x, [np.arange(3)]), np.zeros(3), sample_weight=np.ones(3), shuffle=False
    )
    (images, other), y, weights = next(flow)
    assert images.shape == (3, 2, 2, 1) and other.tolist() == [0, 1, 2]
    assert y.tolist() == [0, 0, 0] and weights.tolist() == [1, 1, 1]


def test_a_model_learns_from_a_flow():
    x, y = RNG.normal(size=(20, 4, 4, 1)), RNG.integers(0, 2, 20)
    flow = ImageDataGenerator(horizontal_flip=True).flow(x, y, batch_size=8)
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert len(model.fit(flow, epochs=2, verbose=0).history["loss"]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"zoom_range": (1, 2, 3)}, "zoom_range"),
        ({"brightness_range": 0.5}, "brightness_range"),
        ({"validation_split": 1.0}, "validation_split"),
        ({"data_format": "last"}, "data_format"),
    ],
)
def test_wrong_arguments_are_told(arguments, told):
    with pytest.raises(ValueError, match=told):
        ImageDataGenerator(**arguments)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"order": 3}, "0 or 1"),
        ({"fill_mode": "mirror"}, "fill_mode"),
        ({"channel_axis": 1, "row_axis": 0}, "channels first or last"),
    ],
)
def test_transforms_that_cannot_be_are_told(arguments, told):
    with pytest.raises(ValueError, match=told):
        image.apply_affine_transform(X, theta=1, **arguments)


def test_wrong_data_is_told():
    generator = ImageDataGenerator()
    with pytest.raises(ValueError, match=r"x\[..., None\]"):
        generator.flow(np.zeros((3, 4, 4)))
    with pytest.raises(ValueError, match="one length"):
        generator.flow(np.zeros((3, 4, 4, 1)), np.zeros(2))
    with pytest.warns(UserWarning, match="5 channels on axis 3"):
        generator.fit(np.zeros((3, 4, 4, 5)))


def test_settings_that_need_fit_or_others_say_so():
    with pytest.warns(UserWarning, match="turns featurewise_center on") as one:
        generator = ImageDataGenerator(featurewise_std_normalization=True)
    with pytest.warns(UserWarning, match="before fit") as other:
        generator.standardize(X.copy())
    assert one[0].filename == other[0].filename == __file__
    generator.fit(RNG.normal(3, 2, size=(50, 4, 5, 1)))
    scaled = generator.standardize(RNG.normal(3, 2, size=(50, 4, 5, 1)))
    assert abs(scaled.mean()) < 0.1 and abs(scaled.std() - 1) < 0.1


def test_smart_resize_cuts_the_middle():
    x = np.zeros((4, 12, 1))
    x[:, 4:8] = 1
    assert image.smart_resize(x, (2, 2)).min() == 1
    assert image.smart_resize(x[None], (2, 3)).shape == (1, 2, 3, 1)
    with pytest.raises(ValueError, match="batch of such"):
        image.smart_resize(np.zeros((4, 4)), (2, 2))
    with pytest.raises(TypeError, match="further arguments"):
        image.random_rotation(X, 5, axis=1)


@pytest.fixture
def folder(tmp_path):
    Image = pytest.importorskip("PIL.Image")
    for name, value in (("cats", 50), ("dogs", 150)):
        (tmp_path / name / "deep").mkdir(parents=True)
        for place in ("a.png", "b.jpg", "deep/c.bmp", "deep/d.png"):
            pixels = np.full((6, 8, 3), value, np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / place)
        (tmp_path / name / "notes.txt").write_text("no image")
    return tmp_path


@pytest.mark.parametrize(
    ("class_mode", "shape"),
    [("categorical", (4, 2)), ("binary", (4,)), ("sparse", (4,)), ("input", None)],
)
def test_images_come_from_a_folder(folder, capsys, class_mode, shape):
    generator = ImageDataGenerator(rescale=1 / 255, validation_split=0.25)
    flow = generator.flow_from_directory(
        folder, (5, 5), class_mode=class_mode, batch_size=4, shuffle=False
    )
    assert capsys.readouterr().out == "Found 8 images belonging to 2 classes.\n"
    assert flow.class_indices == {"cats": 0, "dogs": 1} and flow.samples == 8
    x, y = next(flow)
    assert x.shape == (4, 5, 5, 3) and y.shape == (shape or x.shape)
    np.testing.assert_allclose(x, 50 / 255, atol=0.02)
    held = generator.flow_from_directory(folder, subset="validation", class_mode=None)
    assert held.samples == 2 and next(held).shape == (2, 256, 256, 3)
    assert flow.labels.tolist() == [0] * 4 + [1] * 4


def test_changed_images_are_written_for_a_look(folder, tmp_path):
    (tmp_path / "seen").mkdir()
    flow = ImageDataGenerator().flow_from_directory(
        folder,
        classes=["dogs"],
        color_mode="grayscale",
        save_to_dir=tmp_path / "seen",
        save_prefix="x",
    )
    assert next(flow)[0].shape == (4, 256, 256, 1)
    assert len(list((tmp_path / "seen").glob("x_*.png"))) == 4


def test_images_come_from_a_table(folder, capsys):
    table = {
        "filename": ["cats/a.png", "dogs/a.png", "dogs/deep/c.bmp", "gone.png"],
        "class": ["cat", "dog", "dog", "cat"],
        "both": [["cat", "pet"], ["pet"], ["dog"], ["dog"]],
        "age": [1.0, 2.0, 3.0, 4.0],
    }
    generator = ImageDataGenerator()

    def first(**arguments):
        with pytest.warns(UserWarning, match="1 of 4 paths"):
            flow = generator.flow_from_dataframe(
                table, folder, shuffle=False, target_size=(4, 4), **arguments
            )
        return next(flow)

    x, y = first()
    assert x.shape == (3, 4, 4, 3) and y.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert "Found 3 validated image filenames belonging to 2" in capsys.readouterr().out
    assert first(y_col="both")[1].tolist() == [[1, 0, 1], [0, 0, 1], [0, 1, 0]]
    assert first(class_mode="sparse", classes=["dog"])[1].tolist() == [0, 0]
    assert first(class_mode="raw", y_col="age")[1].tolist() == [1, 2, 3]
    assert first(class_mode="raw", y_col=["age", "age"])[1].shape == (3, 2)
    assert len(first(class_mode="multi_output", y_col=["age", "class"])[1]) == 2
    assert first(weight_col="age")[2].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"class_mode": "one_hot"}, ValueError, "class_mode"),
        ({"color_mode": "cmyk"}, ValueError, "color_mode"),
        ({"class_mode": "binary"}, ValueError, "2 classes"),
        ({"y_col": "age"}, TypeError, "must hold str"),
        ({"x_col": "age"}, TypeError, "paths"),
        ({"weight_col": "class"}, TypeError, "numbers"),
        ({"class_mode": "multi_output"}, TypeError, "list of names"),
        ({"subset": "test"}, ValueError, "subset"),
    ],
)
def test_tables_that_cannot_be_are_told(arguments, error, told):
    table = {"filename": ["a.png"], "class": ["cat"], "age": [1]}
    with pytest.raises(error, match=told):
        ImageDataGenerator().flow_from_dataframe(
            table, validate_filenames=False, **arguments
        )
