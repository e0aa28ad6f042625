"""The graph of references: who names whom, as a table of data, and who else may make what is named."""
