"""Pictures and files of our own: made, kept under MEDIA_DIR, named by an outbox row."""

from __future__ import annotations

from bot.media import store_picture
from bot.picture import Picture
from domain.office import Office
from domain.outgoing import Attachment
from domain.summary import Summary
from handlers.sentences.board import board
from render.picture import draw
from workers.bootstrap import Parts


def drawn(parts: Parts, office: Office, what: Summary) -> Attachment:
    """The picture of a summary. Raises ``MediaError`` when the disk refuses."""
    shown = board(office, what)
    picture = store_picture(Picture(draw(shown), "image/png", "png", 0, 0), parts.settings.media_dir)
    return Attachment("image", picture.path, f"{shown.title}.png")
