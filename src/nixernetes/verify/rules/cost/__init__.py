"""Rules about what a platform may cost. They say nothing where the settings name no budgets."""
