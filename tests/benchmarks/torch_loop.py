"""PyTorch's eager loop, in the fastest of its variants."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import rows
import torch
import torch_models
from rows import CHECKED, Row
from torch import nn

ADAMS: dict[str, dict[str, bool]] = {
    "Adam": {},
    "foreach Adam": {"foreach": True},
    "fused Adam": {"fused": True},
}
TRIALS = 2  # rounds of each variant, before the fastest is chosen


class Trained:
    """A model, its optimizer and its data in one variant."""

    def __init__(
        self,
        row: Row,
        weights: list[np.ndarray],
        adam: dict[str, bool],
        layout: Any = None,
        check: bool = False,
    ):
        x, y = rows.data(row)
        self.row = row
        self.x, self.y = torch.tensor(x), torch.tensor(y)
        self.model = torch_models.model(row, drop=not check, cropped=check)
        torch_models.fill(self.model, weights)
        if self.x.ndim == 4:
            self.x = self.x.permute(0, 3, 1, 2).contiguous()
            if layout is not None:
                self.x = self.x.to(memory_format=layout)
                self.model = self.model.to(memory_format=layout)
        self.binary = rows.loss_name(row) == "binary_crossentropy"
        self.loss = nn.BCEWithLogitsLoss() if self.binary else nn.CrossEntropyLoss()
        if row.family == "autoencoder":
            self.y = self.x
        elif self.binary:
            self.y = self.y.float()[:, None]
        else:
            self.y = self.y.long()
        weighed = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adam(weighed, lr=0.001, eps=1e-7, **adam)

    def steps(self, steps: int) -> float:
        """Train for some batches, as PyTorch's tutorials do; return the last loss."""
        model, optimizer, loss_function = self.model, self.optimizer, self.loss
        x, y, batch = self.x, self.y, self.row.batch
        for start in range(0, steps * batch, batch):
            some = slice(start, start + batch)
            optimizer.zero_grad()
            loss = loss_function(model(x[some]), y[some])
            loss.backward()
            optimizer.step()
        return loss.item()

    def checked_steps(self) -> list[float]:
        """Train as Keras's Adam does; return the losses.

        Keras adds epsilon to the square root before the correction of the bias,
        PyTorch after it.
        """
        group, batch, losses = self.optimizer.param_groups[0], self.row.batch, []
        for t in range(CHECKED):
            group["eps"] = 1e-7 / (1 - 0.999 ** (t + 1)) ** 0.5
            some = slice(t * batch, (t + 1) * batch)
            self.optimizer.zero_grad()
            loss = self.loss(self.model(self.x[some]), self.y[some])
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return losses

    @torch.inference_mode()
    def predict(self, steps: int) -> torch.Tensor:
        """Return the probabilities of some batches."""
        self.model.eval()
        batch, outputs = self.row.batch, []
        for start in range(0, steps * batch, batch):
            logits = self.model(self.x[start : start + batch])
            outputs.append(logits.sigmoid() if self.binary else logits.softmax(-1))
        self.model.train()
        return torch.cat(outputs)


class PyTorch:
    """Tries the optimizers, and channels last for convnets; keeps the fastest."""

    kinds = ["loop", "predict"]

    def __init__(self, row: Row, threads: int, weights: list[np.ndarray]):
        torch.set_num_threads(threads)
        self.row, self.weights = row, weights
        self.notes: dict[str, str] = {}
        self.best: Trained | None = None

    def check(self, kind: str) -> tuple[Any, Any]:
        """Return the losses of a few batches, and what is predicted after them."""
        checked = Trained(self.row, self.weights, {}, check=True)
        losses = checked.checked_steps()
        return losses, checked.predict(1).movedim(1, -1).numpy()

    def round(self, kind: str) -> float:
        """Return the seconds a step of one round, in the fastest variant."""
        if self.best is None:
            self.choose()
        assert self.best is not None
        return self._seconds(self.best, kind)

    def choose(self) -> None:
        """Keep the fastest of all variants."""
        images = rows.data(self.row)[0].ndim == 4
        layouts = {
            "": None,
            **({", channels last": torch.channels_last} if images else {}),
        }
        fastest = np.inf
        for layout_name, layout in layouts.items():
            for adam_name, adam in ADAMS.items():
                trained = Trained(self.row, self.weights, adam, layout)
                self._seconds(trained, "loop")
                seconds = min(self._seconds(trained, "loop") for _ in range(TRIALS))
                if seconds < fastest:
                    fastest, self.best = seconds, trained
                    self.notes["loop"] = adam_name + layout_name

    def _seconds(self, trained: Trained, kind: str) -> float:
        row = self.row
        start = time.perf_counter()
        for _ in range(row.epochs):
            if kind == "loop":
                trained.steps(row.steps)
            else:
                trained.predict(row.steps)
        return (time.perf_counter() - start) / (row.steps * row.epochs)
