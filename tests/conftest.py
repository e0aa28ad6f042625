"""Tests keep nothing for the next run, and read nothing of the last one; the slow ones are marked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long a machine takes is no property. The gate asks the same questions each time: what it says of a change, it says
# again. New questions are asked with `pytest --hypothesis-profile search`.
settings.register_profile("nixernetes", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("nixernetes")

_SLOW = Path(__file__).with_name("slow.txt")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of ``slow.txt``, which ``make test`` leaves out."""
    slow = set(_SLOW.read_text().splitlines())
    for item in items:
        if item.nodeid.partition("[")[0] in slow:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # one cache for all workers of a run
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        patched.setenv("XDG_STATE_HOME", str(shared / "state"))
        yield
