"""`lsq-import schema`: what a mapping file may hold, for editors."""

import json

from importer.cli.edge import say


def schema() -> None:
    """Print the JSON Schema of mapping files.

    Editors that know YAML check and complete mapping files by it.

    \b
    Example:
      lsq-import schema > mapping.schema.json
    and as the first line of a mapping:
      # yaml-language-server: $schema=mapping.schema.json
    """
    from importer.mapping.model import Mapping

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Mapping.model_json_schema()
    say(json.dumps(schema, indent=2))
