"""Automata over digits: regular expressions of number metadata to one table of states."""

MAX_DIGITS = 24  # Address::kMaxText


class Nfa:
    """A nondeterministic automaton over digits, built from the regular expressions of the metadata."""

    def __init__(self):
        self.free, self.by_digit, self.tags, self.starts = [], [], {}, []

    def state(self):
        self.free.append([])
        self.by_digit.append({})
        return len(self.free) - 1

    def add(self, pattern, tag, sticky=False):
        """Digit strings that match `pattern` as a whole (sticky: whose beginning does) get `tag`."""
        start, end = self._alternatives(_Cursor(pattern))
        self.starts.append(start)
        self.tags.setdefault(end, []).append(tag)
        if sticky:
            for digit in range(10):
                self.by_digit[end].setdefault(digit, []).append(end)

    def closure(self, states):
        seen, todo = set(states), list(states)
        while todo:
            for other in self.free[todo.pop()]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return frozenset(seen)

    def _alternatives(self, at):
        start, end = self.state(), self.state()
        while True:
            first, last = self._sequence(at)
            self.free[start].append(first)
            self.free[last].append(end)
            if not at.take("|"):
                return start, end

    def _sequence(self, at):
        start = last = self.state()
        while at.more() and at.peek() not in "|)":
            begin = at.position
            piece = self._atom(at)
            least, most = at.repeat()
            behind, ways_out = at.position, []
            for count in range(most):
                if count:
                    at.position = begin
                    piece = self._atom(at)
                if count >= least:
                    ways_out.append(last)
                self.free[last].append(piece[0])
                last = piece[1]
            end = self.state()
            for way in ways_out + [last]:
                self.free[way].append(end)
            last, at.position = end, behind
        return start, last

    def _atom(self, at):
        if at.take("(?:"):
            piece = self._alternatives(at)
            at.expect(")")
            return piece
        digits = at.digits()
        start, end = self.state(), self.state()
        for digit in digits:
            self.by_digit[start].setdefault(digit, []).append(end)
        return start, end


class _Cursor:
    """Reads the part of regular expressions that the metadata uses; anything else is an error."""

    def __init__(self, text):
        self.text, self.position = text, 0

    def more(self):
        return self.position < len(self.text)

    def peek(self):
        return self.text[self.position]

    def take(self, word):
        if not self.text.startswith(word, self.position):
            return False
        self.position += len(word)
        return True

    def expect(self, word):
        if not self.take(word):
            raise ValueError(f"{self.text!r}: no {word!r} at {self.position}")

    def repeat(self):
        if self.take("?"):
            return 0, 1
        if not self.take("{"):
            return 1, 1
        end = self.text.index("}", self.position)
        bounds = self.text[self.position:end].split(",")
        self.position = end + 1
        return int(bounds[0]), int(bounds[-1])

    def digits(self):
        if self.take("\\d"):
            return range(10)
        if self.take("["):
            end = self.text.index("]", self.position)
            inside, digits, i = self.text[self.position:end], set(), 0
            while i < len(inside):
                if inside[i + 1:i + 2] == "-":
                    digits |= set(range(int(inside[i]), int(inside[i + 2]) + 1))
                    i += 3
                else:
                    digits.add(int(inside[i]))
                    i += 1
            self.position = end + 1
            return digits
        digit = int(self.peek())
        self.position += 1
        return {digit}


class Automaton:
    """States shared by all roots: equal ones are one. State 0 leads nowhere."""

    def __init__(self):
        self.index, self.states = {}, []
        self.dead = self.intern(0, (0,) * 10)

    def intern(self, label, successors):
        key = (label, successors)
        if key not in self.index:
            self.index[key] = len(self.states)
            self.states.append(key)
        return self.index[key]

    def add(self, nfa, label_of):
        """The root for `nfa`; label_of(tags, length) says what a string of these tags is."""
        known = {}

        def visit(states, depth):
            key = (states, depth)
            if key not in known:
                tags = [tag for state in states for tag in nfa.tags.get(state, ())]
                successors = []
                for digit in range(10):
                    behind = {s for state in states for s in nfa.by_digit[state].get(digit, ())}
                    alive = behind and depth < MAX_DIGITS
                    successors.append(visit(nfa.closure(behind), depth + 1) if alive else self.dead)
                known[key] = self.intern(label_of(tags, depth), tuple(successors))
            return known[key]

        return visit(nfa.closure(nfa.starts), 0)
