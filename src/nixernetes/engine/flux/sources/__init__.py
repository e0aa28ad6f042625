"""source-controller and source-watcher: repositories, buckets, charts, and artifacts put together from them.

Promise: the artifacts, conditions and events of the real ones. Ban: no I/O; files and charts come from the builder.
"""
