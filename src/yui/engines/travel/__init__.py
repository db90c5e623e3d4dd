"""How long it takes to get from anywhere to anywhere: on a road network, or by the crow with a factor.

The door is ``yui.engines.travel.public``.
"""
