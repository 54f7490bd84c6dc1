"""The sandbox as one Flask application."""

from __future__ import annotations

from flask import Flask, Response

from sandbox.cgi_bin.routes import platform_routes
from sandbox.command_centre import centre_routes
from sandbox.control.routes import control_routes
from sandbox.world import World

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def build_app(world: World) -> Flask:
    """Platform API, control API and the page."""
    app = Flask(__name__, static_folder="page", static_url_path="/page")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 64 * 1024 * 1024
    app.register_blueprint(platform_routes(world))
    app.register_blueprint(control_routes(world))
    app.register_blueprint(centre_routes(world))

    @app.get("/")
    def page() -> Response:
        response = app.send_static_file("index.html")
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return app
