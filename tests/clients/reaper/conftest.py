"""Every test of the scripts runs on both Luas."""

import pytest
from tests.clients.reaper.lua import VERSIONS, runtime
from tests.clients.reaper.rig import Reaper


@pytest.fixture(params=VERSIONS)
def lua_version(request):
    """5.3 or 5.4."""
    return request.param


@pytest.fixture
def lua(lua_version):
    """A fresh Lua with the scripts on its path."""
    return runtime(lua_version)


@pytest.fixture
def host(lua_version, tmp_path):
    """A REAPER with an empty project, in which modules are tried one by one."""
    with Reaper(lua_version, tmp_path) as made:
        made.new_script(tmp_path / "test")
        yield made
