"""The WSGI object that the web line of the Procfile names."""

from __future__ import annotations

import sys

import config
from bot import logs
from bot.app import create_app
from bot.orphans import die_with_server

die_with_server()
logs.set_up()
try:
    app = create_app(config.load())
except config.ConfigError as error:
    sys.exit(str(error))
