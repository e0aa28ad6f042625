"""Whether helm-controller upgrades a release that is on a cluster, by what its status says of the last one.

Chart, version and values are compared, and the digests of post-renderers and common metadata (helm-controller v1.6.3,
``internal/reconcile/state.go``). Drift is mended without an upgrade where ``driftDetection.mode`` is ``enabled``.
"""

from __future__ import annotations

from nixernetes.changes.applying import rendered_chart
from nixernetes.engine.flux.helm.release_pass import observed_digests
from nixernetes.engine.flux.helm.storage import digest_of_values
from nixernetes.errors import InputError
from nixernetes.gitops.decoding import decoded_as
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery
from nixernetes.render.flux.helm_release import compose_values
from nixernetes.render.references import Lookup

__all__ = ["is_written"]


def is_written(live: Manifest | None, release: Delivery, lookup: Lookup) -> bool:
    """Tell whether helm-controller writes the objects of a release when it looks at it next.

    Args:
        live: the HelmRelease on the cluster; None where it is not there.
        release: the HelmRelease as it is in Git.
        lookup: gives the data of ConfigMaps and Secrets with values.

    """
    if live is None or text_at(release.manifest, "spec", "driftDetection", "mode") == "enabled":
        return True
    spec = decoded_as(HelmRelease, release.manifest).resource
    last = next(iter(objects_at(live, "status", "history")), None)
    if spec is None or last is None or text_at(last, "status") != "deployed":
        return True
    if f"{text_at(last, 'chartName')}-{text_at(last, 'chartVersion')}" != rendered_chart(release):
        return True
    if any(text_at(live, "status", field) != digest for field, digest in observed_digests(spec).items()):
        return True
    try:
        values = compose_values(release.manifest, lookup)
    except InputError:
        return True
    return text_at(last, "configDigest") != digest_of_values(values)
