"""Callbacks: what happens beside training, at each epoch or batch.

model.fit(x, y, epochs=100, callbacks=[EarlyStopping("loss", patience=3)])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.callbacks.backup_and_restore import BackupAndRestore
    from keratorch.callbacks.callback import Callback
    from keratorch.callbacks.callback_list import CallbackList
    from keratorch.callbacks.csv_logger import CSVLogger
    from keratorch.callbacks.early_stopping import EarlyStopping
    from keratorch.callbacks.history import History
    from keratorch.callbacks.lambda_callback import LambdaCallback
    from keratorch.callbacks.learning_rate_scheduler import LearningRateScheduler
    from keratorch.callbacks.model_checkpoint import ModelCheckpoint
    from keratorch.callbacks.progbar_logger import ProgbarLogger
    from keratorch.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
    from keratorch.callbacks.remote_monitor import RemoteMonitor
    from keratorch.callbacks.swap_ema_weights import SwapEMAWeights
    from keratorch.callbacks.tensorboard import TensorBoard
    from keratorch.callbacks.terminate_on_nan import TerminateOnNaN

_FILES = {
    "backup_and_restore": "BackupAndRestore",
    "callback": "Callback",
    "callback_list": "CallbackList",
    "csv_logger": "CSVLogger",
    "early_stopping": "EarlyStopping",
    "history": "History",
    "lambda_callback": "LambdaCallback",
    "learning_rate_scheduler": "LearningRateScheduler",
    "model_checkpoint": "ModelCheckpoint",
    "other_runtimes": "OrbaxCheckpoint",
    "progbar_logger": "ProgbarLogger",
    "reduce_lr_on_plateau": "ReduceLROnPlateau",
    "remote_monitor": "RemoteMonitor",
    "swap_ema_weights": "SwapEMAWeights",
    "tensorboard": "TensorBoard",
    "terminate_on_nan": "TerminateOnNaN",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "RemoteMonitor",
    "SwapEMAWeights",
    "TensorBoard",
    "TerminateOnNaN",
]
