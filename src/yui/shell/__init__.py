"""The shell: web pages, API and command line around the services."""
