"""Recurrent layers: cells, what takes them through time, and wrappers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.layers.recurrent.bidirectional import Bidirectional
    from keratorch.layers.recurrent.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
    from keratorch.layers.recurrent.gru import GRU, GRUCell
    from keratorch.layers.recurrent.lstm import LSTM, LSTMCell
    from keratorch.layers.recurrent.rnn import RNN
    from keratorch.layers.recurrent.simple_rnn import SimpleRNN, SimpleRNNCell
    from keratorch.layers.recurrent.stacked_rnn_cells import StackedRNNCells
    from keratorch.layers.recurrent.time_distributed import TimeDistributed
    from keratorch.layers.recurrent.wrapper import Wrapper

_FILES = {
    "bidirectional": "Bidirectional",
    "conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
    "gru": "GRU GRUCell",
    "lstm": "LSTM LSTMCell",
    "rnn": "RNN",
    "simple_rnn": "SimpleRNN SimpleRNNCell",
    "stacked_rnn_cells": "StackedRNNCells",
    "time_distributed": "TimeDistributed",
    "wrapper": "Wrapper",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Bidirectional",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "GRUCell",
    "LSTMCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "StackedRNNCells",
    "TimeDistributed",
    "Wrapper",
]
