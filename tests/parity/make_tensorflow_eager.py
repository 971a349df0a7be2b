"""Store what TensorFlow's eager functions give.

python tests/parity/make_tensorflow_eager.py    # needs TensorFlow
"""

import gzip
import json
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILE = TESTS / "data" / "references" / "tensorflow_eager.json.gz"


def main():
    import tensorflow as tf

    sys.path.append(str(TESTS / "samples"))
    from tensorflow_eager import results

    found = results(tf)
    text = json.dumps({"tensorflow": tf.__version__, "results": found})
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(found), "expressions,", FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
