"""The kernel: what every public service needs and no service owns. It knows no domain word."""
