"""A world that reaches no registry."""

from __future__ import annotations

import pytest

from nixernetes.engine.ports import NoRegistries
from nixernetes.errors import RemoteError
from nixernetes.render.oci import OciRef


def test_every_question_fails_and_says_so() -> None:
    with pytest.raises(RemoteError, match="OCI registries are not reached from here"):
        NoRegistries().resolve("oci://registry.example.com/apps", OciRef(tag="v1"))
