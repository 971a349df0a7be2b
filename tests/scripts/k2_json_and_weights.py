"""Architecture to JSON, weights to HDF5: two files, as tutorials had it."""

import json
import numpy as np
from keras.models import Sequential, Model, model_from_json, model_from_yaml
from keras.layers import Dense, Dropout, Input, concatenate

model = Sequential()
model.add(
    Dense(
        12, input_dim=8, kernel_initializer="uniform", activation="relu", name="first"
    )
)
model.add(Dropout(0.5))
model.add(Dense(1, kernel_initializer="uniform", activation="sigmoid", name="last"))
X = np.random.RandomState(0).rand(20, 8)

model_json = model.to_json()
with open("model.json", "w") as json_file:
    json_file.write(model_json)
weights = "model.h5"
try:
    import h5py
except ImportError:
    weights = "model.weights.npz"
model.save_weights(weights)
print("Saved model to disk")

with open("model.json", "r") as json_file:
    loaded_model_json = json_file.read()
loaded_model = model_from_json(loaded_model_json)
loaded_model.load_weights(weights)
np.testing.assert_allclose(loaded_model.predict(X), model.predict(X), atol=1e-6)
loaded_model.compile(
    loss="binary_crossentropy", optimizer="rmsprop", metrics=["accuracy"]
)
score = loaded_model.evaluate(X, np.zeros(20), verbose=0)
print("%s: %.2f%%" % (loaded_model.metrics_names[1], score[1] * 100))
assert json.loads(model_json)["class_name"] == "Sequential"

with open("model.yaml", "w") as yaml_file:
    yaml_file.write(model.to_yaml())
with open("model.yaml", "r") as yaml_file:
    from_yaml = model_from_yaml(yaml_file.read())
from_yaml.load_weights(weights)
np.testing.assert_allclose(from_yaml.predict(X), model.predict(X), atol=1e-6)

a, b = Input((3,), name="a"), Input((2,), name="b")
out = Dense(1, name="out")(concatenate([a, b]))
graph = Model(inputs=[a, b], outputs=[out])
copy = model_from_json(graph.to_json())
assert [l.name for l in copy.layers] == [l.name for l in graph.layers]
copy.set_weights(graph.get_weights())
inputs = [np.ones((2, 3)), np.ones((2, 2))]
np.testing.assert_allclose(copy.predict(inputs), graph.predict(inputs))
config = model.get_config()
assert Sequential.from_config(config).count_params() == model.count_params() == 121

if weights == "model.h5":  # some layers of another model, found by their names
    other = Sequential([Dense(12, input_dim=8, name="first"), Dense(3, name="other")])
    other.load_weights(weights, by_name=True)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
