"""Small objects of Flux and Argo CD, as repositories write them."""

OWN = "https://git.example/platform"


def git(name: str = "flux-system", url: str = OWN) -> str:
    return (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\nspec: {{url: '{url}', interval: 1m}}\n"
    )


def kustomization(name: str, path: str, source: str = "flux-system", more: str = "") -> str:
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec: {{path: {path}, sourceRef: {{kind: GitRepository, name: {source}}}{more}}}\n"
    )


def application(
    name: str, path: str, url: str = OWN, destination: str = "name: in-cluster", namespace: str = "argocd"
) -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}{where}}}\n"
        f"spec: {{source: {{repoURL: '{url}', path: {path}}}, destination: {{{destination}}}}}\n"
    )


def application_set(name: str, generators: str = "[{clusters: {}}]", path: str = "'{{path}}'") -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: {name}, namespace: argocd}}\n"
        f"spec: {{generators: {generators}, template: {{spec: {{source: {{repoURL: '{OWN}', path: {path}}}}}}}}}\n"
    )


def data(kind: str, name: str, more: str = "") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: flux-system}}\n{more}"


def kustomize(*resources: str, more: str = "") -> str:
    return (
        f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{', '.join(resources)}]\n{more}"
    )
