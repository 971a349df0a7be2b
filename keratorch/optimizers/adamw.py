"""AdamW."""

from __future__ import annotations

from collections.abc import Iterable

from keratorch.core import GradArray
from keratorch.optimizers.adam import Adam
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.pytorch_loop import either_style


class AdamW(Adam):
    """Adam with weights that decay by themselves, apart from the gradient.

    w = w - learning_rate * weight_decay * w,  then the update of `Adam`

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    weight_decay : float >= 0, the part of a weight lost per update at learning rate 1.
    beta_1, beta_2, epsilon, amsgrad : see `Adam`.
    clipnorm, clipvalue, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range, or no weight decay.

    Source: Loshchilov & Hutter (2019), 'Decoupled Weight Decay Regularization'.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> AdamW(learning_rate=0.5, weight_decay=0.1).apply([np.array([3.0, 0.0])], [w])
    >>> w.numpy().round(4)
    array([0.45, 1.9 ], dtype=float32)
    """

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ):
        if weight_decay is None:
            raise ValueError(
                "AdamW's weight_decay must be a number >= 0; received None. Adam is "
                "the optimizer without it."
            )
        super().__init__(
            learning_rate=learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
        )
