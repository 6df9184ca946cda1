"""Words that more than one report needs."""


def counted(number: int, what: str) -> str:
    """Say how many there are of something.

    Args:
        number: how many.
        what: one of them.
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
