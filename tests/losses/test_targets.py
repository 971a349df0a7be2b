"""Mistakes in targets and predictions, and what they answer."""

import numpy as np
import pytest

from keratorch import GradArray, losses

LABELS = np.array([0, 2, 1, 0, 2])
ONE_HOT = np.eye(3)[LABELS]
P = np.full((5, 3), 1 / 3)
BITS = np.array([0, 1, 1, 0, 1])
Q = np.full((5, 1), 0.5)

SPARSE = losses.SparseCategoricalCrossentropy()
DENSE = losses.CategoricalCrossentropy()
BINARY = losses.BinaryCrossentropy()
SQUARED = losses.MeanSquaredError()


def with_value(array, value, index=3):
    changed = np.array(array, float if value != int(value) else None)
    changed[index] = value
    return changed


MISTAKES = {
    "label too large": (
        SPARSE,
        with_value(LABELS, 3),
        P,
        ["from 0 to 2", "3 classes", "received 3 at row 3", "1-based?", "4 units"],
    ),
    "labels from 1": (SPARSE, LABELS + 1, P, ["received 3 at row 1", "subtract 1"]),
    "negative label": (
        SPARSE,
        with_value(LABELS, -1),
        P,
        ["received -1 at row 3", "ignore_class=-1"],
    ),
    "fractional label": (
        SPARSE,
        with_value(LABELS, 0.5),
        P,
        ["received 0.5 at row 3", "'mse'"],
    ),
    "label of a column": (
        SPARSE,
        with_value(LABELS, 7)[:, None],
        P,
        ["received 7 at row 3"],
    ),
    "label of a step": (
        SPARSE,
        np.array([[0, 1], [2, 5]]),
        np.full((2, 2, 3), 1 / 3),
        ["received 5 at index (1, 1)"],
    ),
    "one-hot with a sparse loss": (
        SPARSE,
        ONE_HOT,
        P,
        ["(5, 3)", "looks one-hot", "categorical_crossentropy", "argmax"],
    ),
    "labels of another length": (SPARSE, LABELS[:4], P, ["(5,)", "(4,)"]),
    "integers with a categorical loss": (
        DENSE,
        LABELS,
        P,
        ["(5,)", "sparse_categorical_crossentropy", "to_categorical(y_true, 3)"],
    ),
    "integer column with a categorical loss": (
        DENSE,
        LABELS[:, None],
        P,
        ["(5, 1)", "sparse_categorical_crossentropy"],
    ),
    "too few classes": (DENSE, np.eye(4)[LABELS], P, ["(5, 4)", "(5, 3)", "4 units"]),
    "softmax over one unit": (DENSE, Q, Q, ["(5, 1)", "sigmoid"]),
    "sparse loss over one unit": (SPARSE, BITS, Q, ["(5, 1)", "sigmoid"]),
    "binary label 2": (
        BINARY,
        with_value(BITS, 2),
        Q,
        ["from 0 to 1", "received 2 at row 3", "sparse_categorical_crossentropy"],
    ),
    "binary labels 1 and 2": (BINARY, BITS + 1, Q, ["1-based?"]),
    "binary labels -1 and 1": (
        BINARY,
        BITS * 2 - 1,
        Q,
        ["received -1 at row 0", "(y_true + 1) / 2"],
    ),
    "labels with a binary loss": (BINARY, BITS, P, ["(5,)", "(5, 3)"]),
    "one column for three outputs": (
        SQUARED,
        BITS[:, None],
        P,
        ["(5, 1)", "(5, 3)", "3 columns", "1 unit."],
    ),
    "other number of samples": (SQUARED, BITS[:4], Q, ["(4, 1)", "(5, 1)", "samples"]),
    "other steps": (
        SQUARED,
        np.ones((5, 2, 3)),
        np.ones((5, 4, 3)),
        ["reshape y_true"],
    ),
    "logits into a binary loss": (
        BINARY,
        BITS,
        Q * 3,
        ["received 1.5 in y_pred", "from_logits=True", "'sigmoid'"],
    ),
    "logits into a categorical loss": (
        DENSE,
        ONE_HOT,
        -P,
        ["received -0.333333", "from_logits=True", "'softmax'"],
    ),
    "logits into a sparse loss": (SPARSE, LABELS, P * 9, ["from_logits=True"]),
    "logits into a divergence": (
        losses.KLDivergence(),
        ONE_HOT,
        P * 6,
        ["received 2 in y_pred", "softmax"],
    ),
    "expected numbers below 0": (
        losses.Poisson(),
        BITS,
        -Q,
        ["received -0.5 in y_pred", "softplus"],
    ),
    "labels with a hinge of classes": (
        losses.CategoricalHinge(),
        LABELS,
        P,
        ["(5,)", "(5, 3)", "one-hot"],
    ),
    "signs with a focal loss": (
        losses.BinaryFocalCrossentropy(),
        BITS * 2 - 1,
        Q,
        ["received -1 at row 0", "(y_true + 1) / 2"],
    ),
    "integers with a focal loss": (
        losses.CategoricalFocalCrossentropy(),
        LABELS,
        P,
        ["(5,)", "to_categorical(y_true, 3)"],
    ),
    "one-hot with a generalized crossentropy": (
        losses.CategoricalGeneralizedCrossEntropy(),
        ONE_HOT,
        P,
        ["(5, 3)", "looks one-hot"],
    ),
    "one column for three regions": (losses.Dice(), BITS[:, None], P, ["(5, 1)"]),
    "labels for the vectors of others": (
        losses.Circle(),
        LABELS[:4],
        P,
        ["one integer label per sample", "(5, 3)", "(4,)"],
    ),
    "labels that are no sequence": (
        losses.CTC(),
        LABELS,
        P,
        ["(batch, labels)", "(batch, steps, classes)", "(5,)", "(5, 3)"],
    ),
    "ragged targets": (SQUARED, [[1], [1, 2]], Q[:2], ["different lengths"]),
}


