"""`python -m sdkg` is the same as `sdkg`."""

from sdkg.cli import main

main()
