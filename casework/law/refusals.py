"""What the law, or the state of a case, does not allow."""

from casework.law.words import Text


class Refused(Exception):
    """An act that is not allowed; nothing has been stored when it is raised."""

    def __init__(self, sentence: Text, *, law: str = "", field: str | None = None) -> None:
        super().__init__(sentence.zh)
        self.sentence = sentence
        self.law = law
        self.field = field

    def __str__(self) -> str:
        return self.sentence.zh

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by parts: an exception with keyword arguments cannot be rebuilt from ``args`` alone."""
        return _rebuild, (self.sentence, self.law, self.field)


def _rebuild(sentence: Text, law: str, field: str | None) -> Refused:
    return Refused(sentence, law=law, field=field)
