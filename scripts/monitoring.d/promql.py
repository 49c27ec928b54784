"""PromQL expressions, taken apart: which series they select."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import promql_parser as promql

# The scraper's own, or not the same everywhere: what is written on them fits one cluster only.
FORBIDDEN = {"service", "job", "instance", "node", "container", "endpoint"}


@dataclass(frozen=True)
class Selector:
    """`metric{matchers}`, without range and offset; `absent` when the expression asks for its absence."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]
    absent: bool = False

    def __str__(self) -> str:
        inside = ", ".join(f'{name}{op}"{value}"' for name, op, value in self.matchers)
        return f"{self.metric}{{{inside}}}"

    def without(self, label: str) -> "Selector":
        return Selector(self.metric, tuple(m for m in self.matchers if m[0] != label))


def selectors(expr: str) -> list[Selector]:
    return list(_walk(promql.parse(expr), False))


def _walk(node: object, absent: bool) -> Iterator[Selector]:
    match node:
        case promql.VectorSelector():
            pairs = tuple((m.name, OPERATORS[str(m.op)], m.value) for m in node.matchers.matchers)
            yield Selector(node.name, pairs, absent)
        case promql.MatrixSelector():
            yield from _walk(node.vector_selector, absent)
        case promql.Call():
            for argument in node.args:
                yield from _walk(argument, absent or node.func.name.startswith("absent"))
        case promql.BinaryExpr():
            yield from _walk(node.lhs, absent)
            yield from _walk(node.rhs, absent)
        case promql.AggregateExpr():
            yield from _walk(node.expr, absent)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _walk(node.expr, absent)
        case promql.NumberLiteral() | promql.StringLiteral():
            return
        case _:
            raise TypeError(f"{type(node).__name__} isn't known here")


OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}


def grouped_by(expr: str) -> set[str]:
    """The labels that an expression groups or joins by."""
    lists = re.findall(r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)", expr)
    return {label.strip() for inside in lists for label in inside.split(",") if label.strip()}
