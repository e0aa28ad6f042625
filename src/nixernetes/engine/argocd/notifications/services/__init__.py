"""What each notification service of Argo CD is sent, as argoproj/notifications-engine (0.5.1, May 2026) sends it."""
