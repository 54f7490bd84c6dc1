"""The control API of the sandbox (``/sandbox-api/…``), for its page and for tests."""
