from .assessment import assess
from .controls import Control, Framework, framework, frameworks, read_mapping
from .deltas import ReportDelta, compare
from .labelling import ComplianceLabels, labels
from .levels import Classification, ComplianceLevel
from .objects import AssessedCluster, AssessedObject
from .options import AssessmentOptions
from .profiles import Profile
from .results import ComplianceReport, ControlResult, ControlStatus, Evidence
from .waivers import Waiver

__all__ = [
    "AssessedCluster",
    "AssessedObject",
    "AssessmentOptions",
    "Classification",
    "ComplianceLabels",
    "ComplianceLevel",
    "ComplianceReport",
    "Control",
    "ControlResult",
    "ControlStatus",
    "Evidence",
    "Framework",
    "Profile",
    "ReportDelta",
    "Waiver",
    "assess",
    "compare",
    "framework",
    "frameworks",
    "labels",
    "read_mapping",
]
