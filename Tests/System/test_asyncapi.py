"""What docs/asyncapi.yaml says of the events is true of their examples."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text())


def references(node):
    """Every `$ref` below a node."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from references(child)


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_a_reference_leads_somewhere(reference: str):
    node = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        assert name in node, reference
        node = node[name]


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_a_schema_is_one_of_draft_07(name: str):
    """The dialect that AsyncAPI 3.0 builds on, in which the siblings of `$ref` are ignored."""
    schema = DOCUMENT["components"]["schemas"][name]
    Draft7Validator.check_schema(schema)
    for reference in schema.get("properties", {}).values():
        assert "$ref" not in reference or len(reference) == 1, reference


@pytest.mark.parametrize("message", DOCUMENT["components"]["messages"].values(), ids=lambda message: message["name"])
def test_an_example_keeps_its_schema(message: dict):
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    example = json.loads((ROOT / f"Tests/GuichetProtocolTests/Fixtures/{message['name']}.json").read_text())
    Draft202012Validator(schema).validate(example)
    assert message["examples"][0]["payload"] == example
    with pytest.raises(Exception, match="required"):  # The schema is not one that lets everything pass.
        Draft202012Validator(schema).validate({**example, "data": {}})
