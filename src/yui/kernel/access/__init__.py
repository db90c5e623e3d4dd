"""Access: who acts, and what each page, operation and command demands of them."""
