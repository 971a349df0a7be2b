"""What Keras calls utils: one-hot labels, seeds, the progress bar."""

from keratorch.utils.numerical_utils import normalize, to_categorical
from keratorch.utils.progbar import Progbar
from keratorch.utils.rng_utils import set_random_seed

__all__ = ["Progbar", "normalize", "set_random_seed", "to_categorical"]
