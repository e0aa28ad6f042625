"""The reconcilers of Flux v2, a room for each of its controllers.

Promise: conditions, reasons, events and order of the real controllers. An object is read once, at the door
(:mod:`admission`), as a typed value; one that an API server would refuse is told so and stops nobody else.
Ban: no I/O; files, charts, clusters and receivers are ports, and manifests come from ``render``.
"""
