"""Who may ask one API server, and what they may do."""

from __future__ import annotations

from collections.abc import Collection

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.escalation import check_escalation
from nixernetes.cluster.access.token_owners import TokenOwners
from nixernetes.cluster.access.tokens import AccountTokenKey, TokenSigner
from nixernetes.cluster.access.users import User
from nixernetes.cluster.server.gate import AccessGate
from nixernetes.cluster.server.parts.reviews import Reviews
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.writes.writing import WriteStore
from nixernetes.objects.manifest import Manifest

__all__ = ["ServerAccess"]


class ServerAccess:
    """Role based access to one cluster.

    Args:
        store: the cluster.
        tokens: the tokens of its administrator.
        key: signs tokens of service accounts.

    """

    def __init__(self, store: WriteStore, tokens: Collection[str], key: AccountTokenKey) -> None:
        self.signer = TokenSigner(key)
        self.authorizer = Authorizer(store)
        owners = TokenOwners(store, self.signer)
        self.gate = AccessGate(tokens, owners, self.authorizer)
        self.reviews = Reviews(store, self.authorizer, owners, self.signer)

    def check_grant(self, user: User, served: Served, manifest: Manifest, live: Manifest | None) -> None:
        """Refuse a role or a binding that gives more than its writer has.

        Args:
            user: the writer.
            served: what is written.
            manifest: it, as it would be stored.
            live: what it replaces; None for a new one.

        Raises:
            ApiError: Forbidden or NotFound.

        """
        check_escalation(self.authorizer, user, manifest, live, served.target.resource)

    def check_creation(self, user: User, served: Served) -> None:
        """Refuse to create by a replacement or an apply what its writer may not create.

        Raises:
            ApiError: Forbidden.

        """
        self.authorizer.check(
            Attributes(
                user=user,
                verb="create",
                group=served.kind.group,
                resource=served.target.resource,
                namespace=served.namespace,
                name=served.name,
            )
        )
