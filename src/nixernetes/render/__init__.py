"""A file tree and an object give manifests: Kustomize, directories, Helm, substitution.

Promise: one pipeline, the real tools' answers, every manifest with its origin. Ban: no I/O of its own; trees and charts
are handed in as values and ports, and nothing here reads the clock or the disk.
"""
