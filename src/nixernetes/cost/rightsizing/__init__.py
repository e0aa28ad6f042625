"""What others recommend that containers ask for: what it would cost, and the patches that do it. Nothing is applied."""
