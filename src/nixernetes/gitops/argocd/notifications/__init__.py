"""Argo CD's notifications: services, triggers, templates and subscriptions."""
