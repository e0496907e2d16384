"""A server that can be killed and started again at once: one is forked for each line that is read.

It prints a line for each server, `PID ADDRESS`; what is imported once is there for all.
"""

import os
import signal
import sys
from pathlib import Path

from translator.config import Project
from translator.pipeline.session import Session
from translator.review.server import serve
from translator.review.server.app import application

signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def child(posts):
    """Serve posts until killed."""
    where = serve.listen("", 0)
    who = serve.access(where)
    app = application(Session(Project.of(posts[0]), posts, "echo"), who)
    print(os.getpid(), serve.address(who), flush=True)
    serve.run(app, where)


def main():
    posts = [Path(name) for name in sys.argv[1:]]
    for _ in sys.stdin:
        if os.fork() == 0:
            child(posts)
            os._exit(0)


if __name__ == "__main__":
    main()
