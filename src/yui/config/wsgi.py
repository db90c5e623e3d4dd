"""Entry point of the web process."""

import os

from django.core.wsgi import get_wsgi_application

from yui.engines.dispatch.public import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")
application = get_wsgi_application()

# Before the first request, and before the process that answers it is copied: nobody waits for a compiler.
warm()
