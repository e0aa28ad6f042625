"""What controllers ask the outside on behalf of a notification: requests, their answers, and how both are shown.

Promise: values and generators, no I/O; whoever sends is handed in (:class:`~nixernetes.engine.ports.Notifier`).
"""
