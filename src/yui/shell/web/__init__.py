"""Pages: the frame, the components, the public front, error pages and translations."""
