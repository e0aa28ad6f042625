"""What merging would change on a cluster that runs, and what on it is not what Git says.

Promise: values in, values out; what the cluster answered is handed in. What could not be known is said, never left out.
"""
