"""LoRA: a weight stays as it is, and two thin matrices learn what to add to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import initializers
from keratorch.layers.arguments import check_positive_integer
from keratorch.variable import Variable


class AdaptedWeight:
    """A weight as calls use it: of a layer with LoRA, with what that adds.

    It answers only where the layer's attributes have no weight of this name, and so
    costs nothing without LoRA.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, layer: Any, owner: type | None = None) -> Any:
        if layer is None:
            return self
        weight = layer.__dict__.get(f"_{self._name}")
        if weight is None:
            raise AttributeError(
                f"{type(layer).__name__} '{layer.name}' has no {self._name} yet. Build "
                "it, or call it on data first."
            )
        return layer._with_lora(weight)


class HasLora:
    """What lets a layer learn by a low-rank matrix that is added to its weight.

    weight + lora_alpha / lora_rank * lora_a @ lora_b

    A subclass names the weight in `_adapts`, calls `_begin_lora` in ``__init__`` and
    `_build_lora` when its weights are made, and gives the weight's name an
    `AdaptedWeight` in the class.

    Source: Hu et al. (2022), LoRA: Low-Rank Adaptation of Large Language Models.
    """

    name: str
    add_weight: Any
    _own_variables: Any
    _adapts = "kernel"
    lora_enabled = False  # whether the two matrices are there
    lora_rank: Any = None
    lora_alpha: Any = None

    def _begin_lora(self, rank: int | None, alpha: float | None) -> None:
        if rank is not None:
            check_positive_integer(type(self).__name__, "lora_rank", rank)
        self.lora_rank = rank
        self.lora_alpha = rank if alpha is None else alpha

    def _build_lora(self) -> None:
        if self.lora_rank:
            self.enable_lora(self.lora_rank, self.lora_alpha)

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: Any = "he_uniform",
        b_initializer: Any = "zeros",
    ) -> None:
        """Freeze the weight, and train two thin matrices whose product is added to it.

        Compile a model anew afterwards: its optimizer has other weights to train. Files
        hold the sum, so that a layer without LoRA can read them.

        Parameters
        ----------
        rank : int > 0, columns of the first matrix and rows of the second.
        lora_alpha : float, the product is multiplied by ``lora_alpha / rank``; by
            default `rank`.
        a_initializer, b_initializer : name, function or object.

        Raises
        ------
        ValueError : the layer is not built, has LoRA already, or has a constraint.

        Examples
        --------
        >>> import numpy as np
        >>> from keratorch.layers import Dense
        >>> layer = Dense(3)
        >>> layer.build((None, 4))
        >>> layer.enable_lora(rank=2)
        >>> [weight.name for weight in layer.trainable_weights]
        ['bias', 'lora_kernel_a', 'lora_kernel_b']
        >>> layer.lora_kernel_a.shape, layer.lora_kernel_b.shape
        ((4, 2), (2, 3))
        """
        check_positive_integer(type(self).__name__, "rank", rank)
        self._check_lora()
        what = self._adapts
        weight = self._main_weight
        self.__dict__.pop(what, None)
        setattr(self, f"_{what}", weight)
        for side, shape, initializer in [
            ("a", (*weight.shape[:-1], rank), a_initializer),
            ("b", (rank, weight.shape[-1]), b_initializer),
        ]:
            name = f"lora_{what}_{side}"
            matrix = self.add_weight(
                name=name,
                shape=shape,
                initializer=initializers.get(initializer),
                dtype="float32",
                regularizer=getattr(self, f"{what}_regularizer"),
            )
            setattr(self, name, matrix)
        weight.trainable = False
        self.lora_enabled = True
        self.lora_rank = rank
        self.lora_alpha = rank if lora_alpha is None else lora_alpha

    def _check_lora(self) -> None:
        place = f"enable_lora of {type(self).__name__} '{self.name}'"
        if getattr(self, f"{self._adapts}_constraint") is not None:
            raise ValueError(
                f"{place}: a constraint would hold for the frozen weight alone, not "
                f"for the sum. Make the layer without {self._adapts}_constraint."
            )
        if self.lora_enabled:
            raise ValueError(
                f"{place}: it has LoRA already, of rank {self.lora_rank}; that goes "
                "once for each layer."
            )
        if self._main_weight is None:
            raise ValueError(
                f"{place}: the layer has no weights yet. Build it, or call it on data "
                "first."
            )

    @property
    def _main_weight(self) -> Any:
        """The weight that LoRA adds to, without what it adds; None: not there yet."""
        own, what = self.__dict__, self._adapts
        return own.get(what, own.get(f"_{what}"))

    @property
    def _lora_matrices(self) -> tuple[Variable, Variable]:
        what = self._adapts
        return getattr(self, f"lora_{what}_a"), getattr(self, f"lora_{what}_b")

    def _with_lora(self, weight: Any) -> Any:
        """Return a weight with what LoRA adds, in the weight's type."""
        if not self.lora_enabled:
            return weight
        a, b = self._lora_matrices
        return (weight + self._lora_scale * (a @ b)).astype(weight.dtype)

    @property
    def _lora_scale(self) -> float:
        return self.lora_alpha / self.lora_rank

    def _lora_config(self) -> dict[str, Any]:
        """Return what the configuration says of LoRA: nothing without it."""
        if not self.lora_rank:
            return {}
        return {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}

    def _stored(self) -> list[tuple[Variable, np.ndarray]]:
        """Return the variables that files hold, with the sum in the weight's place."""
        added = self._lora_matrices if self.lora_enabled else ()
        weight = self.__dict__.get(f"_{self._adapts}")
        return [
            (
                variable,
                self._with_lora(weight).numpy()
                if variable is weight
                else variable.numpy(),
            )
            for variable in self._own_variables()
            if not any(variable is matrix for matrix in added)
        ]

    def _restored(self) -> None:
        """Add nothing to a weight that a file has just given."""
        if self.lora_enabled:
            for matrix in self._lora_matrices:
                matrix.assign(np.zeros(matrix.shape, np.float32))
