"""Rules that need more than lines: those that reckon, sort, or put long sentences together.

Promise: the object and the entry that is looked at in, what is said out; None leaves it to the next line of the rule.
Ban: nothing is read but the object.
"""

from typing import Final

from nixernetes.health.argocd.rule_language import Special
from nixernetes.health.argocd.special import clusters, kruise, promotions, releases, routes, serving, tools

__all__ = ["SPECIAL"]

SPECIAL: Final[dict[str, Special]] = {
    rule.__name__: rule
    for rule in (
        clusters.configuration_policy,
        clusters.openshift_route,
        clusters.operator_subscription,
        kruise.game_server_set,
        kruise.kruise_clone_set,
        kruise.kruise_daemon_set,
        kruise.kruise_stateful_set,
        promotions.promotion_of_branch,
        promotions.promotion_of_environments,
        releases.argo_rollout,
        releases.flagger_canary,
        releases.flux_source,
        routes.gateway,
        routes.grpc_route,
        routes.http_route,
        serving.spark_running,
        serving.spin_app,
        tools.elasticsearch_nodes,
        tools.fetched_secret,
        tools.grafana_content,
        tools.keycloak,
        tools.telemetry_collector,
    )
}
