"""Whether a cluster that runs has what a repository needs of it, before the repository starts it.

Promise: values in, values out; what the cluster answered is handed in. What could not be read is said to be unknown.
"""
