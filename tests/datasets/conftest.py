"""The cache folder and the server of the tests of downloads."""

from tests.utils.conftest import cache, server

__all__ = ["cache", "server"]
