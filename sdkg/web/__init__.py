"""`sdkg serve`: the graph over HTTP. One ASGI application in front, worker processes behind it.

The application holds no store and does no work: it looks at the request, hands a job to a worker (`pool`),
and sends the whole answer (`app.ask`). A job (`jobs`) is a function of a module here, run in a worker that
has the store open; a job past its time ends with its process, the only way to stop the engine.
"""
