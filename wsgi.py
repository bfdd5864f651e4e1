"""The application for a WSGI server: `gunicorn wsgi:app`."""

import gc
import sys

from compact import create_app
from compact.questionnaire.marked import Mistakes
from compact.web import logs
from config import Refused

# What gunicorn takes as "the application cannot be loaded": it stops instead of trying again for ever.
CANNOT_BE_LOADED = 4

try:
    app = create_app()
except (Refused, Mistakes) as refused:
    print(f"The Compact does not start:\n{refused}", file=sys.stderr)
    raise SystemExit(CANNOT_BE_LOADED) from refused
logs.to_stderr()

# What is loaded by now stays as long as the process. The collector of garbage would go through all of it now
# and then, while somebody waits a fifth of a second longer for a page; and through what a page is drawn from
# several times for each, where some MB of garbage may as well wait.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)
