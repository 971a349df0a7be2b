"""Distiller: a model that trains a student on labels and on its teacher's outputs."""

from __future__ import annotations

import numbers
import warnings
from typing import Any

from keratorch import metrics as metrics_module
from keratorch import ops, tree
from keratorch.distillation.distillation_loss import as_functions
from keratorch.models import Model
from keratorch.modes import no_grad
from keratorch.saving import objects

_FINAL = "final_output"


class Distiller(Model):
    """A model that trains a student on labels and on the outputs of a trained teacher.

    loss = student_loss_weight * loss(y, student(x)) + (1 - student_loss_weight) *
    sum of distillation_loss_weights * distillation_losses(teacher(x), student(x))

    The teacher is frozen. `student` is the model to be used afterwards.

    Parameters
    ----------
    teacher, student : models with inputs and outputs of the same shapes and types.
    distillation_losses : DistillationLoss, or a list of them.
    distillation_loss_weights : list of float, one for each; by default 1.
    student_loss_weight : float from 0 to 1, how much the labels count.
    name : str.

    Raises
    ------
    ValueError : models that do not fit each other or a loss, or weights that are not as
        said.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> teacher, student = (
    ...     keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    ...     for _ in range(2)
    ... )
    >>> losses = keras.distillation.FeatureDistillation()
    >>> distiller = Distiller(teacher, student, losses)
    >>> distiller.compile("adam", loss="mse")
    >>> history = distiller.fit(np.ones((8, 4)), np.ones((8, 3)), verbose=0)
    >>> sorted(history.history)
    ['distillation_loss', 'loss', 'student_loss', 'total_loss']
    """

    def __init__(
        self,
        teacher: Any,
        student: Any,
        distillation_losses: Any,
        distillation_loss_weights: Any = None,
        student_loss_weight: float = 0.5,
        name: str = "distiller",
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        _check_models(teacher, student)
        self.teacher, self.student = teacher, student
        self.student_loss_weight = _checked_share(student_loss_weight)
        self.distillation_losses, self.distillation_loss_weights = _weighted(
            distillation_losses, distillation_loss_weights
        )
        for loss in self.distillation_losses:
            loss.validate_model_compatibility(teacher, student)
        self._teacher_features = self._features_of("teacher")
        self._student_features = self._features_of("student")
        teacher.trainable = False
        self.student_loss_tracker = metrics_module.Mean(name="student_loss")
        self.distillation_loss_tracker = metrics_module.Mean(name="distillation_loss")
        self.total_loss_tracker = metrics_module.Mean(name="total_loss")

    def _features_of(self, role: str) -> Any:
        """Return a model of all layers of one model that losses want, or None."""
        attribute, model = f"{role}_layer_name", getattr(self, role)
        wanted = [getattr(loss, attribute, None) for loss in self.distillation_losses]
        outputs = {name: model.get_layer(name).output for name in wanted if name}
        if not outputs:
            return None
        outputs = {_FINAL: model.output, **outputs}
        return Model(model.inputs, outputs, name=f"{model.name}_features")

    def compile(  # type: ignore[override] # Keras has this order
        self,
        optimizer: Any = "adam",
        loss: Any = None,
        metrics: Any = None,
        **kwargs: Any,
    ) -> None:
        """Say how the student is to be trained.

        Parameters
        ----------
        optimizer : name or `Optimizer`.
        loss : name, function or `Loss` of the labels; a list, tuple or dict of them for
            a student with such outputs.
        metrics : list of metrics of the student's outputs.

        The others are those of `Model.compile`.

        Raises
        ------
        ValueError : there is no loss, or `metrics` is no list.
        """
        if metrics is not None and not isinstance(metrics, (list, tuple)):
            raise ValueError(
                f"Distiller.compile: metrics must be a list; received {metrics!r}. "
                f"Write metrics=[{metrics!r}]."
            )
        self._label_loss = as_functions(loss, "Distiller.compile")
        super().compile(optimizer, loss=None, metrics=metrics, **kwargs)
        self._compiled.arguments["loss"] = loss  # type: ignore[union-attr]

    def compile_from_config(self, config: Any) -> None:
        """Compile as described; files of Keras do not say the loss."""
        if config.get("loss") is None:
            warnings.warn(
                f"Distiller '{self.name}' is not compiled: the file does not say the "
                "loss of the labels. Call compile() to train it.",
                UserWarning,
                stacklevel=2,
            )
        else:
            super().compile_from_config(config)

    def call(  # type: ignore[override]
        self, inputs: Any, training: bool | None = None
    ) -> Any:
        return self.student(inputs, training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the weighted sum of the losses, and track each.

        Raises
        ------
        ValueError : sample weights, which Keras would leave out in silence; or a
            distillation loss that is not one number.
        """
        if sample_weight is not None:
            raise ValueError(
                "Distiller: sample_weight and class_weight are not supported, since "
                "distillation losses have none. Leave them out."
            )
        if y_pred is None:
            y_pred = self(x, training=training)
        labels = distilled = 0.0
        share = self.student_loss_weight
        if share > 0 and y is not None:
            terms = tree.flatten(
                tree.map_structure(lambda f, a, b: f(a, b), self._label_loss, y, y_pred)
            )
            labels = ops.mean(terms[0]) if len(terms) == 1 else _sum_of_means(terms)
        if share < 1:
            distilled = self._distilled(x, y_pred)
        total = share * labels + (1.0 - share) * distilled
        self.student_loss_tracker.update_state(_value(labels))
        self.distillation_loss_tracker.update_state(_value(distilled))
        self.total_loss_tracker.update_state(_value(total))
        return total

    def _distilled(self, x: Any, y_pred: Any) -> Any:
        """Return the weighted sum of the distillation losses of a batch."""
        with no_grad():
            if self._teacher_features is None:
                taught = {_FINAL: self.teacher(x, training=False)}
            else:
                taught = self._teacher_features(x, training=False)
        learned = {_FINAL: y_pred}
        if self._student_features is not None:
            learned = {**self._student_features(x, training=True), _FINAL: y_pred}
        found: Any = 0.0
        weights = self.distillation_loss_weights
        for loss, weight in zip(self.distillation_losses, weights, strict=True):
            ours = taught[getattr(loss, "teacher_layer_name", None) or _FINAL]
            theirs = learned[getattr(loss, "student_layer_name", None) or _FINAL]
            loss.validate_outputs(ours, theirs)
            term = loss.compute_loss(ours, theirs)
            if len(getattr(term, "shape", ())) > 0:
                raise ValueError(
                    f"{type(loss).__name__}.compute_loss must return one number; "
                    f"received shape {tuple(term.shape)}. Return its mean."
                )
            found = found + weight * term
        return found

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, ready for JSON."""
        describe = objects.serialize_keras_object
        return {
            **super().get_config(),
            "teacher": describe(self.teacher),
            "student": describe(self.student),
            "distillation_losses": [describe(x) for x in self.distillation_losses],
            "distillation_loss_weights": self.distillation_loss_weights,
            "student_loss_weight": self.student_loss_weight,
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> Distiller:
        """Make the distiller that `get_config` described, with new weights."""
        read = objects.deserialize_keras_object
        objects_in = ("teacher", "student", "distillation_losses")
        made = {name: read(config[name], custom_objects) for name in objects_in}
        return cls(**{**config, **made})


def _sum_of_means(terms: list[Any]) -> Any:
    return ops.sum(ops.stack([ops.mean(term) for term in terms]))


def _value(loss: Any) -> float:
    return loss.item() if hasattr(loss, "item") else float(loss)


def _checked_share(value: Any) -> float:
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise ValueError(
            "Distiller: student_loss_weight must be a number from 0 to 1; received "
            f"{value!r}."
        )
    return value


def _weighted(losses: Any, weights: Any) -> tuple[list[Any], list[float]]:
    """Return the losses as a list, and a weight for each."""
    if losses is None:
        raise ValueError(
            "Distiller: distillation_losses must be a DistillationLoss or a list of "
            "them; received None. Pass LogitsDistillation()."
        )
    alone = not isinstance(losses, (list, tuple))
    losses = [losses] if alone else list(losses)
    if weights is None:
        return losses, [1.0] * len(losses)
    weights = list(weights) if isinstance(weights, (list, tuple)) else [weights]
    if len(weights) != len(losses):
        raise ValueError(
            f"Distiller: distillation_loss_weights must have one number for each of "
            f"the {len(losses)} losses; received {len(weights)}."
        )
    return losses, weights


def _check_models(teacher: Any, student: Any) -> None:
    """Raise unless two models take and give the same, as far as they say it."""
    for role, model in (("teacher", teacher), ("student", student)):
        if not isinstance(model, Model):
            raise ValueError(
                f"Distiller: {role} must be a Model; received {type(model).__name__}."
            )
    for side in ("inputs", "outputs"):
        ours, theirs = (getattr(model, side, None) for model in (teacher, student))
        if ours is None or theirs is None:
            continue
        if len(ours) != len(theirs):
            raise ValueError(
                f"Distiller: teacher and student must have as many {side}; received "
                f"{len(ours)} and {len(theirs)}."
            )
        for a, b in zip(ours, theirs, strict=True):
            if not _alike(a.shape, b.shape) or a.dtype != b.dtype:
                raise ValueError(
                    f"Distiller: teacher and student must have alike {side}; received "
                    f"shapes {a.shape} and {b.shape}, of {a.dtype} and {b.dtype}."
                )


def _alike(one: tuple, other: tuple) -> bool:
    if len(one) != len(other):
        return False
    return all(None in (a, b) or a == b for a, b in zip(one, other, strict=True))
