"""What a cluster keeps beyond its process: a log of changes by revision, and a world that is never ahead of it.

Promise: what is acknowledged is kept, what is not kept was never there. No I/O: a store is handed in.
"""
