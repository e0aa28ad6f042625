"""The guide's section on troubleshooting, command for command, as it stands there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from tests.app.served.running import Program, client, running
from tests.shared import SHARED, needs_shared

_NEEDED = ("kubectl", "argocd")
_missing = [name for name in _NEEDED if not client(name)]
pytestmark = [
    needs_shared,
    pytest.mark.skipif(bool(_missing), reason=f"not here: {', '.join(_missing)}; see scripts/build_clients.py"),
]
# What an answer has to hold for somebody who looks for a reason.
_TELLS = {
    "kubectl describe gitrepository": "stored artifact for revision",
    "kubectl describe kustomization": "Applied revision: main@sha1:",
    "kubectl logs": "stored artifact for commit",
    "kubectl describe application": "Sync operation to",
    "argocd app sync": "Phase:              Succeeded",
    "argocd cluster list": "https://kubernetes.default.svc",
    "kubectl get events": "NewArtifact",
}


def _commands() -> list[list[str]]:
    guide = (SHARED / "guide" / "GITOPS.md").read_text()
    section = guide.partition("## Troubleshooting")[2].partition("\n## ")[0]
    return [shlex.split(found) for found in re.findall(r"`((?:kubectl|argocd) [^`]+)`", section)]


@pytest.fixture(name="flux", scope="module")
def kubectl_at_flux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("flux")
    with running(home, engine="flux") as kubeconfig:
        yield Program(client("kubectl"), kubeconfig, home)


@pytest.fixture(name="argocd", scope="module")
def programs_at_argocd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Program]]:
    home = tmp_path_factory.mktemp("argocd")
    with running(home, engine="argocd") as kubeconfig:
        programs = {name: Program(client(name), kubeconfig, home) for name in _NEEDED}
        programs["kubectl"].run("config", "use-context", "management")
        programs["kubectl"].run("config", "set-context", "--current", "--namespace=argocd")
        programs["argocd"].run("login", "--core")
        yield programs


@pytest.mark.parametrize("begin", _TELLS)
def test_a_command_of_the_guide_tells_what_it_is_for(flux: Program, argocd: dict[str, Program], begin: str) -> None:
    found = [command for command in _commands() if command[: len(begin.split())] == begin.split()]
    assert found, f"the guide no longer says {begin}"
    for program, *arguments in found:
        named = ["shop-us-east-1" if argument == "app-name" else argument for argument in arguments]
        is_flux = "flux-system" in arguments
        assert _TELLS[begin] in (flux if is_flux else argocd[program]).run(*named)


def test_no_command_of_the_guide_is_left_out() -> None:
    starts = [begin.split() for begin in _TELLS]
    assert _commands()
    assert not [each for each in _commands() if not any(each[: len(start)] == start for start in starts)]
