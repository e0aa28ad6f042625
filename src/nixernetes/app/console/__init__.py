"""What one may ask of a running world, beside its report: objects, where they come from, what happened, what to change.

Promise: questions only read clusters, and give data that the command line prints or passes on; values of Secrets are
masked in all of it. Changes are those that ``kubectl``, ``flux`` and ``argocd`` make, by the same fields.
"""
