"""``-o junit``: a test case for each rule that found something, and one for the rest."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from nixernetes.errors import printable
from nixernetes.verify.findings import Severity
from nixernetes.verify.formats.lines import one_line
from nixernetes.verify.report import CheckReport

__all__ = ["to_junit"]


def to_junit(report: CheckReport) -> str:
    """Return a report as JUnit's XML: errors and warnings are failures."""
    failed = [each for each in report.findings if each.severity is not Severity.INFO]
    suite = ET.Element(
        "testsuite", name="nixernetes check", tests=str(len(report.findings) or 1), failures=str(len(failed))
    )
    for each in report.findings:
        case = ET.SubElement(suite, "testcase", classname=each.rule, name=printable(each.object or str(each.place)))
        if each.place.file:
            case.set("file", printable(each.place.file))
            case.set("line", str(each.place.line or 1))
        if each.severity is not Severity.INFO:
            failure = ET.SubElement(
                case, "failure", type=each.severity.value, message=one_line(printable(each.message))
            )
            failure.text = f"{printable(str(each.place))}: {printable(each.message)}"
    if not report.findings:
        ET.SubElement(suite, "testcase", classname="nixernetes", name="check")
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
