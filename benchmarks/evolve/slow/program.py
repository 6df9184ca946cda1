"""Numbers and words, written without a thought of the time they take."""


def primes(limit):
    """Give the primes below a limit."""
    found = []
    for number in range(2, limit):
        is_prime = True
        for divisor in range(2, number):
            if number % divisor == 0:
                is_prime = False
        if is_prime:
            found.append(number)
    return found


def common(left, right):
    """Give what is in both lists, each once, in the order of the first."""
    shared = []
    for one in left:
        for other in right:
            if one not in shared and one == other:
                shared.append(one)
    return shared


def ordered(words):
    """Sort words by length, then by the alphabet."""
    words = list(words)
    for _ in range(len(words)):
        for at in range(len(words) - 1):
            if (len(words[at]), words[at]) > (len(words[at + 1]), words[at + 1]):
                words[at], words[at + 1] = words[at + 1], words[at]
    return words


def initials(words):
    """Count with which letters words begin."""
    counts = {}
    for word in words:
        letter = word[:1]
        counts[letter] = counts.get(letter, 0) + 1
    return counts
