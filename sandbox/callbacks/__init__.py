"""What the platform posts to the bot: encrypted, signed, delivered again when it is not acknowledged."""
