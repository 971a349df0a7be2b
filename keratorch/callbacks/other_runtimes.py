"""Callbacks that need another library to compute."""

from keratorch.refused import refused

OrbaxCheckpoint = refused(
    "callbacks.OrbaxCheckpoint",
    "it writes checkpoints of JAX. Use ModelCheckpoint(path), or "
    "BackupAndRestore(path) to go on after an interruption.",
)
