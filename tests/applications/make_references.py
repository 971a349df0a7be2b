"""Write `references.json`: what Keras's networks are, and what some of them compute.

pip install keras==3.15 jax
python tests/applications/make_references.py
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from networks import EVERY, RUN, certain_weights, facts, images, key, some

FILE = Path(__file__).resolve().parent / "references.json"


def built(name, **arguments):
    keras.utils.clear_session()
    return getattr(keras.applications, name)(weights=None, **arguments)


def main():
    references = {}
    for name in EVERY:
        references[name] = facts(built(name))
        print(name, references[name], flush=True)
    for name, arguments in RUN:
        model = built(name, **arguments)
        model.set_weights(certain_weights(model))
        outputs = model(images(arguments), training=False)
        numbers = [float(f"{x:.8g}") for x in some(outputs)]
        references[key(name, arguments)] = {**facts(model), "outputs": numbers}
        print(key(name, arguments), numbers, flush=True)
    text = json.dumps(references, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
