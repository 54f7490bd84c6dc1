"""The platform's side of the robot's long connection (DOC 101463): a WebSocket server of its own."""
