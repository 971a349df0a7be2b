"""Recurrent layers: cells, what takes them through time, and wrappers."""

from keratorch.layers.recurrent.bidirectional import Bidirectional
from keratorch.layers.recurrent.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from keratorch.layers.recurrent.gru import GRU, GRUCell
from keratorch.layers.recurrent.lstm import LSTM, LSTMCell
from keratorch.layers.recurrent.rnn import RNN
from keratorch.layers.recurrent.simple_rnn import SimpleRNN, SimpleRNNCell
from keratorch.layers.recurrent.stacked_rnn_cells import StackedRNNCells
from keratorch.layers.recurrent.time_distributed import TimeDistributed
from keratorch.layers.recurrent.wrapper import Wrapper

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
