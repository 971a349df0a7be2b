"""Symbolic arrays: operators, slices, functions, shared and nested models."""
import keras
from keras import layers, ops
import numpy as np

a = keras.Input((6,), name="a", batch_size=None)
b = keras.Input(shape=(6,), name="b", dtype="float32")
total = (a + b) * 2 - a / 2 + b**2
part = total[:, 1:4]
both = ops.concatenate([part, ops.abs(part), -part], axis=1)
scaled = both @ np.ones((9, 2), "float32")
shared = layers.Dense(3, name="shared")
twice = shared(a) + shared(b)
block = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(2)], name="block")
model = keras.Model(inputs=[a, b], outputs={"scaled": scaled, "mixed": block(twice)}, name="graph")
model.summary()
model.summary(expand_nested=True, show_trainable=True, print_fn=lambda text, **kwargs: None)
p, q = np.random.random((3, 6)).astype("float32"), np.random.random((3, 6)).astype("float32")
result = model.predict([p, q], verbose=0)
expected = ((p + q) * 2 - p / 2 + q**2)[:, 1:4]
expected = np.concatenate([expected, np.abs(expected), -expected], axis=1) @ np.ones((9, 2))
np.testing.assert_allclose(result["scaled"], expected, rtol=1e-4, atol=1e-5)
assert len(shared.weights) == 2 and shared.count_params() == 21
assert [layer.name for layer in model.layers if isinstance(layer, layers.Dense)] == ["shared"]
assert model.get_layer("block") is block and block.layers[0].units == 4
assert isinstance(a, keras.KerasTensor) and a.shape == (None, 6) and a.dtype == "float32"
inner = keras.Model(a, shared(a))
outer = keras.Sequential([keras.Input((6,)), inner, layers.Dense(1)])
assert outer(p).shape == (3, 1) and outer.output_shape == (None, 1) and outer.input_shape == (None, 6)
outer.pop()
assert outer.output_shape == (None, 3)
head = keras.Model(model.inputs, twice)
np.testing.assert_allclose(head.predict([p, q], verbose=0), (inner(p) + inner(q)).numpy(), atol=1e-5)
try:
    keras.Model(a, total)
except ValueError as error:
    assert "'b'" in str(error)
else:
    raise AssertionError("the graph is not connected")
chain = keras.models.Sequential(name="chain")
chain.add(keras.Input(shape=(6,)))
chain.add(layers.Dense(4, name="first"))
chain.add(layers.BatchNormalization())
assert len(chain.layers) == 2 and len(chain.weights) == 6 and len(chain.trainable_weights) == 4
assert len(chain.non_trainable_variables) == 2 and chain.layers[0].input.shape == (None, 6)
assert chain.get_layer("first").output.shape == (None, 4)
assert "block" in model.get_config()["layers"][-1]["name"] or model.get_config()["name"] == "graph"
