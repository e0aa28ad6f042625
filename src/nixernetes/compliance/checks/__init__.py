"""The checks: functions from an object and the index of its cluster to what is wrong with it. Pure."""
