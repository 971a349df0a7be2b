import hashlib
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from keratorch.utils import get_file
from keratorch.utils.archives import extract

BODY = b"some text"
SHA256 = hashlib.sha256(BODY).hexdigest()
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()


def tar_bytes(members, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                member.type, member.linkname = content
                archive.addfile(member)
    return buffer.getvalue()


def zip_bytes(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_file_is_downloaded_once_under_its_own_name(cache, server):
    origin = server.offer("/data/a.txt?x=1", BODY)
    for _ in range(2):
        path = get_file(origin=origin)
    assert path == str(cache / "a.txt")
    assert Path(path).read_bytes() == BODY
    assert server.requests == ["/data/a.txt?x=1"]
    get_file(origin=origin, force_download=True)
    assert len(server.requests) == 2


def test_cache_folders_can_be_chosen(tmp_path, server):
    origin = server.offer("/a.txt", BODY)
    path = get_file("b.txt", origin, cache_dir=tmp_path, cache_subdir="deep/er")
    assert path == str(tmp_path / "deep" / "er" / "b.txt")
    path = get_file("b.txt", origin, cache_subdir=str(tmp_path / "own"))
    assert path == str(tmp_path / "own" / "b.txt")


@pytest.mark.parametrize(
    "arguments",
    [
        {"file_hash": SHA256},
        {"file_hash": SHA256.upper(), "hash_algorithm": "sha256"},
        {"file_hash": MD5},
        {"md5_hash": MD5},
    ],
)
def test_digest_is_checked_in_the_cache_and_after_the_download(
    cache, server, arguments
):
    origin = server.offer("/a.txt", BODY)
    (cache / "a.txt").write_bytes(b"outdated")
    assert Path(get_file("a.txt", origin, **arguments)).read_bytes() == BODY
    server.offer("/a.txt", b"forged")
    with pytest.raises(ValueError, match="It was not kept"):
        get_file("a.txt", origin, force_download=True, **arguments)
    assert (cache / "a.txt").read_bytes() == BODY
    assert os.listdir(cache) == ["a.txt"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "origin"),
        ({"origin": "http://x.org/"}, "give fname"),
        ({"origin": "http://x.org/a", "fname": "../a"}, "without folders"),
        ({"origin": "http://x.org/a", "fname": ".."}, "without folders"),
        ({"origin": "http://x.org/a", "file_hash": "abc"}, "SHA-256 digest of 64"),
        ({"origin": "http://x.org/a", "hash_algorithm": "crc"}, "'auto', 'sha256'"),
    ],
)
def test_wrong_arguments_are_told(cache, arguments, told):
    with pytest.raises(ValueError, match=told):
        get_file(**arguments)


@pytest.mark.parametrize(
    ("fname", "folder"),
    [("flowers", "flowers"), ("flowers.tgz", "flowers_extracted"), (None, "f.tar.gz")],
)
@pytest.mark.parametrize("make", [tar_bytes, zip_bytes])
def test_archive_is_unpacked_where_keras_puts_it(cache, server, fname, folder, make):
    origin = server.offer("/f.tar.gz", make({"in/a.txt": BODY, "b.txt": b"b"}))
    for _ in range(2):
        path = get_file(fname, origin, extract=True)
    assert path == str(cache / folder)
    assert (cache / folder / "in" / "a.txt").read_bytes() == BODY
    assert (cache / folder / "b.txt").read_bytes() == b"b"
    assert len(server.requests) == 1 and len(os.listdir(cache)) == 2


@pytest.mark.parametrize(
    "members",
    [
        {"../evil.txt": b"x"},
        {"a/../../evil.txt": b"x"},
        {"/evil.txt": b"x"},
        {"..\\evil.txt": b"x"},
        {"C:\\evil.txt": b"x"},
    ],
)
@pytest.mark.parametrize("make", [tar_bytes, zip_bytes])
def test_no_member_is_written_outside_of_the_folder(tmp_path, members, make):
    (tmp_path / "a.bin").write_bytes(make({**members, "good.txt": b"y"}))
    with pytest.warns(UserWarning, match="leads out of the folder"):
        extract(tmp_path / "a.bin", tmp_path / "deep" / "folder")
    written = [p.name for p in tmp_path.rglob("*") if p.is_file()]
    assert sorted(written) == ["a.bin", "good.txt"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_left_out(tmp_path, kind):
    members = {"link": (kind, str(tmp_path)), "link/evil.txt": b"x"}
    (tmp_path / "a.tar").write_bytes(tar_bytes(members))
    with pytest.warns(UserWarning, match="link or a device"):
        extract(tmp_path / "a.tar", tmp_path / "folder")
    assert not (tmp_path / "folder" / "link").is_symlink()
    assert not (tmp_path / "evil.txt").exists()


def test_damaged_archive_leaves_nothing(tmp_path):
    whole = tar_bytes({"a.txt": os.urandom(50_000)})
    (tmp_path / "a.tgz").write_bytes(whole[:20_000])
    with pytest.raises(ValueError, match="cannot be unpacked"):
        extract(tmp_path / "a.tgz", tmp_path / "folder")
    assert os.listdir(tmp_path) == ["a.tgz"]


def test_what_is_no_archive_is_told(cache, server):
    origin = server.offer("/a.txt", BODY)
    with pytest.warns(UserWarning, match="no archive"):
        get_file("a", origin, extract=True)
    with pytest.raises(ValueError, match="archive_format"):
        get_file("a", origin, extract=True, archive_format="rar")
