"""Holds every results.json that a test makes against docs/results.schema.json. fastjsonschema compiles the schema,
which makes this cheap enough for all of them; tests/reports/test_json.py holds it against jsonschema."""
import functools
import json
import pathlib

import fastjsonschema

SCHEMA = pathlib.Path(__file__).resolve().parent.parent / "docs/results.schema.json"


@functools.lru_cache(None)
def validator():
    return fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")))


def checked(text):
    """The run of a results.json; an exception names what does not fit."""
    run = json.loads(text)
    validator()(run)
    return run
