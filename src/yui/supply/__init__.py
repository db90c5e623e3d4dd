"""Supply moves to demand (需給): who wants what, who can serve it, what was promised, what came of it.

The door is ``yui.supply.public``.
"""
