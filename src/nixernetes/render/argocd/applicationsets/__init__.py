"""ApplicationSets: generators give parameters, templates give Applications (section 14).

Generators list, clusters, git (directories and files), matrix and merge are implemented; the others need services
outside (SCM hosts, plugins, decision resources) and are refused by name. Pure: the clusters and the files of
repositories are handed in.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
