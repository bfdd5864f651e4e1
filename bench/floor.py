"""A page that does nothing, under the same server: what everything else is measured against."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    return '<!DOCTYPE html><html lang="en-GB"><title>Nothing</title><h1>Nothing</h1>'
