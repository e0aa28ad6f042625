"""Which views can be asked for, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.app.web.surveys.clusters import ClustersPage, clusters_page
from nixernetes.app.web.surveys.policies import PoliciesPage, policies_page
from nixernetes.app.web.surveys.projects import ProjectsPage, projects_page
from nixernetes.app.web.surveys.sources import SourcesPage, sources_page
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.views.graph_values import NetworkPage, OrderPage
from nixernetes.app.web.views.network import network_page
from nixernetes.app.web.views.order import order_page
from nixernetes.app.web.views.reading import Reading

__all__ = ["OF_ALL", "OF_DELIVERIES", "DeliveryView", "ViewPage", "WholeView"]

ViewPage: TypeAlias = OrderPage | NetworkPage | ProjectsPage | ClustersPage | SourcesPage | PoliciesPage


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A view of one delivery.

    Attributes:
        page: the type of its value.
        make: makes it.
        text: what it shows.

    """

    page: type
    make: Callable[[Reading, ObjectName], ViewPage]
    text: str


@dataclass(frozen=True, slots=True)
class WholeView:
    """A page about the whole.

    Attributes:
        page: the type of its value.
        make: makes it.
        text: what it shows.

    """

    page: type
    make: Callable[[Reading], ViewPage]
    text: str


OF_ALL: Final[Mapping[str, WholeView]] = {
    "projects": WholeView(ProjectsPage, projects_page, "AppProjects: what they allow, their windows, who uses them."),
    "clusters": WholeView(
        ClustersPage, clusters_page, "Clusters: version, nodes, controllers of the engines, namespaces, kinds."
    ),
    "sources": WholeView(SourcesPage, sources_page, "Sources and repositories: revisions, failures, who uses them."),
    "policies": WholeView(
        PoliciesPage, policies_page, "Policies: what they do, what does not keep them, what they refused."
    ),
}
OF_DELIVERIES: Final[Mapping[str, DeliveryView]] = {
    "order": DeliveryView(
        OrderPage, order_page, "In which order a delivery is applied, and which deliveries wait for which."
    ),
    "network": DeliveryView(
        NetworkPage, network_page, "How what a delivery brings is reached: gateways, routes, Services, pods."
    ),
}
