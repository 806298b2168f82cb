"""`python -m api.work`: the process that works in the background."""

from api.work.service import main

if __name__ == "__main__":
    main()
