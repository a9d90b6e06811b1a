"""Settings of a doccano for one machine: one process, no queue, all data in one folder."""

import os
from pathlib import Path

from config.settings.production import *  # noqa: F403

FOLDER = Path(os.environ["DOCCANO_DATA"])
SECRET_KEY = os.environ["DOCCANO_SECRET_KEY"]
# A page of another site cannot reach it under a name of its own.
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
MEDIA_ROOT = str(FOLDER / "media")
DJANGO_DRF_FILEPOND_FILE_STORE_PATH = MEDIA_ROOT
DJANGO_DRF_FILEPOND_UPLOAD_TMP = str(FOLDER / "uploads")
DJANGO_DRF_FILEPOND_ALLOW_EXTERNAL_UPLOAD_DIR = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / "db.sqlite3"),
        # An upload writes for seconds; a page that saves meanwhile waits.
        "OPTIONS": {"timeout": 120},
    }
}
# Uploads and downloads are tasks; without a queue they end before their request is answered.
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_STORE_EAGER_RESULT = True
# The terminal belongs to the address and the password.
LOGGING["handlers"]["console"] = {  # type: ignore[name-defined]  # noqa: F405
    "class": "logging.FileHandler",
    "filename": FOLDER / "server.log",
    "formatter": "standard",
}
