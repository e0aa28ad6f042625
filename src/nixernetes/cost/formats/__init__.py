"""Costs as text: for terminals, comments, spreadsheets, browsers, and as FOCUS has them. Equal reports, equal bytes."""
