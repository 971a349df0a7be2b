"""Store what Keras on TensorFlow makes of probabilities that are 0 and 1.

python tests/parity/make_saturated_references.py    # needs Keras and TensorFlow

There a crossentropy takes the logits behind them; on PyTorch and JAX it clips them.
"""

import json
import os
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILE = TESTS / "data" / "references" / "saturated.json"


def main():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    sys.path.append(str(TESTS / "samples"))
    from saturated import results

    content = {"keras": keras.__version__, **results(keras)}
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(FILE, FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
