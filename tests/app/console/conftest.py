"""The same declaration, run by Flux and by Argo CD."""

from collections.abc import Iterator

import pytest
from tests.app.console.worlds import settled

from nixernetes.app.worlds import World


@pytest.fixture(scope="module")
def flux() -> Iterator[World]:
    with settled(engine="flux") as world:
        yield world


@pytest.fixture(scope="module")
def argocd() -> Iterator[World]:
    with settled(engine="argocd") as world:
        yield world
