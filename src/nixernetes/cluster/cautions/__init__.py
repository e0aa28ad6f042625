"""What a server accepts and warns of (``WarningsOnCreate`` and ``WarningsOnUpdate`` of the strategies of 1.34.4)."""
