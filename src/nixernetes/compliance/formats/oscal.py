"""OSCAL assessment-results (JSON): 1.1.3, or 1.2.1 on request; the parts used have one shape in both.

Identifiers are derived from what they are about (UUID version 5), so that equal input gives equal bytes.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, date, datetime, time
from typing import Final

from nixernetes.compliance.formats.document import PROVISIONAL, ReportDocument, objects_line
from nixernetes.compliance.results import ControlResult, ControlStatus, Evidence, WaivedEvidence
from nixernetes.objects.manifest import Json

__all__ = ["VERSIONS", "to_oscal"]

VERSIONS: Final = ("1.1.3", "1.2.1")
_NAMESPACE: Final = uuid.UUID("c1c0d5b2-0d0b-5f57-8a3e-1c5a2f7f0a61")
_NS: Final = "https://oscal-compass.github.io/compliance-trestle/schemas/oscal"
_OWN_NS: Final = "https://nixernetes.dev/ns/oscal"
_UNSPEAKABLE: Final = re.compile(r"[^a-z0-9.-]+")
_PREFIXES: Final = {
    "cis-kubernetes-5": "cis-",
    "soc2-tsc-2017": "",
    "pci-dss-4.0": "pci-",
    "hipaa-164.312": "hipaa-",
    "nsa-cisa-kubernetes-hardening-1.2": "nsa-",
    "pod-security-standards": "pss-",
    "iso-27001-2022": "iso-",
    "nist-800-53-r5": "",
}
_UNKNOWN_DAY: Final = date(1970, 1, 1)


def to_oscal(document: ReportDocument, version: str = VERSIONS[0]) -> str:
    """Return a report as OSCAL assessment-results.

    Args:
        document: the report.
        version: the version of OSCAL.

    """
    report = document.report
    plan = _id("plan", report.framework.id)
    data = {
        "assessment-results": {
            "uuid": _id("results", report.framework.id, report.revision, _when(document)),
            "metadata": {
                "title": f"{report.framework.name}: assessment of rendered manifests",
                "last-modified": _when(document),
                "version": report.revision or document.version,
                "oscal-version": version,
            },
            "import-ap": {"href": f"#{plan}"},
            "results": [_result(document)],
            "back-matter": {"resources": [_plan(document, plan)]},
        }
    }
    return json.dumps(data, indent=2) + "\n"


def _plan(document: ReportDocument, name: str) -> dict[str, Json]:
    said = f"The checks of nixernetes {document.version} for {document.report.framework.name}, over rendered manifests."
    return {"uuid": name, "title": "Assessment plan", "description": said}


def _result(document: ReportDocument) -> dict[str, Json]:
    report = document.report
    provisional = f" {PROVISIONAL[0].upper()}{PROVISIONAL[1:]}." if report.framework.provisional else ""
    evidence: dict[str, tuple[Evidence, str]] = {}
    for control in report.controls:
        for each in (*control.evidence, *(one.evidence for one in control.waived)):
            evidence.setdefault(each.identity, (each, control.control.id))
    result: dict[str, Json] = {
        "uuid": _id("result", report.framework.id, report.revision, _when(document)),
        "title": f"{report.framework.name} {report.framework.version}".strip(),
        "description": f"{report.summary}.{provisional}",
        "start": _when(document),
        "end": _when(document),
    }
    props = [_prop("not-assessable", each) for each in _unassessed(document)]
    props += [_prop("cluster", name) for name in report.clusters if name.strip()]
    if props:
        result["props"] = props
    result["reviewed-controls"] = {"control-selections": [_selection(document)]}
    observations = [_observation(document, each) for each, _ in evidence.values()]
    risks = [_risk(document, each) for control in report.controls for each in control.waived]
    findings = [_finding(document, each) for each in report.controls if each.status is not ControlStatus.NOT_ASSESSABLE]
    parts = {"observations": observations, "risks": _once(risks), "findings": findings}
    return {**result, **{name: rows for name, rows in parts.items() if rows}}


def _once(rows: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return list({row["uuid"]: row for row in rows}.values())


def _selection(document: ReportDocument) -> dict[str, Json]:
    names = [{"control-id": _control_id(document, each.control.id)} for each in document.report.controls]
    return {"include-controls": names} if names else {"include-all": {}}


def _unassessed(document: ReportDocument) -> list[str]:
    return [
        f"{_control_id(document, each.control.id)}: {_line(each.reason)}"
        for each in document.report.controls
        if each.status is ControlStatus.NOT_ASSESSABLE
    ]


def _observation(document: ReportDocument, each: Evidence) -> dict[str, Json]:
    kind = "inventory-item" if each.subject.key.kind == "Cluster" and not each.subject.manifest else "resource"
    title = f"{each.object} on {each.cluster}"
    return {
        "uuid": _id("observation", each.identity),
        "title": _line(f"{each.check}: {each.object}"),
        "description": f"{title}: {each.message}",
        "props": [_prop("Rule_Id", each.check, _NS), _prop("Check_Id", each.check, _NS)],
        "methods": ["EXAMINE"],
        "subjects": [{"subject-uuid": _id("subject", each.cluster, each.object), "type": kind, "title": _line(title)}],
        "relevant-evidence": [
            {
                **({"href": f"{each.file}#L{each.line}" if each.line else each.file} if each.file else {}),
                "description": each.message,
                "props": [_prop("pointer", each.pointer or "/")],
            }
        ],
        "collected": _when(document),
    }


def _finding(document: ReportDocument, result: ControlResult) -> dict[str, Json]:
    name = _control_id(document, result.control.id)
    satisfied = result.status in (ControlStatus.SATISFIED, ControlStatus.NOT_APPLICABLE)
    reason = {ControlStatus.SATISFIED: "pass", ControlStatus.NOT_SATISFIED: "fail"}.get(result.status, "other")
    status: dict[str, Json] = {"state": "satisfied" if satisfied else "not-satisfied", "reason": reason}
    if reason == "other":
        status["remarks"] = f"{result.status.words}: {objects_line(result)}"
    about = (*result.evidence, *(each.evidence for each in result.waived))
    finding: dict[str, Json] = {
        "uuid": _id("finding", document.report.framework.id, result.control.id),
        "title": _line(result.control.title) or name,
        "description": f"{result.status.words}: {objects_line(result)}",
        "target": {"type": "objective-id", "target-id": name, "status": status},
    }
    if about:
        names = dict.fromkeys(_id("observation", each.identity) for each in about)
        finding["related-observations"] = [{"observation-uuid": each} for each in names]
    if result.waived:
        risks = dict.fromkeys(_risk_id(each) for each in result.waived)
        finding["related-risks"] = [{"risk-uuid": each} for each in risks]
    return finding


def _risk_id(each: WaivedEvidence) -> str:
    return _id("risk", each.evidence.identity, each.waiver.control, each.waiver.owner)


def _risk(document: ReportDocument, each: WaivedEvidence) -> dict[str, Json]:
    waiver = each.waiver
    until = f"until {waiver.until}" if waiver.until else "without an end"
    risk: dict[str, Json] = {
        "uuid": _risk_id(each),
        "title": _line(f"Waiver of {waiver.control} for {each.evidence.object}"),
        "description": each.evidence.message,
        "statement": f"{waiver.owner} answers for it {until}: {waiver.reason}",
        "status": "deviation-approved",
    }
    if waiver.until is not None:
        risk["deadline"] = datetime.combine(waiver.until, time(), UTC).isoformat()
    risk["related-observations"] = [{"observation-uuid": _id("observation", each.evidence.identity)}]
    del document
    return risk


def _control_id(document: ReportDocument, control: str) -> str:
    """Return the identifier of a control as a token: it begins with a letter."""
    word = _UNSPEAKABLE.sub("-", control.lower()).strip("-")
    prefix = _PREFIXES.get(document.report.framework.id)
    if prefix is None:
        prefix = "" if word[:1].isalpha() else "control-"
    return f"{prefix}{word}"


def _prop(name: str, value: str, namespace: str = _OWN_NS) -> dict[str, Json]:
    return {"name": name, "ns": namespace, "value": _line(value) or "-"}


def _line(text: str) -> str:
    return " ".join(text.split())


def _when(document: ReportDocument) -> str:
    return datetime.combine(document.report.assessed_at or _UNKNOWN_DAY, time(), UTC).isoformat()


def _id(*parts: str) -> str:
    name = "\n".join(parts).encode(errors="backslashreplace").decode()  # half a character may stand in a name
    return str(uuid.uuid5(_NAMESPACE, name))
