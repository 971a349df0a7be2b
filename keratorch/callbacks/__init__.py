"""Callbacks: what happens beside training, at each epoch or batch.

model.fit(x, y, epochs=100, callbacks=[EarlyStopping("loss", patience=3)])
"""

from keratorch.callbacks.callback import Callback
from keratorch.callbacks.callback_list import CallbackList
from keratorch.callbacks.early_stopping import EarlyStopping
from keratorch.callbacks.history import History
from keratorch.callbacks.lambda_callback import LambdaCallback
from keratorch.callbacks.progbar_logger import ProgbarLogger

__all__ = [
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "ProgbarLogger",
]
