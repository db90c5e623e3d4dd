"""出納 (treasury): the pages on which a body's cashiers pay what was decided."""
