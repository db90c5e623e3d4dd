"""手続 (procedures): how a life event becomes a notice, an application, a decision, a payment.

This floor stands on the registries and the kernel. It knows what an application, a decision and a
payment are; it does not know any single benefit. The services above it say which rule applies.
"""
