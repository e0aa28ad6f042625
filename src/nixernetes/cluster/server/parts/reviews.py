"""Reviews: questions about users and what they may do, asked as objects that nobody stores.

After kubernetes v1.34.4, ``pkg/registry/authorization`` and ``pkg/registry/authentication``.
"""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.token_owners import TokenOwners
from nixernetes.cluster.access.tokens import ISSUER, TokenSigner
from nixernetes.cluster.access.users import User
from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.ownership.merging import Write, updated
from nixernetes.cluster.server.parts.token_requests import TokenRequests
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.writes.writing import WriteResult, WriteStore
from nixernetes.errors import InputError
from nixernetes.objects import schema
from nixernetes.objects.api_groups import AUTHENTICATION, AUTHORIZATION
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.kinds import SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Reviews"]


class Reviews:
    """Answers reviews.

    Args:
        store: the cluster.
        authorizer: decides.
        tokens: knows the tokens of service accounts.
        signer: signs them.

    """

    def __init__(self, store: WriteStore, authorizer: Authorizer, tokens: TokenOwners, signer: TokenSigner) -> None:
        self._store = store
        self._authorizer = authorizer
        self._tokens = tokens
        self._requests = TokenRequests(store, signer, self._owned)

    def answers(self, served: Served) -> bool:
        """Tell whether a resource is a review."""
        is_token = served.kind == SERVICE_ACCOUNT and served.target.subresource == "token"
        return is_token or served.kind.group in (AUTHORIZATION, AUTHENTICATION)

    def create(self, served: Served, user: User, manifest: Manifest, manager: str) -> WriteResult:
        """Answer a review.

        Raises:
            ApiError: it asks nothing, or something that makes no sense.

        """
        if served.target.subresource == "token":
            return WriteResult(self._requests.answer(served, manifest, manager), is_new=True)
        by_kind: dict[str, Callable[[User, Manifest], Json]] = {
            "SelfSubjectAccessReview": self._self_access,
            "SubjectAccessReview": self._access,
            "LocalSubjectAccessReview": self._access,
            "SelfSubjectRulesReview": self._rules,
            "TokenReview": self._token_review,
        }
        kind = served.kind.kind
        if kind == "SelfSubjectReview":
            meta = {"creationTimestamp": self._store.now()}
            told = {"kind": kind, "apiVersion": served.api_version, "metadata": meta}
            return WriteResult({**told, "status": {"userInfo": user.info()}}, is_new=True)
        if served.namespace and at(manifest, "spec", "resourceAttributes", "namespace") != served.namespace:
            why = f"namespace on request does not match: {served.namespace}"
            raise _invalid("spec.resourceAttributes.namespace", f'Invalid value: "": {why}')
        status = by_kind[kind](user, manifest)
        if served.namespace:
            meta = {**mapping_at(manifest, "metadata"), "namespace": served.namespace}
            manifest = {**manifest, "metadata": meta}
        return WriteResult({**self._owned(manifest, manager), "status": status}, is_new=True)

    def _owned(self, manifest: Manifest, manager: str, subresource: str = "") -> Manifest:
        """Return what was sent with its owner, as servers note it even here."""
        sent = {**manifest, "metadata": mapping_at(manifest, "metadata")}
        sent.pop("status", None)
        write = Write(manager=manager, time=self._store.now(), subresource=subresource)
        return updated(None, sent, schema.of(sent["apiVersion"], sent["kind"]), write)

    def _self_access(self, user: User, manifest: Manifest) -> Json:
        return self._decided(_wish(user, manifest))

    def _access(self, user: User, manifest: Manifest) -> Json:
        del user
        name, groups = text_at(manifest, "spec", "user"), items_at(manifest, "spec", "groups")
        if not name and not groups:
            raise _invalid("spec.user", 'Invalid value: "": at least one of user or group must be specified')
        meant = User(name=name, uid=text_at(manifest, "spec", "uid"), groups=tuple(map(str, groups)))
        return self._decided(_wish(meant, manifest))

    def _decided(self, wish: Attributes) -> Json:
        allowed, reason = self._authorizer.decide(wish)
        return {"allowed": allowed, **({"reason": reason} if reason else {})}

    def _rules(self, user: User, manifest: Manifest) -> Json:
        namespace = text_at(manifest, "spec", "namespace")
        if not namespace:
            raise ApiError("BadRequest", "no namespace on request")
        resources: list[Json] = []
        paths: list[Json] = []
        rules = self._authorizer.rules_of(user, namespace)
        for rule in rules:
            if items_at(rule, "nonResourceURLs"):
                paths.append({name: rule[name] for name in ("verbs", "nonResourceURLs")})
            else:
                names = ("verbs", "apiGroups", "resources", "resourceNames")
                resources.append({name: rule[name] for name in names if items_at(rule, name)})
        return {"resourceRules": resources, "nonResourceRules": paths, "incomplete": False}

    def _token_review(self, user: User, manifest: Manifest) -> Json:
        del user
        token = text_at(manifest, "spec", "token")
        if not token:
            raise ApiError("BadRequest", "token is required for TokenReview in authentication")
        wanted = tuple(map(str, items_at(manifest, "spec", "audiences"))) or (ISSUER,)
        try:
            found, audiences = self._tokens.of(token)
        except InputError as error:
            return {"user": {}, "error": error.message}
        accepted = [name for name in wanted if name in audiences]
        if not accepted:
            return {"user": {}, "error": "invalid bearer token, token audiences are others"}
        return {"authenticated": True, "user": found.info(), "audiences": accepted}


def _wish(user: User, manifest: Manifest) -> Attributes:
    spec = mapping_at(manifest, "spec")
    resource, path = at(spec, "resourceAttributes"), at(spec, "nonResourceAttributes")
    if (resource is None) is (path is None):
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        if resource is not None:
            why = "cannot be specified in combination with resourceAttributes"
            raise _invalid("spec.nonResourceAttributes", f"Invalid value: {why}")
        raise _invalid("spec.resourceAttributes", f"Invalid value: null: {why}")
    if path is not None:
        return Attributes(user=user, verb=text_at(path, "verb"), path=text_at(path, "path"))
    names = ("verb", "group", "resource", "subresource", "namespace", "name")
    return Attributes(user=user, **{name: text_at(resource, name) for name in names})


def _invalid(field: str, message: str) -> ApiError:
    details = Details(group=AUTHORIZATION, causes=(Cause("FieldValueInvalid", message, field),))
    return ApiError("Invalid", f'.{AUTHORIZATION} "" is invalid: {field}: {message}', details=details)
