"""Names that are paths below a domain: ``example.com/ingress`` (``IsDomainPrefixedPath``, apimachinery v0.34.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required

__all__ = ["domain_path_problems"]

_PATH: Final = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")
_PATH_RULE: Final = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"


def domain_path_problems(text: str, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a name that has to be given."""
    if not text:
        yield required(path)
        return
    host, slash, rest = text.partition("/")
    if not slash or not host or not rest:
        yield invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')
        return
    yield from (invalid(path, host, wrong) for wrong in names.subdomain_problems(host))
    if not _PATH.fullmatch(rest):
        yield invalid(path, rest, _PATH_RULE)
