"""What live workers of tests run: the site's own tasks and those of the tests."""

from worker.app import app

app.conf.imports = [*app.conf.imports, "tests.running.live_tasks"]

__all__ = ["app"]
