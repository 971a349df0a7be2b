"""Functions that `keras.backend`, `keras.utils` and their like had."""
