"""What crosses the door of ``kernel.text``: messages, decoded files and the refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation and return it unchanged.

    Django's function of this name asks for settings, which a pure function may not have.
    """
    return sentence


@dataclass(frozen=True)
class Message:
    """A sentence for a person, translated only when it is shown.

    Attributes:
        code: Stable name of the situation, for programs and reports.
        text: English sentence, marked for translation where it is written, with ``%(name)s`` places.
        params: What fills the places. Never personal data.
    """

    code: str
    text: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        from django.conf import settings
        from django.utils.translation import gettext

        # Engines, scripts and doctests use these functions without Django settings; they get English.
        sentence = gettext(self.text) if settings.configured else self.text
        return sentence % self.params if self.params else sentence


class TextProblem(ValueError):
    """Text or bytes that cannot be accepted as they are.

    Attributes:
        message: The sentence for a person; ``message.code`` is the stable reason.
    """

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)

    @property
    def code(self) -> str:
        """The stable name of the reason."""
        return self.message.code

    def __str__(self) -> str:
        return str(self.message)
