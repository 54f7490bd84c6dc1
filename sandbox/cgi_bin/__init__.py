"""The platform's own API (``/cgi-bin/…``) as the bot calls it."""
