"""Objects as Flux applies them: those of built-in kinds have been read into their Go types before.

So fields that a type has not are never sent, where the API server would refuse them; what cannot be read is sent as it
is (github.com/fluxcd/pkg/ssa, ``normalize``).
"""

from __future__ import annotations

from nixernetes.cluster.provided.defaults import with_encoded_data
from nixernetes.cluster.typed import decodes, known_only
from nixernetes.objects.manifest import Manifest

__all__ = ["normalised"]


def normalised(manifest: Manifest) -> Manifest:
    """Return an object without the fields that its Go type has not; the very same where there are none.

    A Secret's ``stringData`` is moved to ``data``, so that a key that goes from Git goes from the cluster.
    """
    if not decodes(manifest):
        return manifest
    found = known_only(manifest)
    return with_encoded_data(found) if "stringData" in found else found
