"""制度: the programmes that services keep as rule cards, with their cases, and whom a coming date concerns."""
