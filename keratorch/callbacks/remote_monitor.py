"""The metrics of each epoch, sent to a server."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.callbacks.callback import Callback, Logs

SECONDS = 10  # to wait for the server


class RemoteMonitor(Callback):
    """Sends the logs of each epoch to a server by HTTP POST.

    A server that cannot be reached is answered by a warning, and training goes on.

    Parameters
    ----------
    root : str, the server, beginning with 'http://' or 'https://'.
    path : str, what follows in the address.
    field : str, the form's field that holds the JSON text.
    headers : dict of further HTTP headers, or None.
    send_as_json : bool, whether the JSON text is sent as such, and not in a form.

    Raises
    ------
    ValueError : `root` is no web address.

    Examples
    --------
    >>> callback = RemoteMonitor("http://localhost:9000", send_as_json=True)
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ):
        if not root.startswith(("http://", "https://")):
            raise ValueError(
                "root must begin with 'http://' or 'https://', as in "
                f"'http://localhost:9000'; received {root!r}."
            )
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Send epoch and logs."""
        numbers = {name: _plain(value) for name, value in (logs or {}).items()}
        text = json.dumps({"epoch": epoch, **numbers})
        if self.send_as_json:
            body, kind = text, "application/json"
        else:
            body = urllib.parse.urlencode({self.field: text})
            kind = "application/x-www-form-urlencoded"
        request = urllib.request.Request(
            self.root + self.path,
            body.encode(),
            {"Content-Type": kind, **(self.headers or {})},
            method="POST",
        )
        try:
            urllib.request.urlopen(request, timeout=SECONDS).close()
        except urllib.error.HTTPError:
            pass  # it was reached; what it makes of the logs is its own business
        except (OSError, http.client.HTTPException):
            warnings.warn(
                f"Could not reach RemoteMonitor root server at {self.root}",
                stacklevel=2,
            )


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
