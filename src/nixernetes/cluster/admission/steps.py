"""Who is asked before an object is stored. Policies take long to import, and few clusters have any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixernetes.cluster.admission.pods import with_priority, with_tolerations
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.states import is_same_state
from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import POD, PRIORITY_CLASS
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.cluster.admission.kyverno import KyvernoAdmission, PolicyStore

__all__ = ["AdmissionSteps"]

_KYVERNO = "kyverno"


class AdmissionSteps:
    """The policies of one cluster.

    Args:
        store: the cluster.

    """

    def __init__(self, store: PolicyStore) -> None:
        self._store = store
        self._kyverno: KyvernoAdmission | None = None
        self._beside: dict[ObjectKey, list[Manifest]] = {}

    def note(self, key: ObjectKey) -> None:
        """Take note that an object was written or deleted."""
        if key.group.endswith(KYVERNO):
            if self._kyverno is None:
                from nixernetes.cluster.admission.kyverno import KyvernoAdmission  # noqa: PLC0415  # see above

                self._kyverno = KyvernoAdmission(self._store)
            self._kyverno.note(key.group_kind)

    def completed(self, new: Manifest, key: ObjectKey) -> Manifest:
        """Return a new object with what the plugins of Kubernetes write into it.

        Raises:
            ApiError: a plugin refuses it.

        """
        if key.group_kind != POD:
            return new
        return with_priority(with_tolerations(new), self._store.list(PRIORITY_CLASS))

    def admitted(
        self, new: Manifest, live: Manifest | None, key: ObjectKey, manager: str, *, dry_run: bool = False
    ) -> Manifest:
        """Return what is stored for a new state of an object: as policies change it; the live one if that is the same.

        Raises:
            ApiError: a policy refuses it.

        """
        if self._kyverno is None or new is live:
            return new
        found, beside = self._kyverno.admitted(new, live, key, manager)
        if beside and not dry_run:
            self._beside[key] = beside
        return live if live is not None and found is not new and is_same_state(live, found) else found

    def stored(self, key: ObjectKey) -> None:
        """Write what policies make beside an object that was stored; what cannot be written is left out.

        Kyverno's background controller would try again, and tell it in events of its own.
        """
        for each in self._beside.pop(key, ()):
            try:
                self._store.apply(each, manager=_KYVERNO, force=True)
            except ApiError:
                continue
