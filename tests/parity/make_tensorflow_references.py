"""Store what TensorFlow computes in small programs of data and images.

python tests/parity/make_tensorflow_references.py    # needs TensorFlow
"""

import gzip
import json
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILE = TESTS / "data" / "references" / "tensorflow_pipelines.json.gz"


def main():
    import tensorflow as tf

    sys.path.append(str(TESTS / "samples"))
    from tensorflow_pipelines import CASES, described

    found = {name: described(program(tf)) for name, program in CASES.items()}
    text = json.dumps({"tensorflow": tf.__version__, "results": found})
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(found), "programs,", FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
