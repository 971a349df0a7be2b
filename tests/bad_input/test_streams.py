"""Generators and datasets: where they broke off, what came, and what was wanted."""

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import (
    INPUTS,
    LABELS,
    TARGETS,
    Mistake,
    X,
    check,
    classifier,
    several,
)


def batches(*given, error=None):
    yield from given
    if error is not None:
        raise error


class Data(keras.utils.PyDataset):
    """Four batches, one of which may be bad or raise."""

    def __init__(self, bad=None, item=None, count=4, **kwargs):
        super().__init__(**kwargs)
        self.bad, self.item, self.count = bad, item, count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index != self.bad:
            return X, LABELS
        if isinstance(self.item, Exception):
            raise self.item
        return self.item


class Unfinished(keras.utils.PyDataset):
    def __len__(self):
        return 2


def fit(make, *args, **kwargs):
    return lambda model: model.fit(make(), *args, verbose=0, **kwargs)


FIRST_BATCH = {  # found before the first step
    "features": Mistake(
        fit(lambda: batches((X[:, :3], LABELS))),
        ("x", "(12, 3)", "(4,)", "3 features instead of 4"),
    ),
    "features of a dataset": Mistake(
        fit(lambda: Data(0, (X[:, :3], LABELS)), shuffle=False),
        ("x", "(12, 3)", "(4,)"),
    ),
    "labels": Mistake(
        fit(lambda: batches((X, LABELS + 7))), ("y_true", "7 at row 0", "from 0 to 2")
    ),
    "one-hot labels": Mistake(
        fit(lambda: batches((X, np.eye(3)[LABELS]))),
        ("y_true", "(12, 3)", "(12,)", "np.argmax"),
    ),
    "lengths": Mistake(
        fit(lambda: batches((X, LABELS[:5]))), ("y_true", "(5,)", "one", "(12,)")
    ),
    "no targets": Mistake(
        fit(lambda: batches(X)), ("y", "no targets", "which has a loss", "Pass them")
    ),
    "four things": Mistake(
        fit(lambda: batches((X, LABELS, LABELS, LABELS))),
        ("batch 0", "a tuple of 4", "(x, y, sample_weight)", "list of their own"),
    ),
    "None": Mistake(
        fit(lambda: batches(None)), ("batch 0", "None", "(x, y)", "forget to yield")
    ),
    "None of a dataset": Mistake(
        fit(lambda: Data(0), shuffle=False), ("Data at batch 0", "None", "(x, y)")
    ),
    "text": Mistake(
        fit(lambda: batches((np.full((3, 4), "a"), LABELS[:3]))),
        ("x holds text", "(0, 0)", "Encode them", "TextVectorization"),
    ),
    "no batch at all": Mistake(fit(batches), ("x", "no batch at all")),
    "a dataset of 0 batches": Mistake(
        fit(lambda: Data(count=0)), ("x", "Data has 0 batches")
    ),
    "the class of a dataset": Mistake(
        fit(lambda: Data), ("x", "the class Data", "instance", "Data(...)"), None
    ),
    "y beside a generator": Mistake(
        fit(lambda: batches((X, LABELS)), LABELS),
        ("y cannot be given", "generator", "(x, y)"),
    ),
    "sample_weight beside a dataset": Mistake(
        fit(Data, sample_weight=np.ones(12)),
        ("sample_weight cannot be given", "dataset", "(x, y, sample_weight)"),
    ),
    "validation_split": Mistake(
        fit(lambda: batches((X, LABELS)), validation_split=0.2),
        ("validation_split", "generator", "arrays", "validation_data"),
    ),
    "a function": Mistake(
        lambda model: model.fit(batches), ("x", "received function", "generator")
    ),
    "a number": Mistake(lambda model: model.fit(3), ("x", "received int", "an array")),
}

LATER = {  # what was learned from earlier batches stays; the message says the place
    "a generator raises": Mistake(
        fit(lambda: batches((X, LABELS), error=OSError("disk gone"))),
        ("disk gone", "data generator at batch 1"),
        error=OSError,
    ),
    "a dataset raises": Mistake(
        fit(lambda: Data(2, KeyError("no image")), shuffle=False),
        ("no image", "Data at batch 2"),
        error=KeyError,
    ),
    "a dataset with workers raises": Mistake(
        fit(lambda: Data(2, KeyError("no image"), workers=2), shuffle=False),
        ("no image", "Data at batch 2"),
        error=KeyError,
    ),
    "a dataset without __getitem__": Mistake(
        fit(Unfinished), ("Unfinished", "__getitem__"), error=NotImplementedError
    ),
    "features of a later batch": Mistake(
        fit(lambda: batches((X, LABELS), (X[:, :3], LABELS))),
        ("dense", "(12, 3)", "last axis 4", "4 features"),
    ),
    "labels of a later batch": Mistake(
        fit(lambda: batches((X, LABELS), (X, LABELS + 7))),
        ("labels", "from 7 to 9", "from 0 to 2", "1-based?"),
    ),
    "None in a later batch": Mistake(
        fit(lambda: Data(2), shuffle=False), ("Data at batch 2", "None", "(x, y)")
    ),
}

