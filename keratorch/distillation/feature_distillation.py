"""FeatureDistillation: a student imitates what a layer of its teacher computes."""

from __future__ import annotations

from typing import Any

from keratorch import ops, tree
from keratorch.distillation.distillation_loss import (
    DistillationLoss,
    as_functions,
    described,
    restored,
    total,
)


class FeatureDistillation(DistillationLoss):
    """The distance of the outputs of a student's layer from those of a teacher's.

    out = mean(loss(teacher's features, student's features))

    Parameters
    ----------
    loss : name, function or `Loss`; a list, tuple or dict of them for outputs in such,
        None for those that are left out.
    teacher_layer_name, student_layer_name : name of a layer of each model; None for the
        outputs of the model. Layers of a name need a Sequential or functional model.

    Raises
    ------
    ValueError : no loss at all.

    Source: Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> import numpy as np
    >>> loss = FeatureDistillation("mse")
    >>> float(loss.compute_loss(np.ones((2, 3)), np.zeros((2, 3))))
    1.0
    """

    def __init__(
        self,
        loss: Any = "mse",
        teacher_layer_name: str | None = None,
        student_layer_name: str | None = None,
    ):
        self.teacher_layer_name = teacher_layer_name
        self.student_layer_name = student_layer_name
        self.loss = as_functions(loss, "FeatureDistillation")

    def validate_model_compatibility(self, teacher: Any, student: Any) -> None:
        """Raise unless both models have the layers, and symbols to lead to them."""
        models = {"teacher": teacher, "student": student}
        if (self.teacher_layer_name, self.student_layer_name) != (None, None):
            for role, model in models.items():
                if getattr(model, "inputs", None) is None:
                    raise ValueError(
                        f"FeatureDistillation: the {role} must be a Sequential or "
                        "functional model, for layers are wanted by name; received a "
                        f"{type(model).__name__}. Leave the names out to compare the "
                        "outputs."
                    )
        for role, model in models.items():
            name = getattr(self, f"{role}_layer_name")
            if name is not None:
                try:
                    model.get_layer(name=name)
                except ValueError as error:
                    raise ValueError(f"{role}_layer_name: {error}") from error

    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None:
        """Raise unless there is a loss, or None, for each output of both models."""
        super().validate_outputs(teacher_outputs, student_outputs)
        try:
            tree.assert_same_structure(self.loss, teacher_outputs)
        except ValueError as error:
            raise ValueError(
                "FeatureDistillation: loss must have a loss, or None, in the place of "
                f"each output. {error}"
            ) from error

    def compute_loss(
        self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any
    ) -> Any:
        """Return the loss of the features, summed over the outputs."""

        def compared(loss: Any, teacher: Any, student: Any) -> Any:
            return ops.mean(loss(teacher, student))

        return total(compared, self.loss, teacher_outputs, student_outputs)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, ready for JSON."""
        return {
            "loss": described(self.loss),
            "teacher_layer_name": self.teacher_layer_name,
            "student_layer_name": self.student_layer_name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> FeatureDistillation:
        """Make the loss that `get_config` described."""
        return cls(**{**config, "loss": restored(config["loss"])})
