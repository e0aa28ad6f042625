"""Tests keep nothing for the next run, and read nothing of the last one."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # one cache for all workers of a run
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        patched.setenv("XDG_STATE_HOME", str(shared / "state"))
        yield
