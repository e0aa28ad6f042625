"""Argo CD notifications: triggers, templates, subscriptions; webhook and slack services (section 15)."""
