"""Who gets which seat: deferred acceptance for families, an independent check, an auditor that proves how good it is.

The door is ``yui.engines.placement.public``.
"""
