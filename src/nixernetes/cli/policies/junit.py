"""JUnit's XML of what policies say: a test case for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from nixernetes.errors import printable

__all__ = ["Case", "junit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A test case.

    Attributes:
        group: what it belongs to: policy and rule.
        name: what was judged.
        file: where that is written; ``""`` where it is not known.
        failure: why it failed; ``""`` where it did not.
        is_skipped: whether it was passed over.

    """

    group: str
    name: str
    file: str = ""
    failure: str = ""
    is_skipped: bool = False


def junit(name: str, cases: Sequence[Case]) -> str:
    """Return the document."""
    failures = sum(bool(each.failure) for each in cases)
    skipped = sum(each.is_skipped for each in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "skipped": str(skipped)}
    suite = ET.Element("testsuite", {"name": name, **counts})
    for each in cases:
        case = ET.SubElement(suite, "testcase", classname=printable(each.group), name=printable(each.name))
        if each.file:
            case.set("file", printable(each.file))
        if each.failure:
            text = printable(each.failure)
            failure = ET.SubElement(case, "failure", message=" ".join(text.split()))
            failure.text = text
        elif each.is_skipped:
            ET.SubElement(case, "skipped")
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
