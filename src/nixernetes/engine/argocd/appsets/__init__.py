"""ApplicationSets: generators give parameters, templates give Applications (section 14).

Generators list, clusters, git (directories and files), matrix and merge are implemented; the others need services
outside (SCM hosts, plugins, decision resources) and are refused by name in the ErrorOccurred condition.
"""
