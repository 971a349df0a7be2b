"""JSON of a model compiled with functions of one's own is read in older scripts."""

import numpy as np
import pytest

import keratorch as keras


def text():
    def share_of_hits(y_true, y_pred):
        return np.mean(y_true == np.round(y_pred))

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse", metrics=[share_of_hits])
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    return model.to_json()


@pytest.mark.usefixtures("installed")
def test_it_is_read_and_not_compiled():
    model = keras.models.model_from_json(text())
    assert model.count_params() == 8
    assert not model.compiled


@pytest.mark.usefixtures("installed")
def test_what_is_no_json_is_named():
    with pytest.raises(ValueError, match="json_string"):
        keras.models.model_from_json("no JSON")


def test_elsewhere_the_function_must_be_given():
    with pytest.raises(ValueError, match="share_of_hits"):
        keras.models.model_from_json(text())


@pytest.mark.usefixtures("quiet")
def test_layers_know_the_shape_of_their_batches():
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])
    assert model.layers[0].batch_input_shape == (None, 3)
