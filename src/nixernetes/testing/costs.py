"""What a repository or platform costs, for tests to hold it to."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from nixernetes.app.costs.estimating import CostOptions, cost_of
from nixernetes.cost.estimates import Estimate

__all__ = ["estimated"]


def estimated(target: str | PathLike[str], *, cluster: str = "", rev: str = "", prices: str = "") -> Estimate:
    """Return what a repository or platform costs, as ``nixernetes cost`` prints it.

    Args:
        target: the repository, or a platform file or its folder.
        cluster: only this cluster; ``""`` means all clusters.
        rev: the Git revision of a repository; ``""`` reads the files on disk.
        prices: a price book, by its name or file; ``""``: that of the settings.

    Raises:
        InputError: there is no such repository, revision, cluster or price book.

    """
    options = CostOptions(target=Path(target), cluster=cluster, rev=rev, prices=prices)
    return cost_of(options).estimate
