"""見える化: pages that show published figures, with all it takes to judge them."""
