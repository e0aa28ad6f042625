"""Kustomize 5, in process: a tree and a folder give the documents that kustomize build prints."""
