#!/usr/bin/env python3
"""The cases of libphonenumber's PhoneNumberMatcherTest.java (stdin) as JSON, one an object a line.

    {"test": "STRICT_GROUPING_CASES", "region": "US", "text": "(415) 6667777", "number": "(415) 6667777", "begin": 0}

`number` is what the library's default leniency finds in `text`, at `begin` in UTF-16 units; null: it finds nothing. `region` is
null where the test gives none. `possible`: found, but by the most lenient reading alone.
"""

import json
import re
import sys

STRING = r'"(?:[^"\\]|\\.)*"'
# Tables, by what the default leniency (VALID) says of them.
TABLES = {"IMPOSSIBLE_CASES": "none", "POSSIBLE_ONLY_CASES": "possible", "VALID_CASES": "found",
          "STRICT_GROUPING_CASES": "found", "EXACT_GROUPING_CASES": "found"}


def without_comments(java):
    return re.sub(STRING + r"|//[^\n]*|/\*.*?\*/", lambda m: m[0] if m[0][0] == '"' else " ", java, flags=re.DOTALL)


def arguments(text, at):
    """The arguments of the call whose bracket opens at `at`, each as written."""
    found, begin, depth = [], at + 1, 0
    for token in re.finditer(STRING + r"|[(),]", text[at:]):
        place = at + token.start()
        if token[0] == "(":
            depth += 1
        elif token[0] == ")":
            depth -= 1
        if depth == 0 or (depth == 1 and token[0] == ","):
            found.append(text[begin:place].strip())
            begin = place + 1
        if depth == 0:
            return found
    raise ValueError("a call without an end: " + text[at:at + 80])


def calls(text, name):
    return [arguments(text, m.end() - 1) for m in re.finditer(re.escape(name) + r"\s*\(", text)]


def value(expression, names):
    """A string made of literals and names with '+' between; None where something else is in it."""
    out = ""
    for part in re.findall(STRING + r"|[^\s+\"]+", expression):
        if part[0] == '"':
            # Java's escapes are JSON's.
            out += json.loads(part)
        elif part in names:
            out += names[part]
        else:
            return None
    return out


def region_of(expression, names):
    if expression.startswith("RegionCode."):
        code = expression.removeprefix("RegionCode.")
        return None if code == "ZZ" else code
    return names.get(expression)


def main():
    java = without_comments(sys.stdin.read())
    bodies = {m[1]: m[0] for m in re.finditer(r"\n  (?:public|private) [^\n=;{]*?(\w+)\([^{;]*\{.*?\n  \}\n", java, re.DOTALL)}

    def tell(test, text, number, region, expected, begin=None):
        if text is None or (number is None and expected != "none"):
            return
        case = {"test": test, "region": region, "text": text, "number": number if expected != "none" else None,
                "possible": expected == "possible"}
        if number is not None and expected != "none":
            before = text[:text.index(number) if begin is None else begin]
            case["begin"] = len(before.encode("utf-16-le")) // 2
        print(json.dumps(case))

    def contexts_of(body):
        """Name of a list to the pairs of text that stand around the number."""
        lists = {}
        for name, argument in re.findall(rf"(\w+)\.add\(\s*(new NumberContext\((?:{STRING}|[^\")])*\))", body):
            before, after = (value(a, {}) for a in arguments(argument, argument.index("(")))
            lists.setdefault(name, []).append((before, after))
        return lists

    for table, expected in TABLES.items():
        body = re.search(table + r" = \{(.*?)\n  \};", java, re.DOTALL)[1]
        for raw, region in calls(body, "new NumberTest"):
            text = value(raw, {})
            tell(table, text, text, region_of(region, {}), expected)

    around = contexts_of(bodies["findPossibleInContext"])["contextPairs"] + \
        contexts_of(bodies["findValidInContext"])["contextPairs"]
    for test, body in bodies.items():
        if not test.startswith("test"):
            continue
        names = {}
        for name, expression in re.findall(rf"String (\w+) =((?:{STRING}|[^;\"])*);", body):
            code = region_of(expression.strip(), {})
            names[name] = code if code else value(expression, names)
        for raw, region in calls(body, "doTestFindInContext"):
            number = value(raw, names)
            for before, after in around:
                tell(test, before + number + after, number, region_of(region, names), "found", len(before))
        lists = contexts_of(body)
        for given in calls(body, "findMatchesInContexts"):
            number = names[given[4]] if len(given) > 4 else "415-666-7777"
            region = region_of(given[3], names) if len(given) > 4 else "US"
            expected = "found" if given[1] == "true" else "possible" if given[2] == "true" else "none"
            for before, after in lists[given[0]]:
                tell(test, before + number + after, number, region, expected, len(before))
        for _, text, number, region in calls(body, "assertMatchProperties"):
            tell(test, value(text, names), value(number, names), region_of(region, names), "found")
        for given in calls(body, "new PhoneNumberMatch"):
            tell(test, names["text"], value(given[1], names), names["region"], "found", int(given[0]))
        for given in calls(body, "hasNoMatches"):
            asked = calls(given[0], "findNumbers")[0]
            if len(asked) == 2:
                tell(test, value(asked[0], names), None, region_of(asked[1], names), "none")


if __name__ == "__main__":
    main()
