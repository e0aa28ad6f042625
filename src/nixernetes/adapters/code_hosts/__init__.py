"""Comments on pull and merge requests: GitHub, GitLab, Gitea and Forgejo."""
