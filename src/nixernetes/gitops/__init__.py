"""What users import: the vocabulary of Flux and Argo CD, and the logic of that domain."""
