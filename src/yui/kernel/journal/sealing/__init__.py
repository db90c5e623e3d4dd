"""Sealing: entries are hashed into a Merkle tree per body and batch, and each signed head chains to the last."""
