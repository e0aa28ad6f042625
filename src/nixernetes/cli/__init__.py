"""The face on the terminal: parses arguments, prints, decides nothing."""
