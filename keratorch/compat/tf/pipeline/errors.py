"""TensorFlow's errors: those of Python that KeraTorch raises in their places."""

from __future__ import annotations

OpError = Exception
AlreadyExistsError = FileExistsError
DeadlineExceededError = TimeoutError
InvalidArgumentError = ValueError
NotFoundError = FileNotFoundError
OutOfRangeError = StopIteration
PermissionDeniedError = PermissionError
ResourceExhaustedError = MemoryError
UnimplementedError = NotImplementedError
