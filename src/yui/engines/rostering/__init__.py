"""Who works which shift when: rosters within contracts and legal rest, their cost, and a bound that no roster beats.

The door is ``yui.engines.rostering.public``.
"""
