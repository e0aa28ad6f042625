"""What a cluster says that it serves: resources, groups and versions."""
