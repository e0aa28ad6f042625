"""Who is asked before an object is stored. Policies take long to import, and few clusters have any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixernetes.cluster.states import is_same_state
from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.cluster.admission.kyverno import KyvernoAdmission, PolicyStore

__all__ = ["AdmissionSteps"]


class AdmissionSteps:
    """The policies of one cluster.

    Args:
        store: the cluster.

    """

    def __init__(self, store: PolicyStore) -> None:
        self._store = store
        self._kyverno: KyvernoAdmission | None = None

    def note(self, key: ObjectKey) -> None:
        """Take note that an object was written or deleted."""
        if key.group.endswith(KYVERNO):
            if self._kyverno is None:
                from nixernetes.cluster.admission.kyverno import KyvernoAdmission  # noqa: PLC0415  # see above

                self._kyverno = KyvernoAdmission(self._store)
            self._kyverno.note(key.group_kind)

    def admitted(self, new: Manifest, live: Manifest | None, key: ObjectKey, manager: str) -> Manifest:
        """Return what is stored for a new state of an object: as policies change it; the live one if that is the same.

        Raises:
            ApiError: a policy refuses it.

        """
        if self._kyverno is None or new is live:
            return new
        found = self._kyverno.admitted(new, live, key, manager)
        return live if live is not None and found is not new and is_same_state(live, found) else found
