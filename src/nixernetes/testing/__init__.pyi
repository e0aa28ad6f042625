# What is imported here is a public name of the package, loaded when it is first used.

from .clusters import TestCluster as TestCluster, cluster as cluster
from .costs import estimated as estimated
from .fakes import (
    MemoryCharts as MemoryCharts,
    MemoryRegistries as MemoryRegistries,
    MemorySource as MemorySource,
    RecordingNotifier as RecordingNotifier,
)
from .rendering import rendered as rendered
from .simulation import Simulation as Simulation
