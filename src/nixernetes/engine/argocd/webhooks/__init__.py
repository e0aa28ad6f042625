"""What argocd-server does with the requests of Git hosts at ``/api/webhook``: verify, read, refresh (section 13)."""
