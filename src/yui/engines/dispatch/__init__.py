"""Who rides in which car, and when: an exact schedule check, insertion, and ruin and recreate, compiled.

The door is ``yui.engines.dispatch.public``.
"""
