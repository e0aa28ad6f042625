"""What runs over one repository share: rendered results, and what the schemas have against objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nixernetes.adapters.result_store import ResultStore
from nixernetes.app.rendering.render_folder import cache_folder, program
from nixernetes.render.estate.parsed_files import ParsedFiles
from nixernetes.render.kept import Kept
from nixernetes.verify.known_problems import KnownProblems

__all__ = ["SharedResults", "rendered_results", "shared_results"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedResults:
    """Results of earlier runs, which the next run finds in memory or in the caches on disk.

    Attributes:
        kept: rendered results.
        parsed: documents of files.
        known: what the schemas have against objects.

    """

    kept: Kept
    parsed: ParsedFiles
    known: KnownProblems


def shared_results(repo: Path) -> SharedResults:
    """Return the results that are kept for a repository."""
    store = ResultStore(cache_folder() / "problems", is_sealed=True)
    known = KnownProblems(store, f"{program()}\0{repo.resolve()}")
    return SharedResults(kept=rendered_results(), parsed=ParsedFiles(), known=known)


def rendered_results() -> Kept:
    """Return the rendered results that are kept, of all repositories."""
    return Kept(ResultStore(cache_folder() / "rendered", is_sealed=True), program())
