"""The collector rests while much is made, and leaves that alone."""

from __future__ import annotations

import gc

from nixernetes.adapters.api_server.collector import making_what_stays


def test_what_is_made_is_not_looked_at_again() -> None:
    try:
        with making_what_stays():
            assert not gc.isenabled()
            made = [[number] for number in range(1_000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() > len(made)
    finally:
        gc.unfreeze()
