"""Graphs, whose nodes and edges belong together and cannot be cut into samples."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import ops

COUNT = 12
rng = np.random.default_rng(0)
NODES = rng.random((COUNT, 5)).astype("float32")
LABELS = np.arange(COUNT) % 3
WEIGHTS = (np.arange(COUNT) < 6).astype("float32")


class Neighbours(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shapes):
        self.kernel = self.add_weight(shape=(shapes[0][-1], self.units))

    def call(self, inputs):
        nodes, matrix = inputs
        return ops.softmax(ops.matmul(matrix, ops.matmul(nodes, self.kernel)))

    def compute_output_shape(self, shapes):
        return (shapes[0][0], self.units)


@pytest.fixture
def network():
    inputs = [keras.Input((5,)), keras.Input((None,))]
    model = keras.Model(inputs, Neighbours(3)(inputs))
    model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=["acc"])
    return model


def test_a_matrix_as_wide_as_the_batch_is_not_cut(network):
    data = [NODES, np.eye(COUNT, dtype="float32")]
    log = network.fit(
        data,
        LABELS,
        sample_weight=WEIGHTS,
        batch_size=COUNT,
        shuffle=False,
        validation_data=(data, LABELS, 1 - WEIGHTS),
        verbose=0,
    )
    assert np.isfinite(log.history["val_loss"]).all()
    assert network.predict(data, batch_size=COUNT, verbose=0).shape == (COUNT, 3)
    assert np.isfinite(network.train_on_batch(data, LABELS)).all()


def test_what_no_batch_fits_is_told_of_the_first_samples(network):
    data = [NODES, np.ones((COUNT, COUNT + 1), "float32")]
    with pytest.raises(ValueError, match="matmul"):
        network.fit(data, LABELS, batch_size=COUNT, verbose=0)


class Graphs(keras.utils.PyDataset):
    """Graphs of six nodes, and as many edges as each has."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        edges = np.arange(2 * (6 + index)).reshape(-1, 2) % 6
        return (NODES[:6], edges), LABELS[:6]


class Edges(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(3)

    def call(self, inputs):
        nodes, edges = inputs
        sources = ops.take(self.dense(nodes), edges[:, 0], axis=0)
        return ops.softmax(ops.segment_sum(sources, edges[:, 1], num_segments=6))


def test_nodes_and_edges_differ_in_number():
    model = Edges()
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert len(model.fit(Graphs(), epochs=2, verbose=0).history["loss"]) == 2
    assert np.isfinite(model.evaluate(Graphs(), verbose=0))