VALIDATION = {
    "a generator raises": Mistake(
        lambda: batches((X, LABELS), error=OSError("disk gone")),
        ("disk gone", "batch 1", "validation_data"),
        error=OSError,
    ),
    "a dataset raises": Mistake(
        lambda: Data(1, OSError("disk gone")),
        ("disk gone", "Data at batch 1", "validation_data"),
        error=OSError,
    ),
    "features of a generator": Mistake(
        lambda: batches((X[:, :3], LABELS)), ("validation_data", "(12, 3)", "axis 4")
    ),
    "four things": Mistake(
        lambda: (X, LABELS, LABELS, LABELS),
        ("validation_data", "4 of them", "(x_val, y_val)"),
    ),
    "no targets": Mistake(
        lambda: (X, None), ("validation_data: y is missing", "(x_val, y_val)")
    ),
    "lengths": Mistake(
        lambda: (X, LABELS[:3]), ("validation_data", "12 in x and 3 in y", "one target")
    ),
    "labels": Mistake(
        lambda: (X, LABELS + 1), ("validation_data", "3 at row 2", "from 0 to 2")
    ),
    "no samples": Mistake(
        lambda: (X[:0], LABELS[:0]), ("validation_data: x", "no samples", "(0, 4)")
    ),
    "NaN": Mistake(lambda: (X * np.nan, LABELS), ("validation_data: x", "nan at")),
    "a share": Mistake(
        lambda: 0.2, ("validation_data", "0.2", "(x_val, y_val)", "validation_split")
    ),
    "a text": Mistake(lambda: "auto", ("validation_data", "'auto'", "(x_val, y_val)")),
    "a dict": Mistake(
        lambda: {"x": X, "y": LABELS}, ("validation_data: ", "(x_val, y_val)")
    ),
}


def have_notes():
    return hasattr(Exception(), "add_note")  # from Python 3.11 on


def without_notes(mistake):
    """Return a mistake as Python 3.10 shows it, where errors have no notes."""
    if have_notes():
        return mistake
    noted = ("batch ", "Data at", "data generator", "validation_data")
    kept = [part for part in mistake.tells if not any(n in part for n in noted)]
    return mistake._replace(tells=kept)


@pytest.mark.parametrize("name", FIRST_BATCH)
def test_a_bad_first_batch_changes_nothing(name):
    model = classifier()
    model.fit(X, LABELS, verbose=0)
    history, mistake = model.history, without_notes(FIRST_BATCH[name])
    before = [weight.numpy() for weight in model.weights]
    check(mistake._replace(call=lambda: mistake.call(model)))
    assert int(model.optimizer.iterations) == 1
    np.testing.assert_equal([weight.numpy() for weight in model.weights], before)
    assert model.fit(X, LABELS, verbose=0).epoch == [0] and history.epoch == [0]


@pytest.mark.parametrize("name", LATER)
def test_an_error_in_a_later_batch_says_which(name):
    model, mistake = classifier(), without_notes(LATER[name])
    check(mistake._replace(call=lambda: mistake.call(model)))
    assert all(np.isfinite(weight.numpy()).all() for weight in model.weights)
    assert len(model.fit(X, LABELS, verbose=0).history["loss"]) == 1


@pytest.mark.parametrize("name", VALIDATION)
def test_validation_data_are_said_to_be_wrong(name):
    model, mistake = classifier(), without_notes(VALIDATION[name])

    def call():
        model.fit(X, LABELS, validation_data=mistake.call(), verbose=0)

    check(mistake._replace(call=call))
    assert len(model.fit(X, LABELS, verbose=0).history["loss"]) == 1


def test_a_stream_for_several_inputs_names_the_input():
    wrong = batches(({**INPUTS, "b": X}, TARGETS))
    tells = ("x['b']", "(12, 4)", "(2,)")
    check(Mistake(lambda: several().fit(wrong, verbose=0), tells))


@pytest.mark.parametrize("method", ["evaluate", "predict"])
def test_errors_of_a_generator_pass_through_each_method(method):
    batch = (X, LABELS) if method == "evaluate" else (X,)
    broken = batches(batch, error=OSError("disk gone"))
    tells = ("disk gone", "data generator at batch 1") if have_notes() else ()
    mistake = Mistake(
        lambda model: getattr(model, method)(broken, verbose=0), tells, error=OSError
    )
    check(mistake._replace(call=lambda: mistake.call(classifier())))


def test_a_validation_generator_that_ends_warns_with_the_steps():
    model = classifier()
    with pytest.warns(UserWarning, match="1 of 3"):
        ending = batches((X, LABELS))
        model.fit(X, LABELS, validation_data=ending, validation_steps=3, verbose=0)
    assert "val_loss" in model.history.history
