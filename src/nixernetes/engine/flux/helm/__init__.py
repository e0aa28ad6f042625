"""helm-controller: installs, upgrades, tests, mends and uninstalls releases.

Promise: Helm's actions, and its storage in Secrets that ``helm list`` can read. Ban: charts are rendered elsewhere.
"""
