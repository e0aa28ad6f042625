"""A clock that stands still until it is moved."""

import pytest

from nixernetes.objects.clocks import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()
