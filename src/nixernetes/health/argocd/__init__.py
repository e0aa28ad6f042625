"""The health of a live object, as Argo CD sees it (behaviour specification, section 6).

Promise: an object in, a :class:`Health` or None out; None means that the kind has no health and does not count. Ban: no
reads of anything but the object itself. Rules come from three places, first found wins: the user's own Lua, our
transcription of the bundled customisations (``bundled``), the rules for built-in kinds (``workloads``, ``others``).
"""

from nixernetes.health.argocd.assess import Assessor, assess
from nixernetes.health.argocd.status import Health, HealthStatus, worst

__all__ = ["Assessor", "Health", "HealthStatus", "assess", "worst"]
