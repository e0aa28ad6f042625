"""How a cluster differs from what an Application wants: comparison, differences that count, owners."""
