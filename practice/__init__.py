"""Stand-ins for outside systems, each a process of its own that speaks the real protocol.

They serve the sample prefecture and the tests. Nothing under ``src/yui`` imports them.
"""
