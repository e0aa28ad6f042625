"""One comment that is kept up to date: found again by its marker, written anew where it is not there.

GitHub: ``/repos/{owner}/{repo}/issues/{number}/comments``; Gitea and Forgejo have the same; GitLab: the notes of a
merge request. Tokens go into headers alone, and no message holds one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import httpx

from nixernetes.adapters.code_hosts.requests import ReviewRequest
from nixernetes.adapters.exchanges import Deadline, Exchanges
from nixernetes.errors import RemoteError
from nixernetes.objects.fields import number_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["CodeHost"]

_SECONDS: Final = 30.0
_STEP_SECONDS: Final = 10.0
_LIMIT: Final = 8 * 1024 * 1024  # bytes of one page of comments
_PAGE: Final = 100
_PAGES: Final = 50  # more comments than that nobody reads
_NOT_OURS: Final = (403, 404)


class CodeHost:
    """Writes comments.

    Args:
        request: where they go.
        deadline: when all must be done.

    """

    def __init__(self, request: ReviewRequest, deadline: Deadline | None = None) -> None:
        self._request = request
        self._deadline = deadline or Deadline(_SECONDS)
        self._client = Exchanges(_STEP_SECONDS, self._deadline)

    def put(self, text: str, marker: str) -> str:
        """Write a comment, or bring the one that begins with a marker up to date; return ``created`` or ``updated``.

        Args:
            text: the comment, as Markdown; it begins with the marker.
            marker: how it is known.

        Raises:
            RemoteError: the host cannot be reached, refuses the token, or answers with something else.

        """
        self._deadline.begin()
        body = json.dumps({"body": text}).encode()
        for identifier in self._ours(marker):
            method = "PUT" if self._request.host == "gitlab" else "PATCH"
            status, _ = self._asked(self._request.comment(identifier), method, body)
            if status not in _NOT_OURS:  # a marker that somebody else wrote is not ours to change
                self._check(status)
                return "updated"
        status, _ = self._asked(self._request.comments, "POST", body)
        self._check(status)
        return "created"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ours(self, marker: str) -> Iterator[int]:
        """Yield the comments that begin with a marker, oldest first."""
        for page in range(1, _PAGES + 1):
            size = "limit" if self._request.host == "gitea" else "per_page"
            order = "&sort=asc&order_by=created_at" if self._request.host == "gitlab" else ""
            status, found = self._asked(f"{self._request.comments}?{size}={_PAGE}&page={page}{order}", "GET", None)
            self._check(status)
            rows = found if isinstance(found, list) else []
            for row in rows:
                if text_at(row, "body").lstrip().startswith(marker):
                    yield number_at(row, "id")
            if len(rows) < _PAGE:
                return

    def _asked(self, address: str, method: str, content: bytes | None) -> tuple[int, Json]:
        request = self._request
        headers = {"Accept": "application/json", "User-Agent": "nixernetes"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        if request.host == "gitlab":
            headers["PRIVATE-TOKEN"] = request.token
        elif request.host == "gitea":
            headers["Authorization"] = f"token {request.token}"
        else:
            headers |= {"Authorization": f"Bearer {request.token}", "X-GitHub-Api-Version": "2022-11-28"}
            headers["Accept"] = "application/vnd.github+json"
        try:
            answer = self._client.ask(address, _LIMIT, method=method, headers=headers, content=content)
        except httpx.HTTPError as error:
            raise RemoteError(f"cannot be reached: {str(error) or type(error).__name__}", subject=self._name) from error
        try:
            return answer.response.status_code, json.loads(answer.body) if answer.body else None
        except ValueError as error:
            if answer.response.is_success:
                raise RemoteError("its answer is not JSON: is --api the URL of its API?", subject=self._name) from error
            return answer.response.status_code, None

    @property
    def _name(self) -> str:
        return httpx.URL(self._request.api).host

    def _check(self, status: int) -> None:
        if 200 <= status < 300:
            return
        where = f"{self._request.repository}, request {self._request.number}"
        reason = {
            401: "the token is refused",
            403: "the token may not write comments there",
            404: "there is no such request, or the token may not see it",
            422: "it does not take the comment: it may be too long",
        }.get(status, "it does not take the comment")
        raise RemoteError(f"{reason} (status {status}): {where}", subject=self._name)
