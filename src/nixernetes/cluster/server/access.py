"""Who may ask one API server, and what they may do."""

from __future__ import annotations

from collections.abc import Collection

from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.escalation import check_escalation
from nixernetes.cluster.access.tokens import TokenSigner
from nixernetes.cluster.access.users import User
from nixernetes.cluster.server.gate import AccessGate
from nixernetes.cluster.server.parts.reviews import Reviews
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.writes.writing import WriteStore
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.manifest import Manifest

__all__ = ["ServerAccess"]


class ServerAccess:
    """Role based access to one cluster.

    Args:
        store: the cluster.
        tokens: the tokens of its administrator.
        key: the secret with which it signs tokens of service accounts.

    """

    def __init__(self, store: WriteStore, tokens: Collection[str], key: bytes) -> None:
        signer = TokenSigner(key)
        self.authorizer = Authorizer(store)
        self.gate = AccessGate(store, tokens, signer, self.authorizer)
        self.reviews = Reviews(store, self.authorizer, self.gate, signer)

    def check_grant(self, user: User, served: Served, manifest: Manifest) -> None:
        """Refuse a role or a binding that gives more than its writer has.

        Raises:
            ApiError: Forbidden.

        """
        if served.kind.group != RBAC or user.is_administrator:
            return
        meta = {"namespace": served.namespace, **(manifest.get("metadata") or {})}
        check_escalation(self.authorizer, user, {**manifest, "metadata": meta}, served.target.resource)
