"""WeRoBot's own Flask view, encrypted text in, empty reply out. Runs in an environment of its own
(bench/requirements-werobot.txt), because its dependencies are not ours."""

from __future__ import annotations

import os

from flask import Flask
from werobot import WeRoBot
from werobot.contrib.flask import make_view

robot = WeRoBot(
    token=os.environ["WEROBOT_TOKEN"],
    encoding_aes_key=os.environ["WEROBOT_AES_KEY"],
    app_id=os.environ["WEROBOT_APP_ID"],
    SESSION_STORAGE=False,
)


@robot.text  # type: ignore[untyped-decorator]
def nothing(message: object) -> str:  # noqa: ARG001 - the framework's signature
    return ""


app = Flask("werobot")
app.add_url_rule("/robot/", endpoint="werobot", view_func=make_view(robot), methods=["GET", "POST"])
