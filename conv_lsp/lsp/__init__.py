"""The language server: the only part of the project that knows the protocol."""
