"""Prints what it takes to hold Deployments to 20 policies: Kyverno's command line beside ours, in one run.

    .venv/bin/python benchmarks/policies.py [COUNT] [--kyverno PATH]

COUNT Deployments (1,000) are held to 20 ClusterPolicies, and to 20 ValidatingPolicies that say the same in CEL. The
peer is ``kyverno apply``, where it is on PATH or named. Both have to count the same results. Times are CPU seconds of
whole processes, the best of two runs; memory is the most that a process held.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NIXERNETES = [sys.executable, "-m", "nixernetes"]
_COUNTS = re.compile(r"pass: (\d+), fail: (\d+)")
# A pattern of a pod, and the same as an expression about a pod.
PAIRS = (
    ({"spec": {"containers": [{"image": "!*:latest"}]}}, "c.image.endsWith(':latest') == false"),
    ({"spec": {"containers": [{"image": "ghcr.io/*"}]}}, "c.image.startsWith('ghcr.io/')"),
    ({"spec": {"containers": [{"resources": {"limits": {"memory": "?*"}}}]}}, "has(c.resources.limits.memory)"),
    ({"spec": {"containers": [{"resources": {"requests": {"cpu": "?*"}}}]}}, "has(c.resources.requests.cpu)"),
    (
        {"spec": {"containers": [{"securityContext": {"allowPrivilegeEscalation": False}}]}},
        "has(c.securityContext) && c.securityContext.allowPrivilegeEscalation == false",
    ),
    (
        {"spec": {"containers": [{"=(securityContext)": {"=(privileged)": "false"}}]}},
        "!has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged",
    ),
    ({"spec": {"containers": [{"name": "?*"}]}}, "c.name != ''"),
    ({"spec": {"containers": [{"=(ports)": [{"=(hostPort)": 0}]}]}}, "!has(c.ports)"),
    ({"spec": {"containers": [{"livenessProbe": {"periodSeconds": ">0"}}]}}, "has(c.livenessProbe)"),
    ({"spec": {"containers": [{"securityContext": {"runAsNonRoot": True}}]}}, "has(c.securityContext.runAsNonRoot)"),
)


def deployment(number: int) -> dict[str, object]:
    labels = {"app": f"web-{number}"}
    container = {
        "name": "web",
        "image": f"ghcr.io/acme/web-{number}:1.{number}",
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False},
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"web-{number}", "namespace": f"shop-{number % 20}", "labels": labels},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
    }


def ruled(number: int) -> dict[str, object]:
    validate = {"message": f"policy {number}", "pattern": PAIRS[number % len(PAIRS)][0]}
    rule = {"name": "r", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]}, "validate": validate}
    meta = {"name": f"p-{number}"}
    return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": meta, "spec": {"rules": [rule]}}


def newer(number: int) -> dict[str, object]:
    constraint = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"]}
    expression = f"object.spec.containers.all(c, {PAIRS[number % len(PAIRS)][1]})"
    spec = {
        "matchConstraints": {"resourceRules": [constraint]},
        "validations": [{"expression": expression, "message": f"policy {number}"}],
    }
    kind = {"apiVersion": "policies.kyverno.io/v1alpha1", "kind": "ValidatingPolicy"}
    return {**kind, "metadata": {"name": f"p-{number}"}, "spec": spec}


def measured(command: list[str], rounds: int = 2) -> tuple[float, int, str]:
    """Return the fewest CPU seconds of a command, the most memory in MiB, and what it counted."""
    best, printed = float("inf"), ""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    most = 0
    for _ in range(rounds):
        script = "import resource,subprocess,sys;p=subprocess.run(sys.argv[1:],capture_output=True,text=True);"
        script += "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        script += "print(u.ru_utime+u.ru_stime,u.ru_maxrss);print(p.stdout[-200:])"
        done = subprocess.run(
            [sys.executable, "-c", script, *command], capture_output=True, text=True, check=True, env=environment
        )
        head, _, printed = done.stdout.partition("\n")
        seconds, memory = head.split()
        best, most = min(best, float(seconds)), max(most, int(memory) // 1024)
    found = _COUNTS.search(printed)
    return best, most, f"{found[1]} passed, {found[2]} failed" if found else "no count"


def main() -> None:
    words = [word for word in sys.argv[1:] if word.isdigit()]
    count = int(words[0]) if words else 1000
    named = sys.argv[sys.argv.index("--kyverno") + 1] if "--kyverno" in sys.argv else "kyverno"
    kyverno = shutil.which(named)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        objects = folder / "objects.yaml"
        objects.write_text("\n---\n".join(json.dumps(deployment(number)) for number in range(count)))
        for title, make in (("ClusterPolicies", ruled), ("ValidatingPolicies", newer)):
            policies = folder / "policies.yaml"
            policies.write_text("\n---\n".join(json.dumps(make(number)) for number in range(20)))
            ours = measured([*NIXERNETES, "policy", "apply", "--policies", str(policies), "--resources", str(objects)])
            print(f"20 {title}, {count:,} Deployments")
            if kyverno is not None:
                peer = measured([kyverno, "apply", str(policies), "-r", str(objects)], rounds=1)
                print(f"  kyverno apply              {peer[0]:7.2f} s CPU  {peer[1]:5d} MiB  {peer[2]}")
            else:
                peer = ours
                print("  kyverno apply              not here")
            times = f"{peer[0] / ours[0]:.1f} x less CPU" if kyverno is not None else ""
            print(f"  nixernetes policy apply    {ours[0]:7.2f} s CPU  {ours[1]:5d} MiB  {ours[2]}  {times}")


if __name__ == "__main__":
    main()
