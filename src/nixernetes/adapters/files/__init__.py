"""Single files of the user's, read and written."""
