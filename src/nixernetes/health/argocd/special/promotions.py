"""GitOps Promoter: where a commit stands on its way from one environment to the next."""

from __future__ import annotations

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import at, entries, is_same, reach, spelled, truth
from nixernetes.objects.manifest import Json

__all__ = ["promotion_of_branch", "promotion_of_environments"]

_SHORT = 7  # characters of a commit's name in a message


def promotion_of_branch(obj: Json, _: Json) -> Said | None:
    """Judge a ChangeTransferPolicy that is ready: what is proposed is active, and passed its checks."""
    status = at(obj, "status")
    active, proposed = (at(status, side, "dry", "sha") for side in ("active", "proposed"))
    for side, commit in (("active", active), ("proposed", proposed)):
        if not _is_known(commit):
            return Said("Progressing", f"The {side} commit DRY SHA is missing or empty.")
    if not is_same(proposed, active):
        checks = _Checks(at(status, "proposed"))
        return Said(
            "Progressing", f"Promotion in progress from {_way(active, proposed)}: {checks.counts}{checks.names}"
        )
    checks = _Checks(at(status, "active"))
    if checks.pending or checks.failed:
        start = "Environment is up-to-date, but there are non-successful active commit statuses: "
        return Said("Healthy", f"{start}{checks.counts}{checks.names}")
    return Said("Healthy", f"Environment is up-to-date on commit {_short(active)}.")


def promotion_of_environments(obj: Json, _: Json) -> Said | None:
    """Judge a PromotionStrategy that is ready and has environments."""
    found = [each for _position, each in entries(at(obj, "status", "environments"))]
    return _unfinished(found) or _moving(found) or _settled(found)


def _unfinished(environments: list[Json]) -> Said | None:
    """Return what is missing before anything can be compared."""
    for each in environments:
        known = {"active": at(each, "active", "dry", "sha"), "proposed": _proposed(each)}
        for side, commit in known.items():
            if not _is_known(commit):
                where = spelled(at(each, "branch"))
                return Said("Progressing", f"The {side} commit DRY SHA is missing or empty in environment '{where}'.")
    if all(is_same(_proposed(each), _proposed(environments[0])) for each in environments):
        return None
    start = "Not all environments have the same proposed commit SHA."
    return Said("Progressing", f"{start} This likely means the hydrator has not run for all environments yet.")


def _moving(environments: list[Json]) -> Said | None:
    for each in environments:
        active, proposed = at(each, "active", "dry", "sha"), reach(each, "proposed", "dry", "sha")
        if not is_same(active, proposed):
            checks, where = _Checks(at(each, "proposed")), spelled(at(each, "branch"))
            start = f"Promotion in progress for environment '{where}' from {_way(active, proposed)}: "
            return Said("Progressing", f"{start}{checks.counts}{checks.names}{_hydrated(each)}. ")
    return None


def _settled(environments: list[Json]) -> Said:
    checked = {at(each, "branch"): _Checks(at(each, "active")) for each in environments}
    troubled = {branch: checks for branch, checks in checked.items() if checks.pending or checks.failed}
    if troubled:
        texts = [
            f"{spelled(branch)} ({len(checks.failed)} failed, {len(checks.pending)} pending)"
            for branch, checks in troubled.items()
        ]
        start = "Environments are up-to-date, but some environments have non-successful commit statuses: "
        return Said("Healthy", f"{start}{', '.join(texts)}.")
    commit = _short(at(environments[0], "active", "dry", "sha"))
    return Said("Healthy", f"All environments are up-to-date on commit '{commit}'. {_hydrated(environments[0])}.")


class _Checks:
    """The commit statuses of one side, sorted by how they went."""

    def __init__(self, side: Json) -> None:
        found = [each for _position, each in entries(at(side, "commitStatuses"))]
        self.pending, self.passed, self.failed = (
            [at(each, "key") for each in found if at(each, "phase") == phase]
            for phase in ("pending", "success", "failure")
        )

    @property
    def counts(self) -> str:
        """Return how many there are of each."""
        return f"{len(self.pending)} pending, {len(self.passed)} successful, {len(self.failed)} failed. "

    @property
    def names(self) -> str:
        """Return which have not passed."""
        kinds = {"Pending": self.pending, "Failed": self.failed}
        return "".join(
            f"{kind} commit statuses: {', '.join(spelled(key) for key in keys if key is not None)}. "
            for kind, keys in kinds.items()
            if keys
        )


def _is_known(commit: Json) -> bool:
    return truth(commit) and commit != ""


def _proposed(environment: Json) -> Json:
    """Return the commit that is proposed: the hydrator's note counts more than the branch."""
    noted = at(environment, "proposed", "note", "drySha")
    return noted if _is_known(noted) else at(environment, "proposed", "dry", "sha")


def _short(commit: Json) -> str:
    if not _is_known(commit):
        return ""
    return spelled(commit)[:_SHORT]


def _way(active: Json, proposed: Json) -> str:
    return f"'{_short(active)}' to '{_short(proposed)}'"


def _hydrated(environment: Json) -> str:
    return f"Hydrator has processed dry commit '{_short(_proposed(environment))}'"
