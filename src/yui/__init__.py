"""Yui (結): one platform for Japan's public services, built once and shared.

Floors from top to bottom: config, shell, services, procedures (with supply and evidence), exchange,
registries, identity, kernel, engines. A floor imports only from floors below it.
"""

__version__ = "0.1.0"
