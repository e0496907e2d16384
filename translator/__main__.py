"""`python -m translator` is `duizhao`."""

from translator.cli import main

main()
