import importlib

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.missing import Missing
from keratorch.compat.names import NAMES

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, names in NAMES.items() for name in names]
)
def test_an_older_name_of_a_room_can_be_imported(room, name):
    module = importlib.import_module(f"keratorch.{room}".rstrip("."))
    assert getattr(module, name) is not None or name == "newaxis"


@pytest.mark.parametrize("name", ["JZS1", "LRN2D"])
def test_a_name_that_is_gone_says_so_when_it_is_used(name):
    gone = getattr(keras.layers, name)
    assert isinstance(gone, Missing)
    with pytest.raises(
        NotImplementedError, match=f"keras.layers.{name}: Keras dropped it"
    ):
        gone(3)


def test_a_class_cannot_inherit_from_what_is_gone():
    with pytest.raises(NotImplementedError, match="JZS1"):

        class Own(keras.layers.JZS1):
            pass


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("room", "names"),
    [
        ("regularizers", ("l2", "activity_l2", "L1")),
        ("constraints", ("maxnorm", "nonneg", "MaxNorm")),
        ("optimizers", ("interfaces", "K", "np", "adam")),
        ("layers", ("interfaces", "K", "Deconv2D")),
        ("layers.normalization", ("BatchNormalization", "LayerNormalization")),
        ("preprocessing.image", ("ImageDataGenerator", "flip_axis", "np")),
        ("preprocessing.sequence", ("pad_sequences", "np")),
        ("preprocessing.text", ("Tokenizer", "np")),
    ],
)
def test_a_star_brings_older_names_along(room, names):
    brought = {}
    exec(f"from keratorch.{room} import *", brought)
    assert brought.keys() >= set(names)


def test_older_penalties_and_limits():
    assert float(keras.regularizers.l2(l=0.5)(np.ones(4))) == 2
    assert float(keras.regularizers.WeightRegularizer(l2=0.5)(np.ones(4))) == 2
    assert keras.constraints.maxnorm(m=3).max_value == 3
    assert isinstance(keras.constraints.get("nonneg"), keras.constraints.NonNeg)


def test_thresholded_relu():
    layer = keras.layers.ThresholdedReLU(theta=1.0)
    np.testing.assert_array_equal(layer(np.array([[0.5, 1.5]])).numpy(), [[0.0, 1.5]])


def test_older_functions_of_utils():
    assert keras.utils.to_categorical([1], nb_classes=3).tolist() == [[0, 1, 0]]
    y = np.array([[0.1, 0.9]])
    assert keras.utils.np_utils.probas_to_classes(y).tolist() == [1]
    assert keras.utils.multi_gpu_model("model", gpus=2) == "model"
    chances = np.array([[0.5, 0.5], [0.2, 0.8]])
    older = importlib.import_module("keratorch.utils.np_utils")
    found = older.multiclass_logloss(chances, [1, 2])
    assert found == pytest.approx(-np.log([0.5, 0.8]).mean())
    generic = importlib.import_module("keratorch.utils.generic_utils")
    assert generic.make_tuple(1, 2) == (1, 2)
    taken = generic.get_from_module({"name": "one", "real": 3}, {"one": complex}, "it")
    assert taken == 3
    with pytest.raises(ValueError, match="unknown number 'two'"):
        generic.get_from_module("two", {"one": 1}, "number")


def test_reductions_had_names():
    Reduction = keras.losses.Reduction
    assert Reduction.all() == ("auto", "none", "sum", "sum_over_batch_size")
    given = {r: keras.losses.MeanSquaredError(reduction=r) for r in Reduction.all()}
    assert given["auto"].reduction == "sum_over_batch_size"
    assert given["none"]([[1.0], [2.0]], [[2.0], [4.0]]).numpy().tolist() == [1.0, 4.0]
    with pytest.raises(ValueError, match="reduction must be one of"):
        keras.losses.MeanSquaredError(reduction="automatic")


def test_one_hot_rows_may_be_of_a_type():
    rows = keras.utils.to_categorical([1, 0], 2, "int8")
    assert (rows.dtype, rows.tolist()) == (np.int8, [[0, 1], [1, 0]])
    assert keras.utils.to_categorical(y=[1], dtype="float64").dtype == np.float64


def test_the_parameters_of_weights_are_counted():
    from keratorch.utils.layer_utils import count_params, print_layer_summary

    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])
    assert count_params(model.trainable_weights) == 8
    print_layer_summary(model.layers[0])


def test_the_inputs_that_an_array_comes_from():
    from keratorch.engine.topology import get_source_inputs

    a, b = keras.Input((2,)), keras.Input((2,))
    hidden = keras.layers.Dense(3)(a)
    joined = keras.layers.Concatenate()([hidden, b, hidden])
    assert get_source_inputs(joined) == [a, b]
    assert get_source_inputs(a) == [a]


def test_images_are_grey_by_an_older_argument(tmp_path):
    image = keras.utils.array_to_img(np.ones((4, 4, 3)), dim_ordering="tf")
    image.save(tmp_path / "x.png")
    load = keras.preprocessing.image.load_img
    assert load(tmp_path / "x.png", grayscale=True).mode == "L"
    assert load(tmp_path / "x.png", grayscale=False).mode == "RGB"
    assert load(tmp_path / "x.png", True).mode == "L"
    assert load(tmp_path / "x.png", False, (2, 2)).size == (2, 2)
    assert keras.utils.img_to_array(image, dim_ordering="th").shape == (3, 4, 4)


def test_tables_of_images_had_other_arguments(tmp_path):
    pandas = pytest.importorskip("pandas")
    keras.utils.array_to_img(np.ones((4, 4, 3))).save(tmp_path / "x.png")
    table = pandas.DataFrame({"filename": ["x.png"], "class": ["one"]})
    flow = keras.preprocessing.image.ImageDataGenerator(
        dim_ordering="tf"
    ).flow_from_dataframe(
        table, str(tmp_path), has_ext=True, sort=False, drop_duplicates=False
    )
    assert len(flow) == 1


def test_pictures_have_no_range_of_layers(tmp_path):
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])
    keras.utils.plot_model(model, str(tmp_path / "m.svg"), layer_range=None)
    assert (tmp_path / "m.svg").stat().st_size


def test_callbacks_take_what_they_took():
    checkpoint = keras.callbacks.ModelCheckpoint("x.h5", load_weights_on_restart=True)
    assert checkpoint.filepath == "x.h5"
    assert keras.callbacks.ProgbarLogger(count_mode="steps")


@pytest.mark.parametrize("name", ["image", "sequence", "text"])
def test_a_module_of_preprocessing_holds_its_package_s_own_name(installed, name):
    room = importlib.import_module(f"keras.preprocessing.{name}")
    with pytest.warns(DeprecationWarning, match=f"Write keras.preprocessing.{name}"):
        assert getattr(room, name) is room
