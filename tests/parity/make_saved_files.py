"""Make the files of Keras in `tests/data/saved/`, which the library's tests load.

    pip install keras==3.15 torch==2.13 h5py tensorflow-cpu
    python tests/parity/make_saved_files.py                  # all
    python tests/parity/make_saved_files.py attention.keras  # one

Beside each file lies a .json with inputs and the outputs that Keras computed.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
sys.path.insert(0, str(Path(__file__).parent))

import keras
import numpy as np
import saved_models
import vocabularies

FOLDER = Path(__file__).resolve().parents[1] / "data" / "saved"
FILES = {
    "mlp.keras": saved_models.mlp,
    "mlp.h5": saved_models.mlp,
    "mlp.weights.h5": saved_models.mlp,
    "two_inputs.keras": saved_models.two_inputs,
    "functions.keras": saved_models.functions,
    "recurrent.keras": saved_models.recurrent,
    "attention.keras": saved_models.causal,
    "nested.keras": saved_models.deeply_nested,
}
WORDS = {
    "sequences.keras": vocabularies.sequences,
    "frequencies.keras": vocabularies.frequencies,
}


def write_words(name, make):
    """A model with a vocabulary: Keras makes it with TensorFlow alone."""
    import tensorflow

    model = make(keras)
    model.save(FOLDER / name)
    x = vocabularies.data(make)
    y = keras.ops.convert_to_numpy(model(tensorflow.constant(x)))
    write_record(name, {"x": x, "y": y.tolist()})


def write_record(name, record):
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")


def main(names):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in WORDS.items():
        if not names or name in names:
            write_words(name, make)
    for name, make in FILES.items():
        if names and name not in names:
            continue
        keras.utils.set_random_seed(7)
        model = make(keras)
        x = saved_models.data(model, make, samples=2)
        outputs = model.predict(x, verbose=0)
        targets = [np.ones_like(y) for y in outputs]
        single = not isinstance(outputs, list)
        rule = "adam" if name == "mlp.keras" else "sgd"  # small files
        model.compile(rule, "mse" if single else ["mse", "mae"])
        model.fit(x, np.ones_like(outputs) if single else targets, verbose=0)
        save = model.save_weights if name.endswith(".weights.h5") else model.save
        save(FOLDER / name)
        found = model.predict(x, verbose=0)
        record = {
            "x": [a.tolist() for a in (x if isinstance(x, list) else [x])],
            "y": [a.tolist() for a in ([found] if single else found)],
            "optimizer": [float(np.sum(v.numpy())) for v in model.optimizer.variables],
        }
        write_record(name, record)


if __name__ == "__main__":
    main(sys.argv[1:])
