"""A repository of both engines, whose deliveries wait for each other and are reached in several ways."""

from __future__ import annotations

from pathlib import Path

from tests.repositories import repository_of

__all__ = ["SYNC", "shops"]

SYNC = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/prod/flux-system, prune: true, sourceRef: {kind: GitRepository, name: fleet}}
"""
KUSTOMIZATION = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system, labels: {team: web}}
spec: {interval: 10m, path: ./%s, prune: true, sourceRef: {kind: GitRepository, name: fleet}, dependsOn: [%s]}
"""
INFRA = """
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: edge}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {gatewayClassName: any, listeners: [{name: https, hostname: "*.example.com", port: 443, protocol: HTTPS}]}
"""
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1", ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: orphan, namespace: web}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: grpc, namespace: web}
spec: {selector: {app: web}, ports: [{port: 90, targetPort: grpc}]}
---
apiVersion: v1
kind: Service
metadata: {name: elsewhere, namespace: web}
spec: {type: ExternalName, externalName: db.example.com}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: web}
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
      - {path: /old, pathType: Prefix, backend: {service: {name: missing, port: {number: 80}}}}
      - {path: /bad, pathType: Prefix, backend: {service: {name: web, port: {number: 81}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: web}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: edge}
spec:
  parentRefs: [{name: public}, {name: private}]
  hostnames: [www.example.com]
  rules: [{matches: [{path: {value: /api}}], backendRefs: [{name: web, namespace: web, port: 80, weight: 3}]}]
"""
ARGOCD = """
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shop, namespace: argocd}
spec:
  description: The shop
  sourceRepos: ["https://github.com/myorg/*", "!https://github.com/myorg/secret"]
  destinations: [{server: "https://kubernetes.default.svc", namespace: "shop*"}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]
  namespaceResourceBlacklist: [{group: "", kind: ResourceQuota}]
  orphanedResources: {warn: true}
  roles:
  - {name: ci, description: CI, policies: ["p, proj:shop:ci, applications, sync, shop/*, allow"], groups: ["myorg:ci"]}
  syncWindows:
  - {kind: allow, schedule: "* * * * *", duration: 1h, applications: ["*"]}
  - {kind: deny, schedule: "0 3 1 1 *", duration: 1m, applications: [nothing], timeZone: Europe/Berlin}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: shop
  source: {repoURL: "https://github.com/myorg/fleet", path: shop, targetRevision: HEAD}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
  syncPolicy: {automated: {selfHeal: true}, syncOptions: [CreateNamespace=true]}
"""
SHOP = """
apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1"}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
data: {a: b}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, annotations: {argocd.argoproj.io/sync-wave: "1"}}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: smoke
  annotations: {argocd.argoproj.io/hook: "PostSync,PostDelete", argocd.argoproj.io/hook-delete-policy: HookFailed}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: smoke, image: "smoke:1"}]}}}
"""

POLICIES = """
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: require-team
  annotations: {policies.kyverno.io/title: Require a team, policies.kyverno.io/severity: medium}
spec:
  validationFailureAction: Audit
  rules:
  - name: team
    match: {any: [{resources: {kinds: [Deployment]}}]}
    validate: {message: "a team is needed", pattern: {metadata: {labels: {team: "?*"}}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-odd-names}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations: [{expression: "object.metadata.name != 'odd'", message: "odd is no name"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-odd-names}
spec: {policyName: no-odd-names, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: unbound}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations: [{expression: "true"}]
"""
REPOSITORY = """
apiVersion: v1
kind: Secret
metadata: {name: fleet-repo, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repository}}
stringData:
  url: https://github.com/myorg/fleet
  type: git
  username: robot
  password: hunter2-hunter2
"""


def shops(folder: Path) -> Path:
    """Return the repository, committed."""
    files = {
        "clusters/prod/flux-system/sync.yaml": SYNC,
        "clusters/prod/flux-system/infra.yaml": KUSTOMIZATION % ("infra", "infra", ""),
        "clusters/prod/flux-system/web.yaml": KUSTOMIZATION % ("web", "web", "{name: infra}"),
        "clusters/prod/flux-system/late.yaml": KUSTOMIZATION % ("late", "late", "{name: web}, {name: gone}"),
        "clusters/prod/argocd/shop.yaml": ARGOCD,
        "infra/infra.yaml": INFRA,
        "web/web.yaml": WEB,
        "clusters/prod/flux-system/odd.yaml": KUSTOMIZATION % ("odd", "odd", "{name: infra}, {name: policies}"),
        "clusters/prod/flux-system/policies.yaml": KUSTOMIZATION % ("policies", "policies", ""),
        "clusters/prod/argocd/repository.yaml": REPOSITORY,
        "policies/policies.yaml": POLICIES,
        "odd/odd.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, namespace: web}\n",
        "late/late.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: late, namespace: web}\n",
        "shop/shop.yaml": SHOP,
    }
    return repository_of(files, folder, "shops")
