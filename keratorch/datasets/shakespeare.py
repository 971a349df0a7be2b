"""Forty thousand lines of Shakespeare's plays, to learn characters from."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from keratorch.utils.downloads import RemoteFile, fetch

_FILE = RemoteFile(
    address=(
        "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt"
    ),
    digest="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    max_bytes=2_000_000,
)
_EXCERPT = Path(__file__).parent / "data" / "shakespeare.txt"


def load_data(path: str | os.PathLike[str] = "shakespeare.txt") -> str:
    """Load Shakespeare's lines (1.1 MB), or a short excerpt where there is no network.

    Parameters
    ----------
    path : the file's name in the cache folder, or an absolute path. A file that is
        there serves as it is; else it is downloaded.

    Returns
    -------
    str, 1,115,394 characters; or 5,000 of them, with a warning that says so.

    Raises
    ------
    ValueError : the file in the cache is no text in UTF-8.

    Source: A. Karpathy (2015), Tiny Shakespeare. The text is in the public domain.

    Examples
    --------
    >>> text = load_data()  # doctest: +SKIP
    >>> text[:14]  # doctest: +SKIP
    'First Citizen:'
    """
    try:
        target = fetch(_FILE, path)
    except (ConnectionError, ValueError) as error:
        text = _EXCERPT.read_text(encoding="utf-8")
        warnings.warn(
            f"this is an excerpt of {len(text)} characters, not all of Shakespeare's "
            f"lines: {error}",
            stacklevel=2,
        )
        return text
    try:
        return target.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"The file {target} is no text in UTF-8: {error}. Delete it and call again "
            "to download it."
        ) from error
