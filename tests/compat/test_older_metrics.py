"""Metrics of Keras 1, against counts by hand."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.metrics import fbeta_score, fmeasure, matthews_correlation, precision
from keratorch.metrics import recall as recall_of

pytestmark = pytest.mark.usefixtures("quiet")
TRUE = np.array([1, 1, 1, 0, 0, 0, 0, 1])
PRED = np.array([0.9, 0.8, 0.1, 0.7, 0.2, 0.1, 0.3, 0.6])[:, None]  # 3 tp, 1 fp, 1 fn


@pytest.mark.parametrize("y", [TRUE, TRUE[:, None], TRUE[:, None].astype("float32")])
def test_scores_of_a_batch(y):
    assert float(precision(y, PRED)) == pytest.approx(3 / 4, rel=1e-5)
    assert float(recall_of(y, PRED)) == pytest.approx(3 / 4, rel=1e-5)
    assert float(fmeasure(y, PRED)) == pytest.approx(3 / 4, rel=1e-5)
    assert float(matthews_correlation(y, PRED)) == pytest.approx(0.5, rel=1e-5)


def test_recall_weighs_more_with_beta():
    y = np.array([1, 1, 1, 1])[:, None]  # precision 1, recall 1/4
    guess = np.array([1.0, 0.0, 0.0, 0.0])[:, None]
    expected = 5 * 0.25 / (4 + 0.25)
    assert float(fbeta_score(y, guess, beta=2)) == pytest.approx(expected, rel=1e-5)
    with pytest.raises(ValueError, match="beta must be >= 0; received -1"):
        fbeta_score(y, guess, beta=-1)


def test_a_model_is_measured_by_them():
    model = keras.Sequential([keras.layers.Dense(1, "sigmoid", input_shape=(2,))])
    model.compile("sgd", "binary_crossentropy", metrics=[fmeasure, recall_of])
    x = np.random.default_rng(0).normal(size=(8, 2))
    logs = model.fit(x, TRUE, verbose=0).history
    assert 0 <= logs["fmeasure"][0] <= 1.001 and 0 <= logs["recall"][0] <= 1.001


def test_a_script_may_name_them(installed):
    model = keras.Sequential([keras.layers.Dense(1, "sigmoid", input_shape=(2,))])
    model.compile("sgd", "mse", metrics=["fmeasure", "matthews_correlation", "recall"])
    logs = model.fit(np.ones((8, 2)), TRUE, verbose=0).history
    assert set(logs) == {"loss", "fmeasure", "matthews_correlation", "recall"}


def test_elsewhere_they_have_no_names():
    with pytest.raises(ValueError, match="unknown metric 'fmeasure'"):
        keras.metrics.get("fmeasure")


@pytest.mark.parametrize("name", ["rmse", "RMSE", "root_mean_squared_error"])
def test_the_root_of_the_squared_error_was_a_loss_of_keras_0(name):
    y_true, y_pred = np.zeros((2, 2)), np.array([[3.0, 3.0], [0.0, 4.0]])
    for loss in (keras.losses.get(name), getattr(keras.losses, name)):
        np.testing.assert_allclose(loss(y_true, y_pred), [3.0, np.sqrt(8.0)], rtol=1e-6)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model.compile("sgd", name)
    found = model.evaluate(y_pred, y_true, verbose=0)
    expected = np.sqrt((model.predict(y_pred, verbose=0) ** 2).mean(axis=-1)).mean()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["acc", "fmeasure"])
def test_a_file_that_names_them_is_read(name, tmp_path):
    def own(y_true, y_pred):
        return keras.backend.mean(y_pred)

    own.__name__ = name
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "mse", metrics=[own])
    model.fit(PRED, TRUE, verbose=0)
    model.save(tmp_path / "model.h5")
    again = keras.models.load_model(tmp_path / "model.h5")
    expected = {"acc": 0.0, "fmeasure": float(fmeasure(TRUE, model(PRED)))}[name]
    assert again.evaluate(PRED, TRUE, verbose=0)[1] == pytest.approx(expected)


@pytest.mark.usefixtures("installed")
def test_a_function_of_ones_own_comes_first(tmp_path):
    def acc(y_true, y_pred):
        return keras.backend.mean(y_pred) * 0 + 7

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[acc])
    model.fit(PRED, TRUE, verbose=0)
    model.save(tmp_path / "model.h5")
    again = keras.models.load_model(tmp_path / "model.h5", custom_objects={"acc": acc})
    assert again.evaluate(PRED, TRUE, verbose=0)[1] == 7
