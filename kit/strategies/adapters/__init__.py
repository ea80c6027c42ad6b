"""Real clients behind the protocols, one file a client."""