@pytest.mark.parametrize("loss, y_true, y_pred, parts", MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named_with_its_place_and_its_fix(loss, y_true, y_pred, parts):
    with pytest.raises(ValueError) as error:
        loss(y_true, GradArray(np.asarray(y_pred, float)))
    message = str(error.value)
    assert len(message) < 600
    for part in parts:
        assert part.lower() in message.lower(), message


@pytest.mark.parametrize("function", ["mse", "binary_crossentropy"])
def test_function_as_a_loss_looks_at_its_targets_too(function):
    loss = losses.LossFunctionWrapper(losses.get(function), name=function)
    with pytest.raises(ValueError, match=r"\(5, 1\).*\(5, 3\)"):
        loss(BITS[:, None], P)


def test_text_as_targets_says_how_to_encode_it():
    with pytest.raises(TypeError, match="real numbers; received list of dtype <U"):
        SPARSE(["cat", "dog", "dog", "cat", "cat"], P)


@pytest.mark.parametrize(
    "loss, y_true, y_pred",
    [
        (SPARSE, LABELS, P),
        (SPARSE, LABELS.astype(float), P),
        (SPARSE, LABELS[:, None].astype(np.uint8), P),
        (SPARSE, np.array([0, 1, 1, 0, 0], bool), P),
        (SPARSE, np.zeros((0,), int), P[:0]),
        (DENSE, ONE_HOT.astype(int), P),
        (DENSE, P, P),
        (DENSE, ONE_HOT * -2.5, P),  # advantages of a policy gradient
        (BINARY, BITS, Q),
        (BINARY, BITS[:, None].astype(bool), Q),
        (BINARY, np.linspace(0, 1, 5), Q),
        (BINARY, ONE_HOT, P),
        (SQUARED, BITS, Q),
        (SQUARED, BITS[:, None], Q[:, 0]),
        (losses.BinaryCrossentropy(from_logits=True), BITS, Q * 100),
        (losses.SparseCategoricalCrossentropy(ignore_class=-1), LABELS - 1, P),
        (losses.SparseCategoricalCrossentropy(ignore_class=255), [0, 255], P[:2]),
        (SPARSE, LABELS, P + 1e-6),
        (BINARY, BITS, np.full((5, 1), np.nan)),
        (losses.KLDivergence(), P, P),
        (losses.KLDivergence(), ONE_HOT, np.full((5, 3), np.nan)),
        (losses.Poisson(), LABELS, Q * 7),
        (losses.Hinge(), BITS * 2 - 1, Q * -3),
        (losses.Hinge(), BITS, Q * 3),
        (losses.Dice(), BITS, Q),
        (losses.Circle(), LABELS[:, None], P * 5),
        (losses.CTC(), LABELS[:, None], np.zeros((5, 2, 3))),
    ],
)
def test_what_makes_sense_is_taken(loss, y_true, y_pred):
    loss(y_true, GradArray(y_pred))


@pytest.mark.parametrize("loss", [SPARSE, DENSE, BINARY, SQUARED])
def test_compute_does_not_look_at_values(loss):
    y_true = {SPARSE: LABELS, DENSE: ONE_HOT, BINARY: ONE_HOT * 2}.get(loss, ONE_HOT)
    assert np.isfinite(loss.compute(y_true, GradArray(P * 2.5)).item())


def test_check_at_the_door_needs_only_a_shape():
    SPARSE.validate_targets(LABELS, (5, 3))
    with pytest.raises(ValueError, match=r"\(5,\)"):
        DENSE.validate_targets(LABELS, (5, 3))
    SPARSE.validate_outputs(P)
    with pytest.raises(ValueError, match="from_logits"):
        SPARSE.validate_outputs(P * 9)


def test_loss_of_ones_own_accepts_anything():
    def mine(y_true, y_pred):
        return np.abs(y_true - y_pred).mean(axis=-1)

    loss = losses.LossFunctionWrapper(mine)
    assert loss(BITS[:, None] * 7, GradArray(P * 9)).shape == ()
