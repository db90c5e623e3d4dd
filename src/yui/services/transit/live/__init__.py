"""What moves: where each car is, the map it is drawn on, and the stream that tells open boards."""
