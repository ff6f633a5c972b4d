"""Writes `callslot/generated/`: the types of docs/openapi.json and an exception for each problem of docs/errors.md.

`python scripts/generate.py` writes; `--check` fails if what is committed differs, and names the file. A test runs it.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
DOCS = HERE.parent.parent / "docs"
OUTPUT = HERE / "src" / "callslot" / "generated"
HEAD = '"""{title}\n\nMade by scripts/generate.py from docs/{source}; do not edit.\n"""\n\n'
# What a client of one organisation does not meet: the interface for clients of Atoms, and signing in with a browser.
LEFT_OUT = re.compile(r"^(Atoms|Session|SignIn)")
WIDTH = 120

Schema = dict[str, Any]


def main() -> int:
    schemas: dict[str, Schema] = json.loads((DOCS / "openapi.json").read_text())["components"]["schemas"]
    made = {
        OUTPUT / "schema.py": types(schemas),
        OUTPUT / "problems.py": problems((DOCS / "errors.md").read_text()),
    }
    differing = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in differing:
            print(f"{path} differs from docs/; run python scripts/generate.py")
        return 1 if differing else 0
    for path in differing:
        path.write_text(text := made[path])
        print(f"{path}: {len(text.splitlines())} lines")
    return 0


def types(schemas: dict[str, Schema]) -> str:
    """A Literal for each enumeration, a TypedDict for each object, and a name for everything else."""
    kept = {name: schema for name, schema in schemas.items() if not LEFT_OUT.match(name)}
    blocks = [definition(name, kept[name]) for name in in_order(kept)]
    title = "The JSON of the API: its objects as TypedDicts, its enumerations as Literals."
    text = HEAD.format(title=title, source="openapi.json")
    text += "from typing import Literal, TypedDict, Union\n\n" + "\n\n".join(blocks)
    return text.rstrip() + "\n"


def in_order(schemas: dict[str, Schema]) -> list[str]:
    """Each name after those it needs."""
    done: list[str] = []

    def visit(name: str) -> None:
        if name in done or name not in schemas:
            return
        for needed in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schemas[name])):
            if needed != name:
                visit(needed)
        done.append(name)

    for name in sorted(schemas):
        visit(name)
    return done


def definition(name: str, schema: Schema) -> str:
    name = python_name(name)
    about = sentence(schema.get("description", ""))
    if "properties" not in schema:
        comment = f"# {about}\n" if about else ""
        return f"{comment}{name} = {expression(schema)}\n"
    required = set(schema.get("required", []))
    needed = {field: it for field, it in schema["properties"].items() if field in required}
    optional = {field: it for field, it in schema["properties"].items() if field not in required}
    if any(keyword.iskeyword(field) for field in schema["properties"]):
        pairs = "".join(f'        "{field}": {expression(it)},\n' for field, it in schema["properties"].items())
        total = "" if needed and not optional else "    total=False,\n"
        return f'{name} = TypedDict(\n    "{name}",\n    {{\n{pairs}    }},\n{total})\n'
    base, text = "TypedDict", ""
    if needed and optional:
        # `NotRequired` is in the standard library from Python 3.11 on only.
        text, base = f"class _{name}(TypedDict):\n{fields(needed)}\n\n\n", f"_{name}"
    total = ", total=False" if optional else ""
    body = f'    """{about}"""\n\n' if about else ""
    return f"{text}class {name}({base}{total}):\n{body}{fields(optional or needed)}\n"


def fields(properties: dict[str, Schema]) -> str:
    return "\n".join(f"    {field}: {expression(schema)}" for field, schema in properties.items())


def expression(schema: Schema) -> str:
    """The Python type of a schema."""
    if "$ref" in schema:
        return python_name(schema["$ref"].rsplit("/", 1)[1])
    if "enum" in schema:
        return "Literal[" + ", ".join(json.dumps(value) for value in schema["enum"]) + "]"
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return union([expression(one) for one in schema[several]])
    if "allOf" in schema:
        return expression(schema["allOf"][0])
    kinds = schema.get("type", "object")
    return union([of_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def of_kind(kind: str, schema: Schema) -> str:
    match kind:
        case "array":
            return f"list[{expression(schema['items'])}]"
        case "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {expression(values)}]" if isinstance(values, dict) else "dict[str, object]"
        case _:
            return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}[kind]


def union(kinds: list[str]) -> str:
    unique = list(dict.fromkeys(kinds))
    return unique[0] if len(unique) == 1 else f"Union[{', '.join(unique)}]"


def python_name(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split("_"))


def problems(document: str) -> str:
    """An exception for each `## code · status` of docs/errors.md, with what it says."""
    text = HEAD.format(title="An exception for each problem that the server answers with.", source="errors.md")
    text += "from callslot.errors import Refused\n"
    names: dict[str, str] = {}
    for part in document.split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        code, _, status = heading.partition(" · ")
        meaning, _, rest = body.strip().partition("\n\n")
        step = re.search(r"\*\*Next step:\*\* (.*?)(?:\n\n|$)", rest, re.DOTALL)
        said = [wrapped(meaning)] + ([wrapped("Next step: " + step.group(1))] if step else [])
        names[code] = "".join(word.capitalize() for word in code.split("_"))
        about = "\n\n    ".join(said)
        text += f'\n\nclass {names[code]}(Refused):\n    """{about}\n    """\n\n'
        text += f'    code = "{code}"\n    status = {int(status)}\n'
    table = "".join(f'    "{code}": {name},\n' for code, name in names.items())
    return text + f"\n\nBY_CODE: dict[str, type[Refused]] = {{\n{table}}}\n"


def wrapped(text: str) -> str:
    """A paragraph without links, indented and folded."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(text.split()))
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) + 5 > WIDTH - 4:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n    ".join([*lines, line])


def sentence(text: str) -> str:
    """The first sentence of a description."""
    return " ".join(text.split()).split(". ")[0].rstrip(".").replace('"', "'") + "." if text else ""


if __name__ == "__main__":
    sys.exit(main())
