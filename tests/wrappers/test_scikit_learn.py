"""Models as estimators, by themselves and inside scikit-learn."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.wrappers import (
    NotFittedError,
    SKLearnClassifier,
    SKLearnRegressor,
    SKLearnTransformer,
)
from keratorch.wrappers.estimator import r_squared
from keratorch.wrappers.scikit_learn import KerasClassifier, KerasRegressor

FIT = {"epochs": 30, "batch_size": 20, "verbose": 0}


@pytest.fixture(autouse=True)
def seed():
    keras.random.set_seed(0)


@pytest.fixture
def blobs():
    rng = np.random.default_rng(0)
    names = np.array(["ant", "bee", "cow"])[rng.integers(0, 3, 90)]
    centres = {"ant": (2, 0), "bee": (-2, 0), "cow": (0, 3)}
    X = np.array([centres[name] for name in names]) + rng.normal(0, 0.4, (90, 2))
    return X.astype("float32"), names


@pytest.fixture
def line():
    X = np.random.default_rng(1).normal(size=(80, 2)).astype("float32")
    return X, X @ [2.0, -1.0] + 0.5


def build(X, y, units=8, loss="categorical_crossentropy"):
    last = "softmax" if "crossentropy" in loss else None
    model = keras.Sequential(
        [
            keras.Input(X.shape[1:]),
            layers.Dense(units, activation="relu"),
            layers.Dense(y.shape[1], activation=last),
        ]
    )
    model.compile(keras.optimizers.Adam(0.05), loss)
    return model


def make(units=8, outputs=3, loss="sparse_categorical_crossentropy"):
    model = keras.Sequential([layers.Dense(units, activation="relu")])
    last = {1: "sigmoid"}.get(outputs, "softmax") if "cross" in loss else None
    model.add(layers.Dense(outputs, activation=last))
    model.compile(keras.optimizers.Adam(0.05), loss)
    return model


def test_a_classifier_learns_labels_and_returns_labels(blobs):
    X, y = blobs
    classifier = SKLearnClassifier(build, model_kwargs={"units": 6}, fit_kwargs=FIT)
    assert classifier.fit(X, y) is classifier
    assert classifier.score(X, y) > 0.95
    assert classifier.classes_.tolist() == ["ant", "bee", "cow"]
    assert classifier.predict_proba(X).shape == (90, 3)
    assert classifier.model_.layers[0].units == 6
    assert classifier.epoch_ == 30


def test_arguments_of_fit_go_before_those_of_the_constructor(blobs):
    classifier = SKLearnClassifier(build, fit_kwargs=FIT)
    classifier.fit(*blobs, epochs=2)
    assert classifier.epoch_ == 2 and classifier.fit_kwargs == FIT


def test_a_regressor_returns_the_form_of_y(line):
    X, y = line
    regressor = SKLearnRegressor(build, model_kwargs={"loss": "mse"}, fit_kwargs=FIT)
    assert regressor.fit(X, y).predict(X).shape == (80,)
    assert regressor.score(X, y) > 0.9
    assert regressor.fit(X, y[:, None]).predict(X).shape == (80, 1)


def test_a_model_is_copied_by_fit_unless_warm_start_says_otherwise(line):
    X, y = line
    model = build(X, y[:, None], loss="mse")
    before = model.get_weights()
    SKLearnRegressor(model, fit_kwargs=FIT).fit(X, y)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    warm = SKLearnRegressor(model, warm_start=True, fit_kwargs=FIT).fit(X, y)
    assert warm.model_ is model
    assert warm.fit(X, y).model_ is model


def test_fit_begins_with_new_weights_and_a_new_optimizer(line):
    X, y = line
    model = build(X, y[:, None], loss="mse")
    model.fit(X, y, epochs=20, verbose=0)
    learnt = model.evaluate(X, y, verbose=0)
    regressor = SKLearnRegressor(model, fit_kwargs={**FIT, "epochs": 1}).fit(X, y)
    assert regressor.history_.history["loss"][0] > 3 * learnt
    assert int(regressor.model_.optimizer.iterations) == 4


def test_a_built_model_with_a_call_of_its_own_cannot_be_renewed(line):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

    X, y = line
    model = Own()
    model.compile("sgd", "mse")
    SKLearnRegressor(model, fit_kwargs=FIT).fit(X, y)
    model(X)
    with pytest.raises(TypeError, match="Give the wrapper a function"):
        SKLearnRegressor(model).fit(X, y)


def test_a_built_model_transforms_without_fit(line):
    X, y = line
    model = build(X, y[:, None], loss="mse")
    transformer = SKLearnTransformer(model, fit_kwargs=FIT)
    expected = model.predict(X, verbose=0)
    np.testing.assert_array_equal(transformer.transform(X), expected)
    assert transformer.fit_transform(X, y).shape == (80, 1)


@pytest.mark.parametrize("y", [np.zeros(90), np.full(90, "a")])
def test_one_class_is_an_error(blobs, y):
    with pytest.raises(ValueError, match="two classes or more"):
        SKLearnClassifier(build).fit(blobs[0], y)


def test_numbers_with_fractions_are_no_labels(blobs):
    with pytest.raises(ValueError, match="use SKLearnRegressor"):
        SKLearnClassifier(build).fit(blobs[0], np.linspace(0, 1, 90))


def test_what_is_used_before_fit_says_so(blobs):
    for estimator in (SKLearnClassifier(build), KerasClassifier(make)):
        with pytest.raises(NotFittedError, match="Call fit"):
            estimator.predict(blobs[0])


def test_a_model_that_is_not_compiled_is_an_error(blobs):
    model = keras.Sequential([layers.Dense(3)])
    with pytest.raises(ValueError, match="compiled model"):
        SKLearnClassifier(model).fit(*blobs)


def test_unknown_parameters_are_named():
    with pytest.raises(ValueError, match="'epoch'"):
        SKLearnRegressor(build).set_params(epoch=3)
    with pytest.raises(TypeError, match="'layers' is no argument of build_fn"):
        KerasClassifier(build_fn=make, layers=3)


# The wrappers of Keras 1 and 2


def test_the_old_classifier_learns_labels(blobs):
    X, y = blobs
    classifier = KerasClassifier(build_fn=make, units=6, **FIT)
    history = classifier.fit(X, y)
    assert len(history.epoch) == 30
    assert classifier.predict(X).shape == (90,)
    assert classifier.score(X, y) > 0.95
    assert classifier.model.layers[0].units == 6


def test_the_old_classifier_takes_one_hot_rows(blobs):
    X, y = blobs
    rows = np.eye(3)[np.unique(y, return_inverse=True)[1]]
    classifier = KerasClassifier(make, loss="categorical_crossentropy", **FIT)
    classifier.fit(X, rows)
    assert classifier.score(X, rows) > 0.95


def test_the_old_classifier_has_two_probabilities_for_one_output(blobs):
    X, y = blobs
    binary = np.where(y == "cow", "yes", "no")
    classifier = KerasClassifier(make, outputs=1, loss="binary_crossentropy", **FIT)
    classifier.fit(X, binary)
    assert classifier.predict(X).shape == (90, 1)  # as in Keras 2
    assert set(classifier.predict(X)[:, 0]) == {"yes", "no"}
    assert classifier.score(X, binary) > 0.95
    np.testing.assert_allclose(classifier.predict_proba(X).sum(axis=1), 1, rtol=1e-6)


def test_the_old_regressor_scores_minus_its_loss(line):
    X, y = line
    regressor = KerasRegressor(make, outputs=1, loss="mse", **FIT)
    regressor.fit(X, y, epochs=3)
    expected = -np.mean((regressor.predict(X) - y) ** 2)
    assert regressor.score(X, y) == pytest.approx(expected, rel=1e-5)


def test_the_number_of_epochs_of_today_counts_before_the_older_one(line):
    X, y = line

    def made(nb_epoch=1):
        assert nb_epoch == 7
        return make(outputs=1, loss="mse")

    with pytest.warns(DeprecationWarning, match="nb_epoch is called epochs"):
        history = KerasRegressor(made, nb_epoch=7, epochs=2, verbose=0).fit(X, y)
    assert len(history.history["loss"]) == 2


def test_parameters_come_back_as_they_were_given():
    parameters = {"units": [1, 2], "epochs": 3}
    wrapper = KerasRegressor(make, **parameters)
    assert wrapper.get_params()["units"] is parameters["units"]
    assert wrapper.set_params(epochs=5).get_params()["epochs"] == 5


def test_r_squared_is_that_of_its_formula():
    y = np.array([1.0, 2.0, 3.0])
    assert r_squared(y, y) == 1
    assert r_squared(y, np.full(3, 2.0)) == 0
    assert r_squared(np.ones(3), np.ones(3)) == 1
    assert r_squared(np.ones(3), np.zeros(3)) == 0


# Inside scikit-learn


@pytest.fixture
def sklearn():
    return pytest.importorskip("sklearn")


def pairs():
    return [
        SKLearnClassifier(build, fit_kwargs=FIT),
        KerasClassifier(build_fn=make, **FIT),
    ]


@pytest.mark.parametrize("classifier", pairs(), ids=["modern", "old"])
def test_cross_validation_and_clone(sklearn, classifier, blobs):
    from sklearn.base import clone, is_classifier
    from sklearn.model_selection import cross_val_score

    assert is_classifier(classifier)
    assert clone(classifier).get_params() == classifier.get_params()
    scores = cross_val_score(classifier, *blobs, cv=3)
    assert scores.shape == (3,) and scores.min() > 0.8


@pytest.mark.parametrize("old", [False, True])
def test_pipeline_and_grid_search(sklearn, blobs, old):
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = pairs()[old]
    name = type(classifier).__name__.lower()
    pipeline = make_pipeline(StandardScaler(), classifier)
    grid = {f"{name}__units": [1, 8]}
    if not old:
        grid = {f"{name}__model_kwargs": [{"units": 1}, {"units": 8}]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(*blobs)
    assert search.best_score_ > 0.85
    assert search.predict(blobs[0]).shape == (90,)


def test_regressors_are_scored_by_scikit_learn(sklearn, line):
    from sklearn.base import is_regressor
    from sklearn.metrics import r2_score
    from sklearn.model_selection import KFold, cross_val_score

    regressor = SKLearnRegressor(build, model_kwargs={"loss": "mse"}, fit_kwargs=FIT)
    assert is_regressor(regressor)
    assert cross_val_score(regressor, *line, cv=2).min() > 0.8
    regressor.fit(*line)
    expected = r2_score(line[1], regressor.predict(line[0]))
    assert regressor.score(*line) == pytest.approx(expected, rel=1e-5)
    old = KerasRegressor(build_fn=make, outputs=1, loss="mse", **FIT)
    folds = KFold(n_splits=3, shuffle=True, random_state=0)
    assert -0.5 < cross_val_score(old, *line, cv=folds).mean() < 0


def test_a_transformer_stands_in_a_pipeline(sklearn, line):
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline

    X, y = line
    transformer = SKLearnTransformer(
        build, model_kwargs={"loss": "mse"}, fit_kwargs=FIT
    )
    pipeline = make_pipeline(transformer, LinearRegression()).fit(X, y)
    assert pipeline.score(X, y) > 0.9


def test_frames_of_pandas_are_taken(sklearn, blobs):
    pandas = pytest.importorskip("pandas")
    X, y = pandas.DataFrame(blobs[0]), pandas.Series(blobs[1])
    for classifier in pairs():
        classifier.fit(X, y)
        assert classifier.score(X, y) > 0.9


def least_squares(X, y):
    model = keras.Sequential([keras.Input(X.shape[1:]), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("X", "error", "says"),
    [
        (np.ones(3), ValueError, "Reshape your data"),
        (np.ones((0, 2)), ValueError, "0 sample"),
        (np.ones((3, 0)), ValueError, "0 feature"),
        (np.ones((3, 2)) * 1j, ValueError, "Complex data not supported"),
        ([[1, np.nan], [0, 1], [1, 1]], ValueError, "contains NaN"),
        ([[1, np.inf], [0, 1], [1, 1]], ValueError, "contains infinity"),
        ([[1, "b"], [0, "a"], [1, "a"]], ValueError, "could not convert"),
        ([[1, {}], [0, 1], [1, 1]], TypeError, "must be a string"),
    ],
)
def test_features_are_a_table_of_finite_numbers(X, error, says):
    regressor = SKLearnRegressor(least_squares, fit_kwargs={"verbose": 0})
    with pytest.raises(error, match=says):
        regressor.fit(X, np.ones(len(X)))
    regressor.fit(np.ones((3, 2)), np.ones(3))
    with pytest.raises(error, match=says):
        regressor.predict(X)


def test_predict_wants_the_features_of_fit_and_fit_wants_targets():
    regressor = SKLearnRegressor(least_squares, fit_kwargs={"verbose": 0})
    for y, says in [(None, "target y is None"), ([1.0], "3 samples"), (1, "3 samples")]:
        with pytest.raises(ValueError, match=says):
            regressor.fit(np.ones((3, 2)), y)
    regressor.fit(np.ones((3, 2)), np.ones(3))
    with pytest.raises(ValueError, match="X has 3 features, but SKLearnRegressor"):
        regressor.predict(np.ones((3, 3)))


def test_scikit_learn_knows_the_error_of_an_estimator_without_fit():
    exceptions = pytest.importorskip("sklearn.exceptions")
    sparse = pytest.importorskip("scipy.sparse")
    regressor = SKLearnRegressor(least_squares)
    for error in (exceptions.NotFittedError, NotFittedError):
        with pytest.raises(error, match="not fitted yet"):
            regressor.predict(np.ones((1, 2)))
    with pytest.raises(TypeError, match="sparse matrix"):
        regressor.fit(sparse.csr_matrix(np.eye(2)), np.ones(2))
