"""All checks by their names."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from nixernetes.compliance.checks import images, keeping, networks, permissions, pods, policies, standards

__all__ = ["CHECKS"]

CHECKS: Final = MappingProxyType(
    {
        each.id: each
        for module in (standards, pods, images, networks, permissions, policies, keeping)
        for each in module.CHECKS
    }
)
"""Each check by its name."""
