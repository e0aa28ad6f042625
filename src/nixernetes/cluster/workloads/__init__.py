"""The workload simulator: what controllers and kubelets would make of the objects in a cluster, and when.

Promise: the status a real cluster would show, at moments of the injected clock. Ban: nothing runs, no image is pulled.
"""

from nixernetes.cluster.workloads.profile import WorkloadProfile
from nixernetes.cluster.workloads.simulator import WorkloadSimulator

__all__ = ["WorkloadProfile", "WorkloadSimulator"]
