"""Identity: who is at the screen, how sure we are of it, and which rights a body has given them.

Knows accounts and bodies, never residents: a higher floor says which registry person an account is.
"""
