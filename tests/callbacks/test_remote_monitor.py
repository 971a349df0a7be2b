import contextlib
import http.server
import json
import threading
import urllib.parse

import numpy as np
import pytest

from keratorch.callbacks import RemoteMonitor


@contextlib.contextmanager
def server(status=200):
    """A web server on this machine that keeps what it gets."""
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            received.append((self.path, self.headers, self.rfile.read(size).decode()))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    running = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}", received
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


LOGS = {"loss": np.float32(0.5), "many": np.array([1, 2]), "text": "yes"}
SENT = {"epoch": 3, "loss": 0.5, "many": [1, 2], "text": "yes"}


def test_the_logs_are_sent_in_a_form():
    with server() as (root, received):
        RemoteMonitor(root, field="logs").on_epoch_end(3, LOGS)
    ((path, headers, body),) = received
    assert path == "/publish/epoch/end/"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert json.loads(urllib.parse.parse_qs(body)["logs"][0]) == SENT


def test_the_logs_are_sent_as_json():
    with server() as (root, received):
        monitor = RemoteMonitor(root, "/here", headers={"X-A": "b"}, send_as_json=True)
        monitor.on_epoch_end(3, LOGS)
        monitor.on_epoch_end(4)
    (path, headers, body), (_, _, other) = received
    assert path == "/here"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-A"] == "b"
    assert json.loads(body) == SENT
    assert json.loads(other) == {"epoch": 4}


@pytest.mark.parametrize("status", [404, 500])
def test_what_the_server_makes_of_them_does_not_matter(status):
    with server(status) as (root, received):
        RemoteMonitor(root).on_epoch_end(0, {"loss": 1.0})
    assert len(received) == 1


def test_a_server_out_of_reach_is_a_warning():
    with server() as (root, _):
        pass
    with pytest.warns(UserWarning, match=f"RemoteMonitor root server at {root}"):
        RemoteMonitor(root).on_epoch_end(0, {"loss": 1.0})


def test_only_web_addresses_are_taken():
    with pytest.raises(
        ValueError, match="root must begin with 'http://' or 'https://'"
    ):
        RemoteMonitor("file:///tmp/x")
