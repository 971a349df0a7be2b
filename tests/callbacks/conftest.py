import pytest


class Model:
    """What callbacks ask of a model: weights, metrics, and a switch."""

    def __init__(self):
        self.stop_training = False
        self.history = None
        self.metrics = []
        self.weights = [0.0]

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = list(weights)


@pytest.fixture
def model():
    return Model()
