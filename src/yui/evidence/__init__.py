"""見える化: figures that anyone can recompute, and the pictures that show them."""
