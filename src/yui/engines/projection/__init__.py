"""What is coming: population by cohorts, need against supply, and which services keep the size they live on.

The door is ``yui.engines.projection.public``.
"""
