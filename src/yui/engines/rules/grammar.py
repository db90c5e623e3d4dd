"""The grammar of expressions in cards, and the untyped tree it gives."""

from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

RESERVED = frozenset({"and", "or", "not", "otherwise", "nothing"})

# Names may begin with a digit when a letter follows (3歳未満額), since tables of law are named so.
GRAMMAR = r"""
?start: disjunction
_OR.2: /or\b/
_AND.2: /and\b/
_NOT.2: /not\b/
disjunction: conjunction (_OR conjunction)*
conjunction: _negation (_AND _negation)*
_negation: negation | comparison
negation: _NOT _negation
?comparison: sum [COMPARISON sum]
?sum: product
    | sum ADDITIVE product                      -> arithmetic
?product: atom
        | product MULTIPLICATIVE atom           -> arithmetic
?atom: NUMBER                                   -> number
     | NAME "(" disjunction ("," disjunction)* ")" -> call
     | NAME                                     -> name
     | "(" disjunction ")"
COMPARISON: ">=" | "<=" | "!=" | ">" | "<" | "="
ADDITIVE: "+" | "-"
MULTIPLICATIVE: "*" | "/"
NAME: /(?!(?:and|or|not)\b)[0-9]*[^\W\d]\w*/
NUMBER: /[0-9][0-9_]*(\.[0-9]+)?%?(?![\w.])/
%ignore /[ \t\r\n]+/
"""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression as written; ``offset`` is where it begins in the text of the expression."""

    form: str
    offset: int
    text: str = ""
    parts: tuple["Term", ...] = ()


class ExpressionError(ValueError):
    """An expression cannot be read at ``offset``."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(f"The expression cannot be read at character {offset + 1}.")


@v_args(inline=True)
class _Build(Transformer[Token, Term]):
    def number(self, token: Token) -> Term:
        return Term("number", token.start_pos or 0, str(token).replace("_", ""))

    def name(self, token: Token) -> Term:
        return Term("name", token.start_pos or 0, str(token))

    def call(self, token: Token, *arguments: Term) -> Term:
        return Term("call", token.start_pos or 0, str(token), arguments)

    def negation(self, item: Term) -> Term:
        return Term("not", item.offset, parts=(item,))

    def conjunction(self, *items: Term) -> Term:
        return items[0] if len(items) == 1 else Term("and", items[0].offset, parts=items)

    def disjunction(self, *items: Term) -> Term:
        return items[0] if len(items) == 1 else Term("or", items[0].offset, parts=items)

    def comparison(self, left: Term, operator: Token | None = None, right: Term | None = None) -> Term:
        if operator is None or right is None:
            return left
        return Term("compare", operator.start_pos or 0, str(operator), (left, right))

    def arithmetic(self, left: Term, operator: Token, right: Term) -> Term:
        return Term("arithmetic", operator.start_pos or 0, str(operator), (left, right))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


def parse_expression(text: str) -> Term:
    """Reads an expression.

    Raises:
        ExpressionError: the text is not one, with the place where reading stopped.
    Example:
        >>> parse_expression("not 公務員 and 出生順 >= 3").form
        'and'
    """
    try:
        return _Build().transform(_parser().parse(text))
    except UnexpectedInput as error:
        offset = error.pos_in_stream
        raise ExpressionError(len(text) if offset is None or offset < 0 else offset) from error
