"""Kyverno: what users write as policies, and what policies say of objects. Pure: no disk, no network, no clock."""
