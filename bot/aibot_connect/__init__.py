"""智能机器人 by long connection (vendor's document 101463): one WebSocket that we open, both ways."""
