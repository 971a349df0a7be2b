"""Distillation: a student learns from labels and from its teacher."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, losses
from keratorch.distillation import (
    DistillationLoss,
    Distiller,
    FeatureDistillation,
    LogitsDistillation,
)

RNG = np.random.default_rng(4)
X = RNG.normal(size=(12, 4)).astype(np.float32)
Y = RNG.integers(0, 3, 12)


def net(width=8, outputs=3, features=4):
    return keras.Sequential(
        [
            keras.Input((features,)),
            layers.Dense(width, activation="tanh", name="hidden"),
            layers.Dense(outputs, name="head"),
        ]
    )


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def test_probabilities_are_compared_by_an_object_and_scores_by_a_function():
    a, b = RNG.normal(size=(2, 5, 3)).astype(np.float32)
    p, q = softmax(a / 2), softmax(b / 2)
    found = LogitsDistillation(2.0, losses.KLDivergence()).compute_loss(a, b)
    expected = 4 * np.mean(np.sum(p * np.log(p / q), axis=1))
    np.testing.assert_allclose(float(found), expected, rtol=1e-5)
    scores = LogitsDistillation(2.0, "mse").compute_loss(a, b)
    np.testing.assert_allclose(float(scores), np.mean((a / 2 - b / 2) ** 2), rtol=1e-5)


def test_outputs_without_a_loss_are_left_out():
    teacher = {"a": np.ones((2, 3)), "b": np.ones((2, 3))}
    student = {"a": np.zeros((2, 3)), "b": 5 * np.ones((2, 3))}
    loss = FeatureDistillation({"a": "mse", "b": None})
    loss.validate_outputs(teacher, student)
    assert float(loss.compute_loss(teacher, student)) == 1
    assert (
        float(
            FeatureDistillation({"a": "mse", "b": "mae"}).compute_loss(teacher, student)
        )
        == 5
    )


def test_loss_is_the_weighted_sum_of_labels_and_teacher():
    teacher, student = net(), net()
    distiller = Distiller(
        teacher,
        student,
        [
            LogitsDistillation(2.0, "mse"),
            FeatureDistillation("mae", "hidden", "hidden"),
        ],
        [1.0, 0.5],
        student_loss_weight=0.25,
    )
    distiller.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    found = distiller.evaluate(X, Y, verbose=0, return_dict=True)
    a, b = (model.predict(X, verbose=0) for model in (teacher, student))
    hidden = [
        np.tanh(X @ m.layers[0].kernel.numpy() + m.layers[0].bias.numpy())
        for m in (teacher, student)
    ]
    labels = -np.log(softmax(b)[np.arange(12), Y]).mean()
    distilled = np.mean((a / 2 - b / 2) ** 2) + 0.5 * np.mean(
        np.abs(hidden[0] - hidden[1])
    )
    np.testing.assert_allclose(found["student_loss"], labels, rtol=1e-5)
    np.testing.assert_allclose(found["distillation_loss"], distilled, rtol=1e-5)
    np.testing.assert_allclose(
        found["total_loss"], 0.25 * labels + 0.75 * distilled, rtol=1e-5
    )


def test_only_the_student_learns_and_comes_near_its_teacher():
    teacher, student = net(), net(width=16)
    before = [w.numpy() for w in teacher.weights]
    distiller = Distiller(
        teacher, student, LogitsDistillation(1.0, "mse"), student_loss_weight=0.0
    )
    distiller.compile("adam", "mse")
    distiller.optimizer.learning_rate = 0.05
    history = distiller.fit(X, Y, epochs=60, verbose=0).history
    assert history["total_loss"][-1] < 0.1 * history["total_loss"][0]
    assert not teacher.trainable
    for weight, value in zip(teacher.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_saved_distiller_goes_on(tmp_path):
    distiller = Distiller(
        net(), net(), [LogitsDistillation(), FeatureDistillation("mae")], [1.0, 0.3]
    )
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    distiller.compile("adam", loss, metrics=["accuracy"])
    distiller.fit(X, Y, verbose=0)
    distiller.save(tmp_path / "a.keras")
    again = keras.saving.load_model(tmp_path / "a.keras")
    assert again.distillation_loss_weights == [1.0, 0.3]
    np.testing.assert_allclose(
        again.evaluate(X, Y, verbose=0), distiller.evaluate(X, Y, verbose=0), rtol=1e-6
    )
    again.fit(X, Y, verbose=0)


class Vector(DistillationLoss):
    def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        return (teacher_outputs - student_outputs).sum(1)


def fitted(loss):
    distiller = Distiller(net(), net(), loss)
    distiller.compile("adam", "mse")
    distiller.fit(X, X[:, :3], verbose=0)


class Unknown(keras.Model):
    def call(self, inputs):
        return inputs


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (lambda: LogitsDistillation(0), "temperature.*above 0.*0"),
        (lambda: LogitsDistillation("3"), "temperature.*'3'"),
        (lambda: LogitsDistillation(loss=[None, None]), "at least one output"),
        (lambda: LogitsDistillation(loss="sme"), "sme"),
        (lambda: Distiller(net(), net(), None), "distillation_losses.*None"),
        (lambda: Distiller(net(), net(), Vector(), [1, 2]), "1 losses; received 2"),
        (lambda: Distiller(net(), net(), Vector(), None, 1.5), "from 0 to 1.*1.5"),
        (lambda: Distiller(net(), "student", Vector()), "student must be a Model"),
        (lambda: Distiller(net(), net(outputs=4), Vector()), r"outputs.*3\).*4\)"),
        (lambda: Distiller(net(), net(features=5), Vector()), r"inputs.*4\).*5\)"),
        (
            lambda: Distiller(net(), net(), FeatureDistillation("mse", "none")),
            "teacher_layer_name.*none",
        ),
        (
            lambda: Distiller(Unknown(), net(), FeatureDistillation("mse", "a", "b")),
            "teacher must be a Sequential",
        ),
        (lambda: Distiller(net(), net(), Vector()).compile(), "compile: loss"),
        (
            lambda: Distiller(net(), net(), Vector()).compile("sgd", "mse", "mae"),
            r"metrics=\['mae'\]",
        ),
        (lambda: fitted(Vector()), r"one number; received shape \(12,\)"),
        (lambda: fitted(FeatureDistillation(["mse", "mse"])), "place of each output"),
    ],
)
def test_mistakes_are_named(call, parts):
    with pytest.raises(ValueError, match=parts):
        call()


def test_sample_weights_are_refused():
    distiller = Distiller(net(), net(), FeatureDistillation())
    distiller.compile("adam", "mse")
    with pytest.raises(ValueError, match="sample_weight"):
        distiller.fit(X, X[:, :3], sample_weight=np.ones(12), verbose=0)
