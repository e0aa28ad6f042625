"""What a running world looks like, as values: deliveries, their objects, what was told, and whether all is well.

Promise: everything is read from the clusters' own objects (conditions, inventories, ``status.resources``) and from what
the engines took note of, so a report says what ``kubectl get`` would. Ban: nothing here changes anything. It is what
the live view draws, ``up --once`` prints, and ``-o json`` writes.
"""

from nixernetes.engine.reports.as_json import from_json, to_json
from nixernetes.engine.reports.reading import Seen, report, report_of
from nixernetes.engine.reports.remedies import causes, remedy
from nixernetes.engine.reports.rows import Moved, Rows
from nixernetes.engine.reports.troubles import Trouble, troubles
from nixernetes.engine.reports.values import (
    DeliveryRow,
    ObjectStatus,
    Report,
    State,
    short_revision,
)

__all__ = [
    "DeliveryRow",
    "Moved",
    "ObjectStatus",
    "Report",
    "Rows",
    "Seen",
    "State",
    "Trouble",
    "causes",
    "from_json",
    "remedy",
    "report",
    "report_of",
    "short_revision",
    "to_json",
    "troubles",
]
