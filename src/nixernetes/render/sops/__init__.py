"""What SOPS encrypted: read, opened where a key is there, and replaced by placeholders where none is.

Pure: who holds keys and how AES is done is behind the port :class:`~nixernetes.render.sops.keys.Decryptor`. Cipher text
is never part of what is applied, and plain text never of a message. The rules are those of SOPS (``sops.go``,
``aes/cipher.go``, ``stores/``) as kustomize-controller uses them (``internal/decryptor/decryptor.go``).
"""
