"""Who is asked before an object is stored, in the order in which an API server asks.

First what fills objects in (limits, tolerations, priorities), then what looks at them whole. Policies take long to
import, and few clusters have any.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nixernetes.cluster.admission import limits, security
from nixernetes.cluster.admission.accounts import account_name, check_tokens, with_account
from nixernetes.cluster.admission.pods import with_priority, with_tolerations
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.states import is_same_state
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, KYVERNO
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import LIMIT_RANGE, NAMESPACE, PERSISTENT_VOLUME_CLAIM, POD, PRIORITY_CLASS
from nixernetes.objects.manifest import Manifest

if TYPE_CHECKING:
    from nixernetes.cluster.admission.kyverno import KyvernoAdmission
    from nixernetes.cluster.admission.validating import AdmissionStore, ValidatingAdmission
    from nixernetes.kyverno.engine.contexts import Request

__all__ = ["AdmissionSteps"]

_Recheck = Callable[["Manifest", "Manifest | None"], "Manifest"]
_KYVERNO = "kyverno"
_LIMITED: Final = (POD, PERSISTENT_VOLUME_CLAIM)


class AdmissionSteps:
    """The admission of one cluster.

    Args:
        store: the cluster.
        recheck: completes and checks what a webhook changed: the object, and what it replaces.
        is_alone: whether it is an API server and nothing else.

    """

    def __init__(self, store: AdmissionStore, recheck: _Recheck, *, is_alone: bool = False) -> None:
        self._recheck = recheck
        self._store = store
        self._is_alone = is_alone
        self._kyverno: KyvernoAdmission | None = None
        self._validating: ValidatingAdmission | None = None
        self._beside: dict[ObjectKey, list[Manifest]] = {}
        self._warnings: list[str] = []
        self.has_accounts = False  # whether pods get the account of their namespace, and its token

    def note(self, key: ObjectKey) -> None:
        """Take note that an object was written or deleted."""
        if key.group.endswith(KYVERNO):
            if self._kyverno is None:
                from nixernetes.cluster.admission.kyverno import KyvernoAdmission  # noqa: PLC0415  # see above

                self._kyverno = KyvernoAdmission(self._store)
            self._kyverno.note(key.group_kind)
        elif key.group == ADMISSIONREGISTRATION and self._validating is None:
            from nixernetes.cluster.admission import validating  # noqa: PLC0415  # see above

            if key.group_kind in (validating.BINDINGS, *validating.CONFIGURATIONS):
                self._validating = validating.ValidatingAdmission(self._store)

    def take_warnings(self) -> tuple[str, ...]:
        """Return what clients are to be warned of since the last time."""
        found, self._warnings = tuple(self._warnings), []
        return found

    def completed(self, new: Manifest, key: ObjectKey) -> Manifest:
        """Return a new object with what the plugins of Kubernetes write into it.

        Raises:
            ApiError: a plugin refuses it.

        """
        if key.group_kind != POD:
            return new
        if self.has_accounts and account_name(new):
            new = with_account(new, self._store.get(ObjectKey("", "ServiceAccount", key.namespace, account_name(new))))
        elif self._is_alone:
            check_tokens(new)
        ranges = self._ranges(key)
        new = limits.with_limits(new, ranges) if ranges else new
        return with_priority(with_tolerations(new), self._store.list(PRIORITY_CLASS))

    def changed(self, new: Manifest, key: ObjectKey) -> Manifest:
        """Return a new state of an object with what the plugins of Kubernetes write into it."""
        return with_tolerations(new) if key.group_kind == POD else new

    def admitted(
        self,
        new: Manifest,
        live: Manifest | None,
        key: ObjectKey,
        manager: str,
        *,
        dry_run: bool = False,
        subresource: str = "",
    ) -> Manifest:
        """Return what is stored for a new state of an object: as policies change it; the live one if that is the same.

        Raises:
            ApiError: a plugin or a policy refuses it.

        """
        self._warnings = []
        if new is live:
            return new
        if self._validating is not None and not subresource:
            asked = _request(new, live, key)
            made, warned = self._validating.webhooks.mutated(asked, key, dry_run=dry_run)
            self._warnings += warned
            new = new if made is new else self._recheck(made, live)
        if not subresource:
            self._look(new, live, key, dry_run=dry_run)
        if self._kyverno is None:
            return new
        found, beside = self._kyverno.admitted(new, live, key, manager)
        if beside and not dry_run:
            self._beside[key] = beside
        return live if live is not None and found is not new and is_same_state(live, found) else found

    def _ranges(self, key: ObjectKey) -> list[Manifest]:
        """Return the LimitRanges of an object's namespace."""
        return [each for each in self._store.list(LIMIT_RANGE) if each["metadata"]["namespace"] == key.namespace]

    def _look(self, new: Manifest, live: Manifest | None, key: ObjectKey, *, dry_run: bool) -> None:
        """Look at a new state of an object; refuse it, or warn of it."""
        if key.group_kind == NAMESPACE:
            security.check_labels(new)
            if live is not None:
                pods = [each for each in self._store.list(POD) if each["metadata"]["namespace"] == key.name]
                self._warnings += security.existing_breaches(new, live, pods)
        elif key.namespace:
            if live is None and key.group_kind in _LIMITED:
                ranges = [
                    each for each in self._store.list(LIMIT_RANGE) if each["metadata"]["namespace"] == key.namespace
                ]
                limits.check_limits(new, key, ranges)
            place = self._store.get(ObjectKey("", "Namespace", "", key.namespace))
            if live is None or live.get("spec") != new.get("spec"):
                self._warnings += security.check_security(new, key, place)
        if self._validating is not None:
            asked = _request(new, live, key)
            self._warnings += self._validating.check(asked, key)
            self._warnings += self._validating.webhooks.validate(asked, key, dry_run=dry_run)

    def deleting(self, live: Manifest, key: ObjectKey) -> None:
        """Ask whether an object may be deleted.

        Raises:
            ApiError: a policy refuses it.

        """
        self._warnings = []
        if self._validating is not None:
            from nixernetes.kyverno.engine.contexts import Request  # noqa: PLC0415  # see above

            request = Request(manifest=live, operation="DELETE", namespace=key.namespace)
            self._warnings += self._validating.check(request, key)
            self._warnings += self._validating.webhooks.validate(request, key, dry_run=False)

    def stored(self, key: ObjectKey) -> None:
        """Write what policies make beside an object that was stored; what cannot be written is left out.

        Kyverno's background controller would try again, and tell it in events of its own.
        """
        for each in self._beside.pop(key, ()):
            try:
                self._store.apply(each, manager=_KYVERNO, force=True)
            except ApiError:
                continue


def _request(new: Manifest, live: Manifest | None, key: ObjectKey) -> Request:
    from nixernetes.kyverno.engine.contexts import Request  # noqa: PLC0415  # see above

    operation = "CREATE" if live is None else "UPDATE"
    return Request(manifest=new, old=live, operation=operation, namespace=key.namespace)
