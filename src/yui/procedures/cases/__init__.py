"""Cases: a life event becomes a notice, an application with everything filled in, and a decision."""
