"""Resources on their way through a build: documents, identities, schemas, order."""
