"""What a kind looks like: built-in kinds by Kubernetes version, custom kinds by their definitions.

Everything is a value: a schema, an object, the problems that an API server would find in it, in its own words. No I/O;
definitions are handed in. Whoever asks decides what a problem means: a refused write, a finding, a row on a page.
"""

from __future__ import annotations

from nixernetes.schemas.problems import Problem, ProblemKind
from nixernetes.schemas.schemas import Removed, Schemas

__all__ = ["Problem", "ProblemKind", "Removed", "Schemas"]
