"""All I/O: Git, disk, helm, HTTP, the real clock. Foreign exceptions stop here, chained."""
