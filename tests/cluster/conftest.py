"""A cluster with a clock of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.runtime import Runtime
from nixernetes.objects.clocks import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def cluster(clock: VirtualClock) -> EmbeddedCluster:
    return EmbeddedCluster(name="test", clock=clock)


@pytest.fixture
def profile() -> WorkloadProfile:
    return WorkloadProfile()


@pytest.fixture
def run(cluster: EmbeddedCluster, clock: VirtualClock, profile: WorkloadProfile) -> Callable[[float], None]:
    """Let seconds go by with the simulator at work."""
    runtime = Runtime(clock)
    runtime.add_process(WorkloadSimulator(cluster, clock, profile))
    return lambda seconds: runtime.advance(clock.now() + timedelta(seconds=seconds)) and None
