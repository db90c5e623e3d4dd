"""What shared systems cost: who uses what, when, who pays, who loses; and how specialists go round.

The door is ``yui.engines.costing.public``.
"""
