"""Every test of the scripts runs on both Luas."""

import pytest
from tests.clients.reaper.lua import VERSIONS, runtime


@pytest.fixture(params=VERSIONS)
def lua_version(request):
    """5.3 or 5.4."""
    return request.param


@pytest.fixture
def lua(lua_version):
    """A fresh Lua with the scripts on its path."""
    return runtime(lua_version)
