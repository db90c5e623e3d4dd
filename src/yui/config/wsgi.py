"""Entry point of the web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from yui.engines.dispatch.public import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")
application = get_wsgi_application()

# Before the first request, and before the process that answers it is copied: nobody waits for a compiler.
warm()
# All of it stays: looking through it for garbage would make a request wait for some tenths of a second now and then.
gc.collect()
gc.freeze()
