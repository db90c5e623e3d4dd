"""A practice OpenID Provider that behaves like the national digital authentication service.

Same paths, same request rules, same client authentication and signatures as the real one; only the
people are fictional and the card is replaced by a button. See README.md for what is and is not alike.
"""
