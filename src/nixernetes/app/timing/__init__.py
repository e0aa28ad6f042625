"""How time goes on in a running world: as on the machine's clock, or as somebody steers it. Waits for nothing."""
