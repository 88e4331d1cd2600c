"""The data dictionary, printed from the schema that also checks the rows."""

from __future__ import annotations

from review.dataset.load import Review
from review.dataset.schema import Field, Resource, read_schema
from review.markdown import fitted, folded, pipe_table

HEAD = ["Field", "Type", "Meaning"]


def markdown(r: Review) -> str:
    """A section for each resource: what it holds, its key and its fields."""
    parts = []
    for resource in read_schema(r.data).values():
        rows = len(r.tables[resource.name])
        lines = [[f"`{field.name}`" + (" \\*" if field.required else ""), _type(field),
                  _meaning(field, resource)] for field in resource.fields]
        parts.append(
            f"### {resource.title} {{#dictionary-{resource.name} .unnumbered}}\n\n"
            f"{resource.description} File `{resource.path}`, key `"
            f"{'`, `'.join(resource.primary_key)}`, {rows} rows in this edition.\n\n"
            + folded(f"{len(lines)} fields", pipe_table(HEAD, lines, fitted(HEAD, lines,
                                                                            [24, 18, 62])))
        )
    return "Fields marked \\* are required.\n\n" + "\n\n".join(parts)


def _type(field: Field) -> str:
    return f"{field.type}, {field.unit}" if field.unit else field.type


def _meaning(field: Field, resource: Resource) -> str:
    allowed = f" One of: {', '.join(field.allowed)}." if field.allowed else ""
    key = next((other for name, other, _ in resource.foreign_keys if name == field.name), None)
    leads = f" Key of [{key}](#dictionary-{key})." if key else ""
    return f"{field.description}{allowed}{leads} Example: {field.example}."
