"""Models for other programs to serve: what takes the place of Keras's exports."""

from keratorch.refused import refused

__all__ = ["ExportArchive"]

ExportArchive = refused(
    "export.ExportArchive",
    "it writes models for TensorFlow Serving, and needs TensorFlow. Write "
    "model.save('model.keras'), and export that where Keras 3 is installed.",
)
