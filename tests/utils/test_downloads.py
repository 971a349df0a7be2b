import hashlib
import os
import socket
from pathlib import Path

import pytest

from keratorch.utils import downloads
from keratorch.utils.downloads import RemoteFile, cached_path, fetch, fetch_verified

BODY = bytes(range(256)) * 4000


def remote(address, body=BODY, max_bytes=2_048_000):
    return RemoteFile(address, hashlib.sha256(body).hexdigest(), max_bytes)


@pytest.fixture
def closed_port():
    """A port at which nobody listens, and nobody can meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_download_lands_in_the_cache_alone(cache, server, capsys):
    address = server.offer("/a.npz", BODY, **{"Content-Length": str(len(BODY))})
    assert fetch(remote(address), "a.npz") == cache / "a.npz"
    assert (cache / "a.npz").read_bytes() == BODY
    assert os.listdir(cache) == ["a.npz"]
    assert capsys.readouterr().out == f"Downloading data from {address}\n"


def test_download_without_announced_length_works(cache, server):
    fetch(remote(server.offer("/a.npz", BODY)), "a.npz")
    assert (cache / "a.npz").read_bytes() == BODY


def test_cached_file_is_used_without_a_request(cache, server, capsys):
    (cache / "a.npz").write_bytes(b"here already")
    assert fetch(remote(server.address + "/a.npz"), "a.npz") == cache / "a.npz"
    assert server.requests == []
    assert capsys.readouterr().out == ""


def test_wrong_hash_is_told_and_nothing_kept(cache, server):
    address = server.offer("/a.npz", b"another file")
    with pytest.raises(ValueError, match="SHA-256") as error:
        fetch(remote(address), "a.npz")
    assert str(cache / "a.npz") in str(error.value)
    assert os.listdir(cache) == []


def test_announced_oversize_is_refused_before_reading(cache, server):
    address = server.offer("/a.npz", b"", **{"Content-Length": "900000000000"})
    with pytest.raises(ValueError, match="900000000000 bytes or more; at most 2048000"):
        fetch(remote(address), "a.npz")
    assert os.listdir(cache) == []


def test_unannounced_oversize_is_cut_off(cache, server, monkeypatch):
    monkeypatch.setattr(downloads, "_CHUNK", 1000)
    address = server.offer("/a.npz", BODY)
    with pytest.raises(ValueError, match="has 3000 bytes or more; at most 2500"):
        fetch(remote(address, max_bytes=2500), "a.npz")
    assert os.listdir(cache) == []


def test_truncated_download_says_how_far_it_came(cache, server):
    address = server.offer("/a.npz", BODY[:5000], **{"Content-Length": str(len(BODY))})
    with pytest.raises(ConnectionError, match=f"after 5000 of {len(BODY)} bytes"):
        fetch(remote(address), "a.npz")
    assert os.listdir(cache) == []


def test_missing_page_is_told(cache, server):
    with pytest.raises(ConnectionError, match="404"):
        fetch(remote(server.address + "/gone.npz"), "a.npz")
    assert os.listdir(cache) == []


def test_without_network_the_error_says_where_to_put_the_file(cache, closed_port):
    address = f"http://127.0.0.1:{closed_port}/a.npz"
    with pytest.raises(ConnectionError) as error:
        fetch(remote(address), "a.npz")
    message = str(error.value)
    assert address in message and str(cache / "a.npz") in message
    assert len(message) < 600
    assert os.listdir(cache) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_interrupted_download_leaves_nothing(cache, monkeypatch, interruption):
    def chunks(remote, target):
        yield BODY
        assert len(os.listdir(cache)) == 1
        raise interruption

    monkeypatch.setattr(downloads, "_chunks", chunks)
    with pytest.raises(interruption):
        fetch(remote("http://unused"), "a.npz")
    assert os.listdir(cache) == []


def test_failure_to_rename_leaves_nothing(cache, server, monkeypatch):
    def replace(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="No space left"):
        fetch(remote(server.offer("/a.npz", BODY)), "a.npz")
    assert os.listdir(cache) == []


def test_folder_is_in_the_home_folder_without_keras_home(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cached_path("a.npz") == tmp_path / ".keras" / "datasets" / "a.npz"


def test_absolute_path_leads_out_of_the_cache(cache, tmp_path):
    assert cached_path(tmp_path / "mine.npz") == tmp_path / "mine.npz"


def test_folder_that_cannot_be_made_gives_way_to_a_temporary_one(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))
    path = cached_path("a.npz")
    assert path.parts[-3:] == (".keras", "datasets", "a.npz")
    assert tmp_path not in path.parents


def test_file_in_a_folder_without_write_access_is_used(cache, monkeypatch):
    (cache / "a.npz").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert cached_path("a.npz") == cache / "a.npz"
    assert cached_path("b.npz") != cache / "b.npz"


def test_cached_path_is_a_path(cache):
    assert isinstance(cached_path("a.npz"), Path)


def test_a_file_of_another_digest_is_downloaded_again(cache, server, capsys):
    address = server.offer("/a.npz", BODY)
    (cache / "a.npz").write_bytes(b"outdated")
    for _ in range(2):
        fetch_verified(remote(address), "a.npz")
    assert (cache / "a.npz").read_bytes() == BODY
    assert server.requests == ["/a.npz"]
    assert "is incomplete or outdated" in capsys.readouterr().out


def test_a_failed_second_download_leaves_the_first_file(cache, server):
    (cache / "a.npz").write_bytes(b"outdated")
    with pytest.raises(ConnectionError):
        fetch_verified(remote(server.address + "/gone.npz"), "a.npz")
    assert (cache / "a.npz").read_bytes() == b"outdated"
